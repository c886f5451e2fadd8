// The explorer of usage: from the figures of everything into one model, as a file, and back by its address.
import { readFile } from 'node:fs/promises';
import { createAccount, createKey, relay } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

const MODEL = 'claude-explored-1';

test('an operator asks who used what, goes into one model, and takes the figures along', async ({
  page,
  context,
}) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  await createAccount(page, 'Explored account', { model: MODEL });
  const secret = await createKey(page, 'Explored key', { tags: ['explored'] });
  for (const prompt of ['one', 'two', 'three']) expect(await relay(secret, prompt, MODEL)).toBe(200);

  // By keyboard to the page; the figures come by tag, with the table of what is drawn.
  await page.goto(consoleUrl('/dashboard/'));
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('u');
  await expect(page.getByRole('heading', { level: 1, name: 'Usage' })).toBeVisible();
  await page.getByRole('radio', { name: '24 hours' }).click();
  await expect(page.getByRole('radio', { name: '24 hours' })).toBeChecked();
  await page.getByRole('combobox', { name: 'Group by' }).selectOption('Model');
  await expect(page).toHaveURL(/range=24h/);
  await expect(page).toHaveURL(/by=model/);
  const row = page.getByRole('row').filter({ hasText: MODEL });
  await expect
    .poll(async () => {
      await page.getByRole('button', { name: 'Refresh' }).click();
      return row.getByRole('cell', { name: '3', exact: true }).count();
    })
    .toBe(1);
  await expect(page.getByRole('columnheader', { name: 'Cost', exact: true })).toHaveAttribute(
    'aria-sort',
    'descending',
  );
  await expect(page.getByRole('row', { name: /^Total/ })).toContainText('100%');

  // Another measure is another picture of the same rows; the picture says its gist and shows its figures.
  await page
    .getByRole('group', { name: 'Measure' })
    .getByRole('button', { name: /^Requests/ })
    .click();
  const chart = page.getByRole('region', { name: 'Requests by Model (requests)' });
  await expect(chart.getByRole('img', { name: /^Requests by Model: / })).toBeVisible();
  await chart.getByRole('button', { name: 'Show as table' }).click();
  await expect(chart.getByRole('row').filter({ hasText: MODEL })).toContainText('3');

  // Into the model: over time, and then split by key.
  await row.getByRole('button', { name: MODEL }).click();
  await expect(page).toHaveURL(new RegExp(`model=${MODEL}`));
  await expect(page.getByRole('button', { name: 'Clear filter Model' })).toBeVisible();
  await page.getByRole('combobox', { name: 'Split by' }).selectOption('Key');
  await expect(page.getByRole('heading', { name: /^Requests per hour, split by Key/ })).toBeVisible();
  await expect(page.getByText('Explored key').first()).toBeVisible();
  const total = page.getByRole('row', { name: /^Total/ });
  await expect(total.getByRole('cell', { name: '3', exact: true })).toBeVisible();

  // The address is the view: a colleague who opens it sees the same.
  await page.getByRole('button', { name: 'Copy link' }).click();
  await expect(page.getByText('The link to this view is copied')).toBeVisible();
  const link = await page.evaluate(() => navigator.clipboard.readText());
  await page.goto(link);
  await expect(total.getByRole('cell', { name: '3', exact: true })).toBeVisible();
  await expect(page.getByRole('combobox', { name: 'Split by' })).toHaveValue('key');

  // As a file the gateway makes it, with the filters of the page.
  await page.getByRole('button', { name: 'Export' }).click();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    page.getByRole('menuitem', { name: 'CSV' }).click(),
  ]);
  const text = await readFile(await download.path(), 'utf8');
  expect(text).toContain('Explored key');
  expect(text).not.toContain('First key');

  // Three days of data are needed for a look ahead; until then the page says so.
  await expect(
    page.getByText('A forecast to the end of the month comes after three days of data.'),
  ).toBeVisible();
});
