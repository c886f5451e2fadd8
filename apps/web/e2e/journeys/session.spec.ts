// A session ends kindly: told before, put off with one press, and when it is over nothing that was typed is lost.
import { readFileSync } from 'node:fs';
import type { Page } from '@playwright/test';
import { PASSWORD_FILE } from '../../playwright.config.ts';
import { consoleUrl, stack } from '../support/stack.ts';
import { expect, isolatedTest as test, tolerate } from '../support/watched-page.ts';

const password = () => readFileSync(PASSWORD_FILE, 'utf8');

/** A session of this test's own, in the page's cookies. */
async function signIn(page: Page): Promise<void> {
  const { baseUrl, adminUsername } = stack();
  const response = await page.request.post(`${baseUrl}/api/v2/auth/admin/login`, {
    data: { username: adminUsername, password: password() },
    headers: { origin: baseUrl },
  });
  expect(response.ok()).toBe(true);
}

test('when the session is over, whoever signs in again goes on with the form as it was', async ({ page }) => {
  tolerate(page, /Failed to load resource.*(400|401)/);
  await signIn(page);
  await page.goto(consoleUrl('/keys/?new=1'));
  const form = page.getByRole('dialog', { name: 'Create key' });
  await form.getByLabel('Name', { exact: true }).fill('Typed before the end');
  await page.request.post(`${stack().baseUrl}/api/v2/auth/logout`, { headers: { origin: stack().baseUrl } });

  await form.getByRole('button', { name: 'Create key' }).click();
  const again = page.getByRole('dialog', { name: 'Sign in again' });
  await expect(again).toBeVisible();
  // It has the focus, and cannot be passed by.
  await page.keyboard.press('Escape');
  await expect(again).toBeVisible();
  await page.keyboard.type('not the password');
  await page.keyboard.press('Enter');
  await expect(again.getByText('Wrong user name or password')).toBeVisible();
  await again.getByLabel('Password', { exact: true }).fill(password());
  await again.getByRole('button', { name: 'Sign in', exact: true }).click();
  await expect(again).toBeHidden();

  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('Typed before the end');
  await form.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('dialog', { name: /Typed before the end/ })).toBeVisible();
});

test('minutes before its end a session can be kept with one press', async ({ page }) => {
  await signIn(page);
  await page.clock.install();
  await page.goto(consoleUrl('/keys/?new=1'));
  const form = page.getByRole('dialog', { name: 'Create key' });
  await form.getByLabel('Name', { exact: true }).fill('Still here');
  // Twelve hours without use are the limit.
  const bar = page.getByRole('alert').filter({ hasText: 'Your session ends in' });
  // A call that was still under way counts as use: then so much later.
  await expect(async () => {
    await page.clock.fastForward('11:57:00');
    await page.clock.runFor(6000);
    await expect(bar).toContainText(/2:\d\d/, { timeout: 3000 });
  }).toPass();
  await bar.getByRole('button', { name: 'Stay signed in' }).click();
  await page.clock.runFor(6000);
  await expect(bar).toBeHidden();
  await expect(form.getByLabel('Name', { exact: true })).toHaveValue('Still here');
});
