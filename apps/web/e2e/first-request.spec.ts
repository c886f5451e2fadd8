// From nothing to the first answered request and its cost: what a newcomer does in the first minutes.
import { consoleUrl, stack } from './support/stack.ts';
import { expect, test } from './support/watched-page.ts';

const MODEL = 'claude-sonnet-5-5';

test('an account, a key, a request, and what it cost', async ({ page, context }) => {
  await context.grantPermissions(['clipboard-read', 'clipboard-write']);
  const { baseUrl, simulatorUrl } = stack();

  // The empty list explains itself and leads on.
  await page.goto(consoleUrl('/accounts/'));
  await expect(page.getByText('No account yet')).toBeVisible();
  await page.keyboard.press('n');
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /claude-console/ }).click();

  // What is missing is told at its field, before anything is sent.
  await dialog.getByRole('button', { name: 'Add and test' }).click();
  await expect(dialog.getByLabel('Name')).toHaveAttribute('aria-invalid', 'true');
  await expect(dialog.getByLabel('API key')).toHaveAttribute('aria-invalid', 'true');

  await dialog.getByLabel('Name').fill('Console, main');
  await dialog.getByLabel('Base URL').fill(`${simulatorUrl}/as/main`);
  await dialog.getByLabel('API key').fill('sk-ant-api03-browser-test');
  await dialog.getByRole('button', { name: 'Add and test' }).click();
  await expect(dialog.getByText('The account works')).toBeVisible();
  await dialog.getByRole('link', { name: 'Create a key' }).click();

  // The form of a key is open already; its secret is shown once and must be copied.
  await expect(page.getByRole('heading', { name: 'Create key' })).toBeVisible();
  await dialog.getByLabel('Name').fill('First key');
  await dialog.getByRole('button', { name: 'Create key' }).click();
  await expect(page.getByRole('heading', { name: 'Secret of First key' })).toBeVisible();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog.getByText('You have not copied the secret')).toBeVisible();
  await dialog.getByRole('button', { name: 'Copy secret' }).first().click();
  await dialog.getByRole('button', { name: 'Done' }).click();
  await expect(dialog).toBeHidden();
  const secret = await page.evaluate(() => navigator.clipboard.readText());
  expect(secret).toMatch(/^cr_[0-9a-f]{64}$/);
  await expect(page.getByText(secret)).toHaveCount(0);
  expect(page.url()).not.toContain(secret);
  expect(await page.evaluate(() => JSON.stringify([localStorage, sessionStorage]))).not.toContain(secret);

  // A client uses it.
  const answer = await fetch(`${baseUrl}/api/v1/messages`, {
    method: 'POST',
    headers: { 'x-api-key': secret, 'anthropic-version': '2023-06-01', 'content-type': 'application/json' },
    body: JSON.stringify({
      model: MODEL,
      max_tokens: 200,
      messages: [{ role: 'user', content: 'Reply with the word relay' }],
    }),
  });
  expect(answer.status).toBe(200);
  const requestId = answer.headers.get('x-request-id') ?? '';
  const body = (await answer.json()) as { usage: { input_tokens: number; output_tokens: number } };

  // It is on the page within a moment, with its account and its price.
  await page.getByRole('link', { name: 'Requests' }).click();
  const row = page.getByRole('row').filter({ hasText: MODEL });
  await expect(row).toBeVisible();
  await expect(row).toContainText('First key');
  await expect(row).toContainText('Console, main');
  await page.keyboard.press('j');
  await page.keyboard.press('Enter');
  const panel = page.getByRole('dialog');
  await expect(panel.getByText(requestId)).toBeVisible();
  await expect(page).toHaveURL(new RegExp(`id=${requestId}`));

  // Tokens are those that the client was told, and the lines add up to the cost.
  const prices = panel.getByRole('region', { name: 'Usage and cost' });
  const cellsOf = (name: string) =>
    prices.getByRole('row', { name: new RegExp(`^${name}`) }).getByRole('cell');
  await expect(cellsOf('Input').first()).toHaveText(String(body.usage.input_tokens));
  await expect(cellsOf('Output').first()).toHaveText(String(body.usage.output_tokens));
  const costs = await prices.locator('tbody tr td:last-child').allTextContents();
  const total = await prices.locator('tfoot tr:first-child td').textContent();
  const nano = (text: string) => Math.round(Number(text.replace('$', '')) * 1e9);
  expect(costs.map(nano).reduce((sum, cost) => sum + cost, 0)).toBe(nano(total ?? ''));
  expect(nano(total ?? '')).toBeGreaterThan(0);
  await expect(panel.getByRole('region', { name: 'Why this account?' })).toContainText('Chosen');

  // The address alone opens the same.
  await page.reload();
  await expect(page.getByRole('dialog').getByText(requestId)).toBeVisible();
  await page.keyboard.press('Escape');
  await expect(page.getByRole('dialog')).toBeHidden();

  // And it counts on the dashboard.
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await expect(page.getByRole('heading', { level: 1, name: 'Dashboard' })).toBeVisible();
  await expect(page.getByText('Console, main').first()).toBeVisible();
  await expect(page.getByText('First key').first()).toBeVisible();
});
