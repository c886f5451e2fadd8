// Groups: made of accounts, bound to a key, used by it, and not deleted while a key needs them.
import { createAccount, createKey, relay } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

/** Of its own, so that no other test's accounts answer. */
const MODEL = 'claude-grouped-1';
const KEY = 'Key of a team';

test('a group is made, bound to a key, and answers it alone', async ({ page }) => {
  await createAccount(page, 'In the team', { model: MODEL, priority: 60 });
  await createAccount(page, 'Not in the team', { model: MODEL, priority: 1 });
  const secret = await createKey(page, KEY);

  await page.goto(consoleUrl('/accounts/'));
  await expect(page.getByRole('row').filter({ hasText: 'Not in the team' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('g');
  await expect(page.getByRole('heading', { level: 1, name: 'Groups' })).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Team');
  await dialog.getByRole('checkbox', { name: /^In the team/ }).check();
  await dialog.getByRole('button', { name: 'Create group' }).click();
  await expect(dialog).toBeHidden();
  const group = page.getByRole('row').filter({ hasText: 'Team' });
  await expect(group).toContainText('1 account');
  await expect(group).toContainText('In the team');

  await page.goto(consoleUrl(`/keys/?search=${encodeURIComponent(KEY)}`));
  await page.getByRole('row').filter({ hasText: KEY }).focus();
  await page.keyboard.press('e');
  await dialog.getByText('Accounts', { exact: true }).click();
  await dialog.getByLabel('Add a group').selectOption({ label: 'Team' });
  await expect(dialog.getByRole('button', { name: 'Unbind Team' })).toBeVisible();
  await expect(dialog.getByText('requests are refused.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Save key' }).click();
  await expect(dialog).toBeHidden();

  // The other account would come first, but not for this key.
  await expect.poll(() => relay(secret, 'Reply with the word team', MODEL)).toBe(200);
  await page.goto(consoleUrl(`/requests/?search=${encodeURIComponent(KEY)}`));
  const request = page.getByRole('row').filter({ hasText: KEY }).first();
  await expect(request).toContainText('In the team');
  await request.click();
  const decision = dialog.getByRole('region', { name: 'Why this account?' });
  await expect(decision).toContainText('It was the only one at the best priority that could be tried.');
  await expect(decision.getByRole('listitem').filter({ hasText: 'Not in the team' })).toContainText(
    'the key is bound to other accounts',
  );

  // It says who needs it, instead of being deleted.
  await page.goto(consoleUrl('/groups/'));
  await group.getByRole('button', { name: 'Actions of Team' }).click();
  await page.getByRole('menuitem', { name: 'Delete group' }).click();
  await expect(dialog.getByRole('heading', { name: 'Keys are bound to Team' })).toBeVisible();
  await dialog.getByRole('link', { name: KEY }).click();
  await expect(page.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible();
  await expect(dialog.getByRole('link', { name: 'Team' })).toBeVisible();
});

test('a group without keys is deleted after a question; its accounts stay', async ({ page }) => {
  await createAccount(page, 'Outlives its group');
  await page.goto(consoleUrl('/groups/?new=1'));
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Name').fill('Short-lived');
  await dialog.getByRole('checkbox', { name: /^Outlives its group/ }).check();
  await dialog.getByRole('button', { name: 'Create group' }).click();
  const group = page.getByRole('row').filter({ hasText: 'Short-lived' });
  await expect(group).toBeVisible();

  // The account list narrows to it.
  await page.goto(consoleUrl('/accounts/'));
  await page.getByLabel('Groups').selectOption({ label: 'Short-lived' });
  await expect(page.getByRole('row')).toHaveCount(2);
  await expect(page.getByRole('row').last()).toContainText('Outlives its group');

  // A member is switched off and on from here, and taken out.
  await page.goto(consoleUrl('/groups/'));
  await group.click();
  await dialog.getByRole('checkbox', { name: 'Select all members' }).check();
  await dialog.getByRole('button', { name: 'Disable' }).click();
  await expect(dialog.getByText('Disabled')).toBeVisible();
  await dialog.getByRole('checkbox', { name: 'Select all members' }).check();
  await dialog.getByRole('button', { name: 'Take out' }).click();
  await expect(dialog.getByText('It has no members.')).toBeVisible();
  await page.keyboard.press('Escape');

  await group.getByRole('button', { name: 'Actions of Short-lived' }).click();
  await page.getByRole('menuitem', { name: 'Delete group' }).click();
  await expect(dialog.getByText('It has no members.')).toBeVisible();
  await dialog.getByRole('button', { name: 'Delete group' }).click();
  await expect(group).toBeHidden();
  await page.goto(consoleUrl('/accounts/?search=Outlives'));
  await expect(page.getByRole('row').filter({ hasText: 'Outlives its group' })).toBeVisible();
});
