// Taking care of accounts: the page of one, pauses, copies; many at once; and the list narrowed to what is looked for.
import { createAccount, createKey, relay } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

test('the page of an account tells of its day, its failures and changes; it is paused and serves again', async ({
  page,
}) => {
  const model = 'claude-cared-1';
  await createAccount(page, 'Cared for', { faults: 'status=401', priority: 1, model });
  await createAccount(page, 'Beside it', { priority: 2, model });
  const secret = await createKey(page, 'Key of care');
  expect(await relay(secret, 'Reply with the word care', model)).toBe(200);

  await page.goto(consoleUrl('/accounts/?search=Cared'));
  await page.getByRole('button', { name: 'Actions for Cared for' }).click();
  await page.getByRole('menuitem', { name: 'Open as page' }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Cared for' })).toBeVisible();
  await expect(page.getByText('The vendor refuses the credential.')).toBeVisible();
  const day = page.getByRole('region', { name: 'The last 24 hours' });
  await expect(day).toContainText('1 attempt, 1 failed.', { timeout: 15_000 });
  await day.getByRole('button', { name: 'Show as table' }).click();
  await expect(day.getByRole('row').last()).toContainText('Needs login');
  const failures = page.getByRole('region', { name: 'Latest failures' });
  await expect(failures).toContainText('Credential refused');
  await expect(failures).toContainText(model);

  await page.getByRole('button', { name: 'Actions for Cared for' }).click();
  await page.getByRole('menuitem', { name: 'Reset health' }).click();
  await expect(page.getByRole('region', { name: 'Changes of state' })).toContainText('By admin');

  await page.getByRole('button', { name: 'Actions for Cared for' }).click();
  await page.getByRole('menuitem', { name: 'Pause' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: '4 hours', exact: true }).check({ force: true });
  await dialog.getByRole('button', { name: 'Pause', exact: true }).click();
  await expect(page.getByText(/^Paused until /)).toBeVisible();
  await page.getByRole('button', { name: 'Serve again now' }).click();
  await expect(page.getByText('Takes requests.')).toBeVisible();
  await failures.getByRole('link', { name: 'Show request' }).click();
  await expect(page).toHaveURL(/requests\/view/);
});

test('many accounts: the difference is shown before it is made, groups are joined, and all are deleted', async ({
  page,
}) => {
  for (const name of ['Flock, one', 'Flock, two']) await createAccount(page, name);
  await page.goto(consoleUrl('/groups/?new=1'));
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Herd');
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await expect(dialog).toBeHidden();

  await page.goto(consoleUrl('/accounts/?search=Flock'));
  await page.getByRole('checkbox', { name: 'Select all' }).check();
  const bar = page.getByRole('region', { name: 'Selected accounts' });
  await bar.getByRole('button', { name: 'Change…' }).click();
  await dialog.getByRole('checkbox', { name: 'Priority' }).check();
  await dialog.getByRole('textbox', { name: 'Priority' }).fill('33');
  await dialog.getByRole('checkbox', { name: 'Hours of service' }).check();
  await dialog.getByRole('button', { name: 'Add hours' }).click();
  await dialog.getByRole('checkbox', { name: 'Saturday' }).check({ force: true });
  await dialog.getByRole('button', { name: 'Look at the difference' }).click();
  const summary = dialog.getByRole('list', { name: 'What changes' });
  await expect(summary).toContainText('Priority 50 → 33');
  await expect(summary).toContainText('Hours of service at all times → Mon–Sat 09:00–18:00');
  await dialog.getByRole('button', { name: 'Change 2 accounts' }).click();
  await expect(page.getByText('2 accounts changed')).toBeVisible();
  await expect(page.getByRole('textbox', { name: 'Priority of Flock, two' })).toHaveValue('33');

  await bar.getByRole('button', { name: 'Groups' }).click();
  await page.getByRole('checkbox', { name: /^Herd/ }).check();
  await page.getByRole('button', { name: 'Change groups' }).click();
  await expect(page.getByText('Groups of 2 accounts changed')).toBeVisible();
  await page.getByLabel('Groups').selectOption({ label: 'Herd' });
  await expect(page.getByRole('row')).toHaveCount(3);
  await expect(page).toHaveURL(/groupId=/);

  await page.getByRole('checkbox', { name: 'Select all' }).check();
  await bar.getByRole('button', { name: 'Delete' }).click();
  await dialog.getByRole('button', { name: 'Delete 2 accounts' }).click();
  await expect(page.getByText('Nothing matches')).toBeVisible();
});

test('a copy has all but the credential; the list is narrowed by what is shown, in its address', async ({
  page,
}) => {
  await createAccount(page, 'Original', { priority: 77 });
  await page.goto(consoleUrl('/accounts/?search=Original'));
  await page.getByRole('button', { name: 'Actions for Original' }).click();
  await page.getByRole('menuitem', { name: 'Duplicate' }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByLabel('Name')).toHaveValue('Original (copy)');
  await dialog.getByLabel('API key').fill('sk-ant-api03-of-the-copy');
  await dialog.getByRole('button', { name: 'Add and test' }).click();
  await expect(dialog.getByText('The account works')).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(page.getByRole('textbox', { name: 'Priority of Original (copy)' })).toHaveValue('77');

  await page.getByRole('switch', { name: 'Original enabled' }).click();
  await expect(page.getByText('Original disabled')).toBeVisible();
  await page.getByRole('button', { name: 'More filters' }).click();
  await dialog.getByLabel('Takes requests now').click();
  await page.getByRole('option', { name: /^Yes/ }).click();
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page).toHaveURL(/schedulable=true/);
  await page.reload();
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('row').last()).toContainText('Original (copy)');
});
