// The very first sign-in: with the generated password nothing is open but the form that replaces it.
import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { PASSWORD_FILE, SESSION_FILE } from '../playwright.config.ts';
import { consoleUrl, stack } from './support/stack.ts';
import { expect, isolatedTest as test, tolerate } from './support/watched-page.ts';

test('the first sign-in demands a new password and leads on to the page that was asked for', async ({
  page,
}) => {
  const { adminUsername, adminPassword } = stack();
  const chosen = `chosen-${randomBytes(6).toString('hex')}`;
  // Without a session, with a wrong password, with a password to change: the gateway refuses, the browser notes it.
  tolerate(page, /Failed to load resource.*(401|403)/);

  await page.goto(consoleUrl('/accounts/'));
  await expect(page.getByRole('heading', { name: 'Sign in' })).toBeVisible();

  await page.getByLabel('User name').fill(adminUsername);
  await page.getByLabel('Password', { exact: true }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByRole('alert').filter({ hasText: 'Wrong user name or password' })).toBeVisible();

  await page.getByLabel('Password', { exact: true }).fill(adminPassword);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await expect(page.getByText('Choose your own password')).toBeVisible();

  // No other page opens before that.
  await page.goto(consoleUrl('/keys/'));
  await expect(page.getByRole('heading', { name: 'Change password' })).toBeVisible();

  await page.getByLabel('Current password').fill(adminPassword);
  await page.getByLabel('New password', { exact: true }).fill(adminUsername);
  await page.getByLabel('Repeat new password').fill(adminUsername);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByText('The password does not meet the rules yet')).toBeVisible();

  await page.getByLabel('New password', { exact: true }).fill(chosen);
  await page.getByLabel('Repeat new password').fill(chosen);
  await page.getByRole('button', { name: 'Change password' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible();

  const cookies = await page.context().cookies();
  expect(cookies.length).toBeGreaterThan(0);
  expect(cookies.every(({ httpOnly, sameSite }) => httpOnly && sameSite !== 'None')).toBe(true);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(chosen);
  await page.context().storageState({ path: SESSION_FILE });
  writeFileSync(PASSWORD_FILE, chosen);
});
