// Without a mouse: from anywhere to a new key and back, and through a list.
import { createAccount, createGroup, createKey } from '../support/api.ts';
import { consoleUrl, stack } from '../support/stack.ts';
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

test('the palette finds what has a name with one call, a request by its id, and sections, actions and help', async ({
  page,
}) => {
  await createKey(page, 'Zebra crossing');
  await createAccount(page, 'Zebra account');
  await createGroup(page, 'Zebra group');
  const requests = await page.request.get(`${stack().baseUrl}/api/v2/requests?pageSize=1`);
  const { items } = (await requests.json()) as { items: { id: string }[] };
  const id = items[0]?.id ?? '';
  const calls: string[] = [];
  page.on('request', (request) => {
    if (request.url().includes('/api/v2/search')) calls.push(new URL(request.url()).search);
  });
  const palette = page.getByRole('dialog', { name: 'Command palette' });
  const dialog = (name: RegExp | string) => page.getByRole('dialog', { name });
  const ask = async (text: string, found: RegExp) => {
    await page.keyboard.press('Control+k');
    await expect(palette.getByRole('combobox')).toBeFocused();
    // At once: a slow machine would pause between two letters, and rightly be asked twice.
    await page.keyboard.insertText(text);
    // What fits best is chosen already.
    await expect(palette.getByRole('option', { name: found, selected: true })).toBeVisible();
  };

  await page.goto(consoleUrl('/settings/'));
  await expect(page.getByRole('heading', { level: 1, name: 'Settings' })).toBeVisible();
  await ask('zebra', /Zebra crossing/);
  expect(calls).toEqual(['?text=zebra']);
  await expect(palette.getByRole('option', { name: /Zebra group/ })).toBeVisible();
  await page.keyboard.press('ArrowDown');
  await expect(palette.getByRole('option', { name: /Zebra account/, selected: true })).toBeVisible();
  await page.keyboard.press('Enter');
  await expect(dialog(/Zebra account/)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(dialog(/Zebra account/)).toBeHidden();

  await ask(id, new RegExp(id));
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(new RegExp(`/requests/view/\\?id=${id}`));

  await ask('retention', /Retention/);
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/section=retention/);

  await ask('shortcuts', /Keyboard shortcuts/);
  await page.keyboard.press('Enter');
  await expect(dialog('Keyboard shortcuts')).toBeVisible();
  await page.keyboard.press('Escape');

  // Closed without a choice it gives the focus back.
  const opener = page.getByRole('button', { name: 'User menu' });
  await opener.focus();
  await page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await page.keyboard.press('Escape');
  await expect(opener).toBeFocused();

  await ask('create key', /Create key/);
  await page.keyboard.press('Enter');
  await expect(dialog('Create key')).toBeVisible();
});

test('the list of shortcuts names what works here, and each of them does what it says', async ({ page }) => {
  await page.goto(consoleUrl('/keys/'));
  await expect(page.getByRole('table').getByRole('row').nth(1)).toBeVisible();
  await page.keyboard.press('?');
  const list = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await expect(list).toBeVisible();
  const named = await list.getByRole('definition').allInnerTexts();
  const keys = named.map((text) => text.replaceAll(/\s+/g, ' ').trim());
  expect(keys).toEqual(expect.arrayContaining(['Ctrl / ⌘ K', '?', '/', 'n', 'j', 'k', 'Enter', 'x', 'e']));
  await page.keyboard.press('Escape');
  await expect(list).toBeHidden();
  await page.keyboard.press('/');
  await expect(page.getByRole('searchbox')).toBeFocused();
  // Nothing of it while somebody types.
  await page.keyboard.type('n?');
  await expect(page.getByRole('searchbox')).toHaveValue('n?');
  await page.keyboard.press('Escape');
  await page.getByRole('searchbox').blur();
  const sequences = keys.filter((text) => /^g \S$/.test(text));
  expect(sequences.length).toBeGreaterThan(7);
  const seen = new Set<string>();
  for (const sequence of sequences) {
    const before = new URL(page.url()).pathname;
    for (const key of sequence.split(' ')) await page.keyboard.press(key);
    if (sequence === 'g k') continue;
    await expect.poll(() => new URL(page.url()).pathname).not.toBe(before);
    seen.add(new URL(page.url()).pathname);
  }
  expect(seen.size).toBe(sequences.length - 1);
});
