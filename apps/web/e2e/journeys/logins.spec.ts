// Signing in at the vendors: the simulator plays their pages.
import type { Page } from '@playwright/test';
import { consoleUrl } from '../support/stack.ts';
import { expect, test, tolerate } from '../support/watched-page.ts';

/** What a person would copy at the end of the vendor's page: the code on it, or the address it leads to. */
async function signInAt(url: string): Promise<string> {
  const answer = await fetch(url, { redirect: 'manual' });
  const location = answer.headers.get('location');
  if (location !== null) return location;
  return /<code id="code">(?<code>[^<]+)</.exec(await answer.text())?.groups?.['code'] ?? '';
}

async function openWizard(page: Page, kind: string): Promise<void> {
  await page.goto(consoleUrl('/accounts/?new=1'));
  await page
    .getByRole('dialog')
    .getByRole('button', { name: new RegExp(`\\b${kind}\\b.*Sign-in`) })
    .click();
}

async function pageAddress(page: Page): Promise<string> {
  const link = page.getByRole('dialog').getByRole('link', { name: 'Open sign-in page' });
  await expect(link).toHaveAttribute('target', '_blank');
  return (await link.getAttribute('href')) ?? '';
}

test('a Claude account signs in, is renewed, and signs in again when the vendor refuses it', async ({
  page,
  context,
}) => {
  tolerate(page, /status of 400 .*\/exchange/);
  await openWizard(page, 'claude');
  const dialog = page.getByRole('dialog');
  // The terms come first.
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText("Read the vendor's terms above and tick this.")).toBeVisible();
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Continue' }).click();

  // The vendor's page opens beside the console, and shows what to paste.
  await expect(dialog.getByText('Good for 9:5')).toBeVisible();
  const opened = context.waitForEvent('page');
  await dialog.getByRole('link', { name: 'Open sign-in page' }).click();
  const vendor = await opened;
  const code = (await vendor.locator('#code').textContent()) ?? '';
  await vendor.close();

  // What is no code is told at its field and may be mended; a code of another page too.
  const field = dialog.getByLabel('Code or address');
  await field.fill('not a code');
  await dialog.getByRole('button', { name: 'Finish' }).click();
  await expect(dialog.getByText('This is no code.')).toBeVisible();
  await field.fill(`${code}-of-another-page`);
  await field.press('Enter');
  await expect(dialog.getByText('This belongs to another sign-in page.')).toBeVisible();
  await field.fill(`  ${code} `);
  await field.press('Enter');

  await expect(page.getByRole('heading', { name: 'user@example.com was added' })).toBeVisible();
  await expect(dialog.getByText('Max', { exact: true })).toBeVisible();
  await expect(dialog.getByText('by itself, ahead of its end')).toBeVisible();
  await dialog.getByRole('button', { name: 'Run test' }).click();
  await expect(dialog.getByText('The account works')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();

  // Its details: the vendor's windows, the plan, the login and its renewal.
  await page.goto(consoleUrl('/accounts/?kind=claude'));
  const row = page.getByRole('row').filter({ hasText: 'user@example.com' });
  await expect(row.getByRole('progressbar')).toBeVisible();
  await row.getByRole('button', { name: 'user@example.com', exact: true }).click();
  await expect(dialog.getByRole('progressbar', { name: /5 hours/ })).toBeVisible();
  await expect(dialog.getByRole('progressbar', { name: /7 days/ }).first()).toBeVisible();
  await dialog.getByRole('button', { name: 'Renew now' }).click();
  await expect(page.getByText('user@example.com: login renewed')).toBeVisible();

  // The same account with a new login, by another way.
  await dialog.getByRole('button', { name: 'Sign in again' }).click();
  await expect(page.getByRole('heading', { name: 'Sign user@example.com in again' })).toBeVisible();
  await dialog.getByText('Setup token').click();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await field.fill(await signInAt(await pageAddress(page)));
  await field.press('Enter');
  await expect(page.getByRole('heading', { name: 'user@example.com is signed in again' })).toBeVisible();
  await expect(dialog.getByText('not possible: sign in again before its end')).toBeVisible();
});

test('a Google account signs in with a code that serves once, a ChatGPT account with an address', async ({
  page,
}) => {
  const dialog = page.getByRole('dialog');
  const field = dialog.getByLabel('Code or address');
  tolerate(page, /status of 502 .*\/exchange/);
  await openWizard(page, 'gemini');
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: 'Continue' }).click();
  // A code that the vendor does not take uses the page up; another one is begun where one stands.
  const first = await pageAddress(page);
  await field.fill('4/0A-expired');
  await field.press('Enter');
  await expect(dialog.getByText('The vendor did not accept the code.')).toBeVisible();
  await expect(dialog.getByText(/invalid_grant/)).toBeVisible();
  await expect(dialog.getByRole('button', { name: 'Finish' })).toBeDisabled();
  await dialog.getByRole('button', { name: 'Begin anew' }).click();
  await expect(field).toHaveValue('');
  const second = await pageAddress(page);
  expect(second).not.toBe(first);
  await field.fill(await signInAt(second));
  await field.press('Enter');
  await expect(page.getByRole('heading', { name: 'user@example.com was added' })).toBeVisible();

  await openWizard(page, 'codex');
  await dialog.getByRole('checkbox').check();
  await dialog.getByLabel('Name').fill('Codex of the lab');
  await dialog.getByRole('button', { name: 'Continue' }).click();
  await expect(dialog.getByText('http://localhost:1455')).toBeVisible();
  const address = await signInAt(await pageAddress(page));
  expect(address).toMatch(/^http:\/\/localhost:1455\/auth\/callback\?code=/);
  await field.fill(address);
  await field.press('Enter');
  await expect(page.getByRole('heading', { name: 'Codex of the lab was added' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Run test' }).click();
  await expect(dialog.getByText('The account works')).toBeVisible();
});
