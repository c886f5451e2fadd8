// Many keys at once: made from one template, changed after a look at the difference, taken away; and the secret of one
// replaced without a gap.
import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { createKey, relay } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

async function selectAll(page: Page): Promise<void> {
  await page.getByRole('checkbox', { name: /^Select all/ }).check();
}

test('a class gets its keys, its budgets are raised after a look, and then it is over', async ({ page }) => {
  await page.goto(consoleUrl('/keys/?new=1'));
  const form = page.getByRole('dialog');
  await form.getByRole('radio', { name: 'Many keys' }).check();
  await form.getByRole('textbox', { name: 'Name pattern' }).fill('Class {nn}');
  await form.getByRole('textbox', { name: 'Number of keys' }).fill('5');
  await expect(form.getByText('They will be called Class 01 to Class 05.')).toBeVisible();
  await form.getByRole('button', { name: 'Create keys' }).click();

  // The secrets are there once; closing asks before they are saved.
  const secrets = page.getByRole('dialog', { name: '5 keys created' });
  await secrets.getByRole('button', { name: 'Done' }).click();
  await expect(secrets.getByText('You have not saved the secrets')).toBeVisible();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    secrets.getByRole('button', { name: 'Download as CSV' }).click(),
  ]);
  const lines = (await readFile(await download.path(), 'utf8')).trim().split('\r\n');
  expect(lines).toHaveLength(6);
  const secret = lines[5]?.split(',')[2] ?? '';
  expect(lines[5]).toMatch(/^Class 05,/);
  expect(await relay(secret, 'Reply with the word yes')).not.toBe(401);
  await secrets.getByRole('button', { name: 'Done' }).click();
  await expect(secrets).toBeHidden();

  // Three steps: what, to what, and the difference of each key before anything is sent.
  await page.goto(consoleUrl('/keys/?search=Class'));
  await expect(page.getByRole('row').filter({ hasText: 'Class 05' })).toBeVisible();
  await selectAll(page);
  await page.getByRole('button', { name: 'Limits and rules' }).click();
  const edit = page.getByRole('dialog', { name: 'Change 5 keys' });
  await edit.getByRole('checkbox', { name: 'Budgets' }).check();
  await edit.getByRole('button', { name: 'Continue' }).click();
  await edit.getByRole('button', { name: '$5.00 per day' }).click();
  await edit.getByRole('button', { name: 'Look at the difference' }).click();
  await expect(edit.getByText('5 keys change, 0 stay as they are, 0 cannot be changed.')).toBeVisible();
  await expect(edit.getByRole('list', { name: 'What changes' }).getByText('$5.00 per day')).toBeVisible();
  await edit.getByRole('button', { name: 'Change 5 keys' }).click();
  await expect(page.getByText('5 keys changed')).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Class 01' })).toContainText('Budget per day');

  // Tags at once, and back within the notice's time.
  await page.getByRole('button', { name: 'Tags', exact: true }).click();
  const tags = page.getByRole('dialog', { name: 'Change tags' });
  await tags.getByRole('combobox', { name: 'Add' }).fill('course');
  await tags.getByRole('combobox', { name: 'Add' }).press('Enter');
  await tags.getByRole('button', { name: 'Change tags' }).click();
  const row = page.getByRole('row').filter({ hasText: 'Class 03' });
  await expect(row.getByText('course')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).first().click();
  await expect(row.getByText('course')).toBeHidden();

  await selectAll(page);
  await page
    .getByRole('region', { name: 'Selected keys' })
    .getByRole('button', { name: 'Move to trash' })
    .click();
  await expect(page.getByText('5 keys moved to the trash')).toBeVisible();
  await expect.poll(() => relay(secret, 'Reply with the word yes')).toBe(401);
});

test('a secret is replaced while clients change over, and the page of the key tells of it', async ({
  page,
}) => {
  const name = 'Key that rotates';
  const old = await createKey(page, name);
  await page.goto(consoleUrl(`/keys/?search=${encodeURIComponent(name)}`));
  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Replace secret' }).click();
  const dialog = page.getByRole('dialog', { name: `Replace the secret of ${name}` });
  await dialog.getByRole('radio', { name: '1 hour' }).check();
  await dialog.getByRole('button', { name: 'Replace secret' }).click();

  const shown = page.getByRole('dialog', { name: `Secret of ${name}` });
  const secret = await shown.locator('code').first().innerText();
  expect(secret).not.toBe(old);
  await shown.getByRole('radio', { name: 'Codex' }).check();
  await expect(shown.getByText('wire_api = "responses"')).toBeVisible();
  await shown.getByRole('button', { name: 'Done' }).click();
  await shown.getByRole('button', { name: 'Close without copying' }).click();
  for (const each of [old, secret]) expect(await relay(each, 'Reply with the word yes')).not.toBe(401);

  await row.getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Statistics' }).click();
  await expect(page.getByRole('heading', { level: 1, name })).toBeVisible();
  await expect(page.getByText('The secret was replaced; the old one still works')).toBeVisible();
  await expect(page.getByText("Key's secret replaced")).toBeVisible();
  await expect(page.getByRole('heading', { name: /Spend per day by model/ })).toBeVisible();
  await page.getByRole('radio', { name: '90 days' }).click();
  await expect(page).toHaveURL(/days=90/);
});

test('a key that ends is renewed', async ({ page }) => {
  const name = 'Key that ends';
  await createKey(page, name);
  await page.goto(consoleUrl(`/keys/?search=${encodeURIComponent(name)}`));
  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('button', { name }).first().click();
  const sheet = page.getByRole('dialog', { name });
  await sheet.getByRole('button', { name: 'Edit' }).click();
  const form = page.getByRole('dialog', { name: `Edit ${name}` });
  await form.getByRole('radio', { name: 'At a time' }).check();
  await form.getByRole('button', { name: '7 days' }).click();
  await form.getByRole('button', { name: 'Save key' }).click();
  await expect(form).toBeHidden();
  await page.keyboard.press('Escape');
  await row.getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Renew' }).click();
  const dialog = page.getByRole('dialog', { name: `Renew ${name}` });
  await dialog.getByRole('button', { name: '+365 days' }).click();
  await dialog.getByRole('button', { name: 'Renew key' }).click();
  await expect(page.getByText(`${name} renewed`)).toBeVisible();
});

test('lists are narrowed by what is bound and used, and leave as a file', async ({ page }) => {
  const name = 'Key to export';
  await createKey(page, name);
  await page.goto(consoleUrl('/keys/'));
  await page.getByRole('button', { name: 'More filters' }).click();
  await page.getByRole('combobox', { name: 'Use', exact: true }).click();
  await page.getByRole('option', { name: 'Never used' }).click();
  await expect(page).toHaveURL(/neverUsed=true/);
  await page.keyboard.press('Escape');
  await expect(page.getByRole('row').filter({ hasText: name })).toBeVisible();
  for (const [entry, kind] of [
    ['As CSV', 'csv'],
    ['As Excel workbook', 'xlsx'],
  ] as const) {
    await page.getByRole('button', { name: 'Export', exact: true }).click();
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('menuitem', { name: entry }).click(),
    ]);
    expect(download.suggestedFilename()).toMatch(new RegExp(`^keys-.*\\.${kind}$`));
    const bytes = await readFile(await download.path());
    if (kind === 'csv') expect(bytes.toString('utf8')).toContain(name);
    else expect(bytes.subarray(0, 2).toString()).toBe('PK');
  }
});
