// A key with limits: set in the form, seen filling up, and telling what it refused.
import { createAccount, relay } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

const NAME = 'Limited key';
/** Of its own, so that no other test's accounts answer. */
const MODEL = 'claude-limits-1';
/** More than the first request reserves, less than what some dozens of them cost. */
const BUDGET_USD = '0.02';
const MOST_REQUESTS = 150;

test('a budget and a window show their progress after a request, and a spent budget says what it refused', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await createAccount(page, 'Answers limited keys', { model: MODEL });
  await page.goto(consoleUrl('/keys/?new=1'));
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill(NAME);

  await expect(dialog.getByText('no limit', { exact: true })).toHaveCount(2);
  await dialog.getByText('Budgets', { exact: true }).click();
  await dialog.getByRole('button', { name: 'Add budget' }).click();
  await dialog.getByText('Rate windows').click();
  await dialog.getByRole('button', { name: '60 requests per minute' }).click();
  await dialog.getByLabel('Requests of window 1').fill('500');
  // What is missing is told by its line, and nothing is sent.
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(dialog.getByText(/^Budget 1: enter an amount in USD/)).toBeVisible();
  await expect(dialog.getByLabel('USD of budget 1')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('USD of budget 1').fill(BUDGET_USD);
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('heading', { name: `Secret of ${NAME}` })).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy secret' }).first().click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  const secret = await page.evaluate(() => navigator.clipboard.readText());

  // One request: it counts in both, and the list shows the tighter one.
  expect(await relay(secret, 'Reply with the word limited', MODEL)).toBe(200);
  await page.goto(consoleUrl(`/keys/?search=${encodeURIComponent(NAME)}`));
  const row = page.getByRole('row').filter({ hasText: NAME });
  await expect(row.getByRole('progressbar', { name: 'Budget per day' })).toBeVisible();
  await row.getByRole('button', { name: NAME, exact: true }).click();
  const limits = dialog.getByRole('listitem');
  await expect(limits.filter({ hasText: 'Requests per minute' })).toContainText('1 of 500');
  const budget = limits.filter({ hasText: 'Budget per day' });
  await expect(budget).toContainText(/\$0\.00\d+ of \$0\.02/);
  await expect(budget).toContainText('begins anew in');

  let status = 200;
  for (let sent = 0; status === 200 && sent < MOST_REQUESTS; sent += 1) {
    status = await relay(secret, 'Reply with the word limited', MODEL);
  }
  expect(status).toBe(402);

  await page.goto(consoleUrl(`/requests/?status=402&search=${encodeURIComponent(NAME)}`));
  await page.getByRole('row').filter({ hasText: NAME }).first().click();
  await expect(dialog).toContainText('A budget of the key had no room for it.');
  await expect(dialog).toContainText('The key allows');
  await expect(dialog).toContainText('$0.02 per day');
  await expect(dialog).toContainText('Used by then');
  await expect(dialog).toContainText('Frees at');
});
