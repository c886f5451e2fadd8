// A past range is priced again on a running installation: requests go on meanwhile, every reader sees the same money.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runCli } from '../../src/cli/program.ts';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, MODEL, rows, send } from '../relay-client.ts';

const HOUR_MS = 3_600_000;
const UNLISTED = 'claude-sonnet-99';

let gateway: TestGateway;
let behindMs = 2 * HOUR_MS;
const clock = { now: () => Date.now() - behindMs };

beforeAll(async () => {
  gateway = await startTestGateway({ overrides: { clock } });
  await addAccount(gateway);
});
afterAll(() => gateway.close());

function flat(model: string, usd: number) {
  const usdPerMTok = { input: usd, output: usd, cacheWrite5m: usd, cacheWrite1h: usd, cacheRead: usd };
  return { model, provider: 'anthropic' as const, from: '2020-01-01T00:00:00Z', usdPerMTok };
}

async function spend(secret: string, count: number, model = MODEL): Promise<void> {
  const asked = Array.from({ length: count }, (_, index) =>
    send(gateway.url, secret, { body: message(`Question ${index}`, { model }) }),
  );
  for (const answer of await Promise.all(asked)) expect(answer.status).toBe(200);
  await gateway.settled();
}

test('requests that run meanwhile are charged once; lists, figures, budgets and the ledger say the same after it', async () => {
  const { admin, url } = gateway;
  const { secret, id } = await addKey(gateway, {
    rates: { claude: 1.25 },
    budgets: [
      { every: 'month', usd: 100 },
      { every: 'week', usd: 100 },
    ],
    windows: [{ every: 'day', count: 2, usd: 100 }],
  });
  await spend(secret, 20);
  await spend(secret, 6, UNLISTED);
  behindMs = 0;
  const from = new Date(Date.now() - 3 * HOUR_MS).toISOString();
  const to = new Date(Date.now() - HOUR_MS).toISOString();
  // Columns of the past hour are made of the old costs.
  const tenth = { minCostUsd: '0.1', from, to };
  expect((await admin.requests.list({ query: tenth })).total).toBe(0);
  const old = await rows(gateway);
  await admin.pricing.replace({ body: { overrides: [flat(MODEL, 5000), flat(UNLISTED, 9000)] } });
  const { fingerprint, totals } = await admin.pricing.previewReprice({ body: { from, to } });
  expect(totals).toMatchObject({ requests: 26, becamePriced: 6 });

  const replica = await gateway.replica();
  const started = await admin.pricing.startReprice({ body: { fingerprint } });
  expect(started).toMatchObject({ status: 'running', previewed: totals });
  const meanwhile = spend(secret, 12);
  const runOf = async () => (await admin.pricing.repriceRun()).run;
  await expect.poll(async () => (await runOf())?.status, { timeout: 10_000 }).toBe('done');
  await meanwhile;
  expect((await runOf())?.totals).toEqual(totals);

  await gateway.settled();
  const now = await rows(gateway);
  const sum = (items: typeof now): number => items.reduce((total, { costNanoUsd }) => total + costNanoUsd, 0);
  const before = now.filter((row) => old.some(({ id: known }) => known === row.id));
  expect(before).toHaveLength(26);
  expect(sum(before)).toBe(totals.newCostNanoUsd);
  expect(sum(old)).toBe(totals.oldCostNanoUsd);
  for (const { usage, model, costNanoUsd, chargedNanoUsd } of now) {
    const tokens = Object.values(usage).reduce((total, count) => total + count, 0);
    expect(costNanoUsd).toBe(tokens * (model === MODEL ? 5_000_000 : 9_000_000));
    expect(chargedNanoUsd).toBe(Math.floor((costNanoUsd * 5 + 2) / 4));
  }
  // The list by its columns, the key's totals, its budgets and window: of both replicas.
  const charged = now.reduce((total, { chargedNanoUsd }) => total + chargedNanoUsd, 0);
  const key = await admin.keys.get({ params: { id } });
  expect(key.usage.total).toMatchObject({ costNanoUsd: sum(now), chargedNanoUsd: charged });
  expect(
    key.limits.filter(({ limit }) => limit === 'budget' || limit === 'usd').map(({ used }) => used),
  ).toEqual([charged, charged, charged]);
  expect((await admin.requests.list({ query: tenth })).total).toBe(
    before.filter(({ costNanoUsd }) => costNanoUsd >= 100_000_000).length,
  );
  expect(before.some(({ costNanoUsd }) => costNanoUsd >= 100_000_000)).toBe(true);
  expect((await replica.gateway.services.repricing.run())?.status).toBe('done');

  const detail = await admin.requests.get({ params: { id: before[0]?.id ?? '' } });
  expect(detail.original).toMatchObject({
    costNanoUsd: old.find(({ id: known }) => known === detail.id)?.costNanoUsd,
  });
  expect(detail.price.lines.reduce((total, line) => total + line.costNanoUsd, 0)).toBe(detail.costNanoUsd);

  const { items } = await admin.audit.list({ query: { action: 'pricing.reprice_end' } });
  expect(items).toMatchObject([{ actor: { username: 'admin' }, action: 'pricing.reprice_end' }]);
  let out = '';
  const print = (text: string): void => void (out += text);
  const code = await runCli(['ledger', 'verify'], {
    loadConfig: () => gateway.gateway.config,
    out: print,
    err: print,
  });
  expect(out).toMatch(/^Everything agrees/);
  expect(code).toBe(0);
  expect(url).toBe(gateway.url);
});
