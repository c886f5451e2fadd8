// The guide leads to a request that is answered: its snippets run as they are pasted, its test names the true price, and
// it notices the client's first request.
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Page } from '@playwright/test';
import {
  dialectOf,
  type GuideClient,
  suggestedModel,
  type Variant,
  variantOf,
} from '../../src/features/setup/clients';
import { guideSteps, type Step } from '../../src/features/setup/snippets';
import { createKey, createVendorAccount, relay } from '../support/api.ts';
import { consoleUrl, stack } from '../support/stack.ts';
import { expect, test } from '../support/watched-page.ts';

const run = promisify(execFile);

function stepsOf(client: GuideClient, wanted: Variant | null, key: string): Step[] {
  const variant = variantOf(client, wanted);
  const model = suggestedModel(dialectOf(client, variant), null);
  return guideSteps({ client, variant, shell: 'posix', baseUrl: stack().baseUrl, key, model });
}

function codeOf(steps: readonly Step[], name: string): string {
  const step = steps.find((one) => one.name === name);
  if (step === undefined || step.type === 'fields') throw new Error(`no code in ${name}`);
  return step.code;
}

/** The newest request of the key of this name as the gateway has it on its books. */
async function newestOf(page: Page, keyName: string) {
  const response = await page.request.get(
    `${stack().baseUrl}/api/v2/requests?search=${keyName}&pageSize=100`,
  );
  const { items } = (await response.json()) as { items: { keyName: string; chargedNanoUsd: number }[] };
  return items.filter((item) => item.keyName === keyName);
}

/** Accounts of every vendor, made once; a key that reaches them. */
async function keyForAll(page: Page, name: string): Promise<string> {
  await createVendorAccount(page, 'openai', `OpenAI for ${name}`);
  await createVendorAccount(page, 'gemini-api', `Gemini for ${name}`);
  return createKey(page, name);
}

const hasCurl = spawnSync('curl', ['--version']).status === 0;

test('cURL as it is pasted into a shell is answered in every dialect', async ({ page }) => {
  test.skip(!hasCurl, 'there is no curl here');
  const key = await keyForAll(page, 'Key for cURL');
  for (const variant of ['messages', 'chat', 'responses', 'gemini'] as const) {
    const command = codeOf(stepsOf('curl', variant, key), 'request');
    const { stdout } = await run('sh', ['-c', command.replace(/^curl /, 'curl -sS --fail-with-body ')]);
    const answer: unknown = JSON.parse(stdout);
    expect(JSON.stringify(answer), variant).toMatch(/input_tokens|prompt_tokens|promptTokenCount/);
  }
});

test('the programs for Node.js print an answer', async ({ page }) => {
  test.setTimeout(90_000);
  const key = await keyForAll(page, 'Key for programs');
  // Beside the packages: that is where a program finds them.
  const folder = mkdtempSync(join(import.meta.dirname, '../../../gateway/node_modules/.guide-'));
  try {
    for (const client of ['anthropic-sdk', 'openai-sdk', 'google-genai'] as const) {
      const steps = stepsOf(client, 'node', key);
      writeFileSync(join(folder, 'hello.mjs'), codeOf(steps, 'program'));
      const script = `${codeOf(steps, 'environment')}\n${codeOf(steps, 'run')}`;
      const { stdout } = await run('sh', ['-c', script], { cwd: folder });
      expect(stdout.trim(), client).not.toMatch(/^(undefined)?$/);
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test('a key is pasted, tried with its price, and the first request of the client is noticed', async ({
  page,
  context,
}) => {
  const name = 'KeyOfTheNewcomer';
  const key = await createKey(page, name);
  // Whoever was only given a key: no session, a public page.
  const newcomer = await context
    .browser()
    ?.newContext({ locale: 'en-US', storageState: { cookies: [], origins: [] } });
  if (newcomer === undefined) throw new Error('no browser');
  const guide = await newcomer.newPage();
  await guide.goto(consoleUrl('/setup/?client=claude-code&shell=posix'));
  await expect(guide.getByRole('heading', { level: 1, name: 'Setup guide' })).toBeVisible();
  await expect(guide.getByText('YOUR_RELAY_KEY').first()).toBeVisible();

  await guide.getByLabel('Relay key').fill('cr_wrong-but-whole');
  await expect(guide.getByText('No key of this gateway has this secret.')).toBeVisible();
  await guide.getByLabel('Relay key').fill(key);
  await expect(guide.getByText('Waiting for your first request')).toBeVisible();
  const code = guide.getByLabel('For this window', { exact: true });
  await expect(code).toContainText(`export ANTHROPIC_BASE_URL='${stack().baseUrl}/api'`);
  await expect(code).toContainText(`export ANTHROPIC_AUTH_TOKEN='${key}'`);
  await guide.getByLabel('Base URL').fill('https://relay.example/');
  await expect(code).toContainText(`'https://relay.example/api'`);
  expect(guide.url()).not.toContain(key);

  await guide.getByRole('button', { name: 'Send a test request' }).click();
  await expect(guide.getByText(/^It cost \$0\.\d+$/)).toBeVisible({ timeout: 25_000 });
  const [tested] = await newestOf(page, name);
  const told = (await guide.getByText(/^It cost \$/).textContent()) ?? '';
  expect(Number(told.replace('It cost $', ''))).toBeCloseTo((tested?.chargedNanoUsd ?? 0) / 1e9, 9);
  await expect(guide.getByText('Waiting for your next request')).toBeVisible();

  expect(await relay(key, 'Reply with the word hello')).toBe(200);
  await expect(guide.getByText('Your request arrived')).toBeVisible({ timeout: 20_000 });

  await guide.getByRole('link', { name: 'Key status' }).first().click();
  await expect(guide.getByRole('heading', { level: 1, name: 'Key status' })).toBeVisible();
  await newcomer.close();
});

test('a key tells its own state; several side by side, remembered only where that was asked for', async ({
  page,
}) => {
  const response = await page.request.post(`${stack().baseUrl}/api/v2/keys`, {
    data: { name: 'Status with a budget', budgets: [{ every: 'day', usd: 2 }] },
    headers: { origin: stack().baseUrl },
  });
  const { secret } = (await response.json()) as { secret: string };
  const other = await createKey(page, 'Status without limits');
  expect(await relay(secret, 'Reply with the word yes')).toBe(200);

  await page.goto(consoleUrl('/key-status/'));
  await page.getByLabel('Relay key').fill(secret);
  await page.getByRole('button', { name: 'Show', exact: true }).click();
  const card = page.getByRole('article', { name: 'Status with a budget' });
  await expect(card.getByText('Budget per day')).toBeVisible();
  await expect(card.getByText(/begins anew in \d/)).toBeVisible();
  await expect(card.getByRole('cell', { name: 'claude-haiku-5-5' })).toBeVisible();
  expect(page.url()).not.toContain(secret);
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(secret);

  await page.getByLabel('Relay key').fill(other);
  await page.getByRole('button', { name: 'Add' }).click();
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.getByRole('checkbox', { name: 'Remember on this device' }).check();
  await page.reload();
  await expect(page.getByRole('article')).toHaveCount(2);
  await page.getByRole('checkbox', { name: 'Remember on this device' }).uncheck();
  expect(await page.evaluate(() => JSON.stringify(localStorage))).not.toContain(secret);
  await page.getByRole('button', { name: 'Take Status without limits off this page' }).click();
  await expect(page.getByRole('article')).toHaveCount(1);
  await page.reload();
  await expect(page.getByText('No key yet')).toBeVisible();
});
