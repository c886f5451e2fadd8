// Running accounts: order, switch, test, health, and what the list says of each.
import { createAccount, createKey, relay } from '../support/api.ts';
import { consoleUrl, stack } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

test('priority is changed in the row and undone; what is no number is not taken', async ({ page }) => {
  await createAccount(page, 'Order', { priority: 70 });
  await page.goto(consoleUrl('/accounts/'));
  const priority = page.getByRole('textbox', { name: 'Priority of Order' });

  await priority.fill('not a number');
  await expect(priority).toHaveAttribute('aria-invalid', 'true');
  await priority.press('Escape');
  await expect(priority).toHaveValue('70');

  await priority.fill('15');
  await priority.press('Enter');
  await expect(page.getByText('Order: priority 15')).toBeVisible();
  await page.reload();
  await expect(priority).toHaveValue('15');

  await priority.fill('16');
  await priority.press('Enter');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(priority).toHaveValue('15');
});

test('an account is edited without its credential and still works; a failing test says why and what to do', async ({
  page,
}) => {
  await createAccount(page, 'Edited');
  await page.goto(consoleUrl('/accounts/'));
  const row = page.getByRole('row').filter({ hasText: 'Edited' });
  await row.focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('API key')).toHaveValue('');
  await dialog.getByLabel('Name').fill('Edited twice');
  await dialog.getByText('Order and load').click();
  await dialog.getByLabel('Requests at once').fill('7');
  // Leaving by accident asks first.
  await page.keyboard.press('Escape');
  await expect(page.getByRole('heading', { name: 'Discard the changes?' })).toBeVisible();
  await page.getByRole('button', { name: 'Cancel' }).last().click();
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();

  const renamed = page.getByRole('row').filter({ hasText: 'Edited twice' });
  await expect(renamed).toContainText('0 / 7');
  await renamed.getByRole('button', { name: 'Actions for Edited twice' }).click();
  await page.getByRole('menuitem', { name: 'Test connection' }).click();
  await expect(dialog.getByText('The account works')).toBeVisible();
  await dialog.getByRole('button', { name: 'Close' }).last().click();

  // Now its address refuses the key.
  await renamed.focus();
  await page.keyboard.press('e');
  await dialog.getByLabel('Base URL').fill(`${stack().simulatorUrl}/faults/status=401`);
  await dialog.getByRole('button', { name: 'Save changes' }).click();
  await expect(dialog).toBeHidden();
  await renamed.getByRole('button', { name: 'Actions for Edited twice' }).click();
  await page.getByRole('menuitem', { name: 'Test connection' }).click();
  await expect(dialog.getByText('The account does not work')).toBeVisible();
  await expect(dialog).toContainText('401');
  await expect(dialog).toContainText('The credential is wrong, expired or revoked');
});

test('a failing account is passed over, shows its state, and is deleted only after a question', async ({
  page,
}) => {
  // A model of its own: requests of other tests do not touch these accounts.
  const model = 'claude-failover-1';
  await createAccount(page, 'Failing', { faults: 'status=401', priority: 1, model });
  await createAccount(page, 'Standing in', { priority: 2, model });
  const secret = await createKey(page, 'Key of failover');
  expect(await relay(secret, 'Reply with the word over', model)).toBe(200);

  await page.goto(consoleUrl('/accounts/?search=Failing'));
  const row = page.getByRole('row').filter({ hasText: 'Failing' });
  await expect(row).toContainText('Needs login');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog');
  await expect(panel.getByText('The vendor refuses the credential.')).toBeVisible();

  // The request shows both attempts, and why.
  await panel.getByRole('link', { name: 'Show requests' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Requests' })).toBeVisible();
  await page.goto(consoleUrl('/requests/?search=Key%20of%20failover'));
  await page.getByRole('row').filter({ hasText: 'Key of failover' }).click();
  const attempts = panel.getByRole('region', { name: 'Attempts' }).getByRole('listitem');
  await expect(attempts).toHaveCount(2);
  await expect(attempts.first()).toContainText('Failing');
  await expect(attempts.first()).toContainText('Failed');
  await expect(attempts.last()).toContainText('Standing in');

  await page.goto(consoleUrl('/accounts/?search=Failing'));
  await row.getByRole('button', { name: 'Actions for Failing' }).click();
  await page.getByRole('menuitem', { name: 'Delete account' }).click();
  await expect(panel.getByRole('heading', { name: 'Delete Failing?' })).toBeVisible();
  await panel.getByRole('button', { name: 'Delete account' }).click();
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('several accounts are selected by keyboard and switched at once', async ({ page }) => {
  await createAccount(page, 'Pair, one');
  await createAccount(page, 'Pair, two');
  await page.goto(consoleUrl('/accounts/'));
  await expect(page.getByRole('row').filter({ hasText: 'Pair, one' })).toBeVisible();
  await page.keyboard.press('/');
  await page.keyboard.type('pair,');
  const rows = page.getByRole('row').filter({ hasText: 'Pair,' });
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(page).toHaveURL(/search=pair/);

  await page.keyboard.press('Tab');
  await rows.first().focus();
  for (const key of ['x', 'j', 'x']) await page.keyboard.press(key);
  const bar = page.getByRole('region', { name: 'Selected accounts' });
  await expect(bar).toContainText('2 accounts selected');
  await bar.getByRole('button', { name: 'Disable' }).click();
  await expect(rows.filter({ hasText: 'Disabled' })).toHaveCount(2);
  await expect(bar).toBeHidden();
  await page.reload();
  await expect(rows.filter({ hasText: 'Disabled' })).toHaveCount(2);
});
