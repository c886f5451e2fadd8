// Prices: a model without one is named, gets one, costs that, and goes back; a price that is to come is announced.
import { createAccount, createKey, relay, setPastPrice } from '../support/api.ts';
import { consoleUrl } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

// Prices are one document: a change on what another test has changed meanwhile would be refused.
test.describe.configure({ mode: 'serial' });

/** Of its own, so that nobody else's requests cost anything else. */
const MODEL = 'claude-priced-1';

test('a model without a price is named first, gets one, and the request says so', async ({ page }) => {
  await createAccount(page, 'For prices', { model: MODEL });
  const secret = await createKey(page, 'Key for prices');
  expect(await relay(secret, 'How much?', MODEL)).toBe(200);

  await page.goto(consoleUrl('/groups/'));
  await expect(page.getByRole('heading', { level: 1, name: 'Groups' })).toBeVisible();
  await page.keyboard.press('g');
  await page.keyboard.press('p');
  await expect(page.getByRole('heading', { level: 1, name: 'Pricing' })).toBeVisible();
  const unpriced = page.getByRole('region', { name: /without a price/ });
  await expect(unpriced.getByRole('listitem').filter({ hasText: MODEL })).toContainText('1 request');
  await unpriced.getByRole('button', { name: `Set price of ${MODEL}` }).click();

  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Input').fill('-1');
  await dialog.getByLabel('Output').fill('2.5');
  await dialog.getByRole('button', { name: 'Save override' }).click();
  await expect(dialog.getByLabel('Input')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Input').fill('1.000001');
  await expect(dialog.getByRole('region', { name: 'Against the price in force' })).toContainText('$1.000001');
  await dialog.getByRole('button', { name: 'Save override' }).click();
  await expect(dialog).toBeHidden();
  await expect(unpriced.getByRole('listitem').filter({ hasText: MODEL })).toBeHidden();

  await page.getByRole('searchbox', { name: 'Search models' }).fill(MODEL);
  const row = page.getByRole('row').filter({ hasText: MODEL });
  await expect(row).toContainText('Overridden');
  await expect(row).toContainText('$1.000001');
  await expect(row).toContainText('$2.50');
  expect(await relay(secret, 'And now?', MODEL)).toBe(200);
  await page.goto(consoleUrl(`/requests/?search=${MODEL}`));
  await page.getByRole('table').getByRole('row').nth(1).click();
  await expect(dialog).toContainText('1.000001');
});

test('a price to come is announced with its change, and can be withdrawn', async ({ page }) => {
  await page.goto(consoleUrl('/pricing/?search=claude-3-haiku-20240307&provider=anthropic'));
  const row = page.getByRole('row').filter({ hasText: 'claude-3-haiku-20240307' });
  await row.focus();
  await page.keyboard.press('e');
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Input').fill('0.5');
  await expect(dialog.getByRole('region', { name: 'Against the price in force' })).toContainText('+100%');
  await dialog.getByRole('radio', { name: 'At a time' }).check({ force: true });
  await dialog.getByRole('textbox', { name: 'Time' }).fill('2031-01-31T12:00');
  await dialog.getByRole('button', { name: 'Save override' }).click();
  await expect(dialog).toBeHidden();
  await expect(row).toContainText('Scheduled');
  await expect(row).toContainText('$0.25');

  await row.click();
  await expect(dialog.getByRole('heading', { name: 'Price history' })).toBeVisible();
  await expect(dialog).toContainText('$0.50');
  await dialog.getByRole('button', { name: /^Withdraw the override from/ }).click();
  await page
    .getByRole('dialog', { name: /Withdraw this override/ })
    .getByRole('button', { name: 'Withdraw' })
    .click();
  await expect(page.getByText('Override withdrawn', { exact: true })).toBeVisible();
  await expect(dialog).toContainText('withdrawn by admin');
  await page.keyboard.press('Escape');
  await expect(row).not.toContainText('Scheduled');
});

test('rates are set by service', async ({ page }) => {
  await page.goto(consoleUrl('/pricing/'));
  await page.getByRole('button', { name: 'Rates' }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel('Gemini').fill('1001');
  await dialog.getByRole('button', { name: 'Save rates' }).click();
  await expect(dialog.getByLabel('Gemini')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Gemini').fill('1.25');
  await dialog.getByRole('button', { name: 'Save rates' }).click();
  await expect(dialog).toBeHidden();
  await page.reload();
  await page.getByRole('button', { name: 'Rates' }).click();
  await expect(dialog.getByLabel('Gemini')).toHaveValue('1.25');
});

test('a past range is priced again: the difference first, then the run, then the audit trail', async ({
  page,
}) => {
  const model = 'claude-repriced-1';
  await createAccount(page, 'For past prices', { model });
  const secret = await createKey(page, 'Key with a past');
  for (const prompt of ['One', 'Two', 'Three']) expect(await relay(secret, prompt, model)).toBe(200);
  await setPastPrice(page, model, 9000);

  await page.goto(consoleUrl('/pricing/'));
  await page.getByRole('button', { name: 'Re-price' }).click();
  const dialog = page.getByRole('dialog', { name: 'Price a past range again' });
  const until = await dialog.getByLabel('Until').inputValue();
  await dialog.getByLabel('Until').fill('2020-01-01T00:00');
  await dialog.getByRole('button', { name: 'Preview the difference' }).click();
  await expect(dialog.getByLabel('Until')).toHaveAttribute('aria-invalid', 'true');
  await dialog.getByLabel('Until').fill(until);
  await dialog.getByLabel('Models').fill(model);
  await page.keyboard.press('Enter');
  await dialog.getByRole('button', { name: 'Preview the difference' }).click();
  const line = dialog.getByRole('region', { name: 'By model' }).getByRole('row').filter({ hasText: model });
  await expect(line).toContainText('+$');
  await expect(dialog.getByRole('region', { name: 'By key' })).toContainText('Key with a past');
  await dialog.getByRole('button', { name: 'Re-price…' }).click();
  const question = page.getByRole('dialog', { name: 'Re-price 3 requests?' });
  await expect(question).toContainText('Cost changes by +$');
  await question.getByRole('button', { name: 'Re-price 3 requests' }).click();
  await expect(dialog.getByText('The range is re-priced')).toBeVisible();
  await expect(dialog).toContainText('3 requests changed: cost +$');
  await dialog.getByRole('link', { name: 'Show in audit' }).click();
  await expect(page.getByRole('row').filter({ hasText: 'Re-pricing ended' })).toBeVisible();
  await page.goto(consoleUrl(`/requests/?search=${model}`));
  await page.getByRole('table').getByRole('row').nth(1).click();
  await expect(page.getByRole('dialog')).toContainText('Re-priced; first charged');
});
