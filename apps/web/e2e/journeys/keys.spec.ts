// Taking a key away and giving it back: each step holds at once for whoever uses the key.
import { createKey, relay } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

test('a key that is disabled, deleted or restored is refused or served from that moment on', async ({
  page,
}) => {
  const name = 'Key to take away';
  const secret = await createKey(page, name);
  // Served or not is told by the status alone: 401 is the refusal of the key.
  const isKnown = async () => (await relay(secret, 'Reply with the word yes')) !== 401;
  expect(await isKnown()).toBe(true);

  await page.goto(consoleUrl('/keys/'));
  const row = page.getByRole('row').filter({ hasText: name });
  await row.getByRole('switch', { name: `${name} is enabled` }).click();
  await expect(row.getByText('Disabled')).toBeVisible();
  // The row is ahead of the gateway; the notice comes once it has taken the change, and from then on it holds.
  await expect(page.getByText(`${name} disabled`)).toBeVisible();
  expect(await isKnown()).toBe(false);

  await page.getByRole('button', { name: 'Undo' }).click();
  await expect(row.getByText('Active')).toBeVisible();
  await expect.poll(isKnown).toBe(true);

  await row.getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await expect(page.getByText(`${name} moved to the trash`)).toBeVisible();
  await expect(row).toBeHidden();
  expect(await isKnown()).toBe(false);

  await page.getByRole('radio', { name: 'Trash' }).click();
  const deleted = page.getByRole('row').filter({ hasText: name });
  await deleted.getByRole('button', { name: 'Restore' }).click();
  await expect(page.getByText(`${name} restored`)).toBeVisible();
  await expect(deleted).toBeHidden();
  expect(await isKnown()).toBe(true);

  // For good only after its name was typed.
  await page.getByRole('radio', { name: 'Active' }).click();
  await row.getByRole('button', { name: `Actions of ${name}` }).click();
  await page.getByRole('menuitem', { name: 'Move to trash' }).click();
  await page.getByRole('radio', { name: 'Trash' }).click();
  await deleted.getByRole('button', { name: `Delete ${name} for good` }).click();
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('button', { name: 'Delete for good' })).toBeDisabled();
  await dialog.getByRole('textbox').fill(name);
  await dialog.getByRole('button', { name: 'Delete for good' }).click();
  await expect(deleted).toBeHidden();
  expect(await isKnown()).toBe(false);
});
