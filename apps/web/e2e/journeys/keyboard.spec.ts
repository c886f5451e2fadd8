// Without a mouse: from anywhere to a new key and back, and through a list.
import { createAccount, createKey } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

test('palette, keys, a new key, its secret, and closed again', async ({ page }) => {
  await page.goto(consoleUrl('/dashboard/'));
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.type('keys');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('heading', { level: 1, name: 'Keys' })).toBeVisible();
  await expect(palette).toBeHidden();

  await page.keyboard.press('n');
  const form = page.getByRole('dialog', { name: 'Create key' });
  await expect(form.getByLabel('Name', { exact: true })).toBeFocused();
  await page.keyboard.type('Key made by keyboard');
  await page.keyboard.press('Enter');
  const secret = page.getByRole('dialog', { name: /Key made by keyboard/ });
  await expect(secret).toBeVisible();
  // Closing uncopied asks once more; the focus is inside all the time.
  const done = secret.getByRole('button', { name: 'Done' });
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(done).toBeFocused({ timeout: 50 });
  }).toPass();
  await page.keyboard.press('Enter');
  const anyway = secret.getByRole('button', { name: 'Close without copying' });
  await expect(async () => {
    await page.keyboard.press('Tab');
    await expect(anyway).toBeFocused({ timeout: 50 });
  }).toPass();
  await page.keyboard.press('Enter');
  await expect(secret).toBeHidden();
  await expect(page.getByRole('row').filter({ hasText: 'Key made by keyboard' })).toBeVisible();
});

test('j, k, Enter and e walk through a list, open a row and edit it', async ({ page }) => {
  for (const letter of ['A', 'B', 'C']) await createKey(page, `Walked ${letter}`);
  await page.goto(consoleUrl('/keys/?search=Walked&sort=name'));
  const rows = page.getByRole('table').getByRole('row');
  await expect(rows).toHaveCount(4);
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('j');
  await page.keyboard.press('k');
  await expect(rows.filter({ hasText: 'Walked B' })).toBeFocused();
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog', { name: 'Walked B' });
  await expect(sheet).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(sheet).toBeHidden();
  await expect(rows.filter({ hasText: 'Walked B' })).toBeFocused();
  await page.keyboard.press('e');
  const form = page.getByRole('dialog', { name: 'Edit Walked B' });
  await expect(form).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(form).toBeHidden();
});

test('the palette finds keys, accounts and requests on the gateway, and acts', async ({ page }) => {
  await createKey(page, 'Zebra crossing');
  await createAccount(page, 'Zebra account');
  await page.goto(consoleUrl('/settings/'));
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await page.keyboard.press('Control+k');
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  await page.keyboard.type('zebra');
  await expect(palette.getByRole('option', { name: /Zebra crossing/ })).toBeVisible();
  await palette.getByRole('option', { name: /Zebra account/ }).click();
  await expect(page.getByRole('dialog', { name: /Zebra account/ })).toBeVisible();
  await page.keyboard.press('Escape');

  const requests = await page.request.get(consoleUrl('/').replace('/web/', '/api/v2/requests?pageSize=1'));
  const { items } = (await requests.json()) as { items: { id: string }[] };
  const id = items[0]?.id ?? '';
  await page.keyboard.press('Control+k');
  await page.keyboard.insertText(id);
  await expect(palette.getByRole('option', { name: new RegExp(id) })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/requests/\\?id=${id}`));
  await page.keyboard.press('Escape');

  await page.keyboard.press('Control+k');
  await page.keyboard.type('create key');
  await page.keyboard.press('Enter');
  await expect(page.getByRole('dialog', { name: 'Create key' })).toBeVisible();
});
