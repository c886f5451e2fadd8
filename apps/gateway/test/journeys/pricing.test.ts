// What a request costs while prices change: estimate and settlement by the same ones, alike on every replica.
import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, MODEL, newest, send } from '../relay-client.ts';

let gateway: TestGateway;
let replica: Awaited<ReturnType<TestGateway['replica']>>;

beforeAll(async () => {
  gateway = await startTestGateway();
  replica = await gateway.replica();
  await addAccount(gateway);
});
afterAll(() => gateway.close());
beforeEach(async () => {
  gateway.simulator.reset();
  await gateway.admin.pricing.replace({
    body: { overrides: [], rates: { claude: 1, gemini: 1, openai: 1 } },
  });
});

/** USD per million tokens of everything, so that the cost is the sum of the tokens. */
function flat(usd: number | string, model = MODEL) {
  return {
    model,
    provider: 'anthropic' as const,
    usdPerMTok: { input: usd, output: usd, cacheWrite5m: usd, cacheWrite1h: usd, cacheRead: usd },
  };
}

function tokensOf({ usage }: Awaited<ReturnType<typeof newest>>): number {
  return Object.values(usage).reduce((sum, count) => sum + count, 0);
}

async function everywhere(id: string): Promise<void> {
  await vi.waitFor(() => expect(replica.gateway.services.pricing.current().id).toBe(id), 5000);
}

test('an override and the two rates are charged to the nano-dollar, by whichever replica answers', async () => {
  const { secret } = await addKey(gateway, { rates: { claude: 1.1 } });
  const { priceListId } = await gateway.admin.pricing.replace({
    body: { overrides: [flat('7.000003')], rates: { claude: 1.3 } },
  });
  await everywhere(priceListId);
  for (const { url } of [gateway, replica]) {
    expect((await send(url, secret, { body: message('Hello') })).status).toBe(200);
    await replica.gateway.services.journal.drain(5000);
    const detail = await newest(gateway);
    const pico = tokensOf(detail) * 7_000_003;
    const costNanoUsd = Math.floor((pico + 500) / 1000);
    expect(detail.costNanoUsd).toBe(costNanoUsd);
    expect(detail.chargedNanoUsd).toBe(Math.floor((costNanoUsd * 143 + 50) / 100));
    expect(detail.price).toMatchObject({ packId: priceListId, model: `anthropic/${MODEL}`, fallback: false });
    expect(detail.price.lines.reduce((sum, line) => sum + line.costNanoUsd, 0)).toBe(costNanoUsd);
    expect(detail.price.lines.map(({ usdPerMTok }) => usdPerMTok)).toEqual(
      detail.price.lines.map(() => '7.000003'),
    );
  }
});

test('a request that is on its way when prices change is settled at those it was estimated by', async () => {
  const { secret } = await addKey(gateway);
  const { priceListId } = await gateway.admin.pricing.replace({ body: { overrides: [flat(2)] } });
  gateway.simulator.setFault({ firstEventDelayMs: 1500, rate: 1 });
  const answer = send(gateway.url, secret, { body: message('Hello', { stream: true }) });
  await vi.waitFor(() => expect(gateway.gateway.services.relay.openCalls.count).toBe(1), 5000);
  await gateway.admin.pricing.replace({ body: { overrides: [flat(50)], rates: { claude: 3 } } });
  expect((await answer).isWhole).toBe(true);
  const detail = await newest(gateway);
  expect(detail.price.packId).toBe(priceListId);
  expect(detail.costNanoUsd).toBe(tokensOf(detail) * 2000);
  expect(detail.chargedNanoUsd).toBe(detail.costNanoUsd);
});

test('a budget is reserved at the price in force and the rates: a request that could cost more is refused', async () => {
  const { secret } = await addKey(gateway, {
    budgetMode: 'strict',
    budgets: [{ every: 'day', usd: 1 }],
  });
  await gateway.admin.pricing.replace({ body: { overrides: [flat(0.1)] } });
  const body = message('Hello', { max_tokens: 1000 });
  expect((await send(gateway.url, secret, { body })).status).toBe(200);
  // A thousand tokens of output at 300 USD a million are 0.3; four times that is more than the budget.
  await gateway.admin.pricing.replace({ body: { overrides: [flat(300)] } });
  expect((await send(gateway.url, secret, { body })).status).toBe(200);
  const { secret: other } = await addKey(gateway, {
    budgetMode: 'strict',
    budgets: [{ every: 'day', usd: 1 }],
  });
  await gateway.admin.pricing.replace({ body: { rates: { claude: 4 } } });
  expect((await send(gateway.url, other, { body })).status).toBe(402);
});

test('a model without a price is told with what was charged, until it has one', async () => {
  const { secret } = await addKey(gateway);
  const model = 'claude-sonnet-99';
  await send(gateway.url, secret, { body: message('Hello', { model }) });
  await send(replica.url, secret, { body: message('Hello', { model }) });
  await replica.gateway.services.pricing.unknownModels();
  const { unknownModels } = await gateway.admin.pricing.get();
  expect(unknownModels).toMatchObject([{ service: 'claude', model, requests: 2 }]);
  expect(unknownModels[0]?.chargedAs).toMatch(/^anthropic\/claude-.*sonnet/);
  const { attention } = await gateway.admin.dashboard.overview();
  expect(attention).toContainEqual(
    expect.objectContaining({ kind: 'model-without-price', id: model }) as unknown,
  );
  await gateway.admin.pricing.replace({ body: { overrides: [flat(1, model)] } });
  await send(gateway.url, secret, { body: message('Hello', { model }) });
  const detail = await newest(gateway);
  expect(detail.costNanoUsd).toBe(tokensOf(detail) * 1000);
  expect(detail.price.fallback).toBe(false);
  expect((await gateway.admin.pricing.get()).unknownModels).toEqual([]);
});

test('only an administrator changes prices', async () => {
  const answer = await fetch(`${gateway.url}/api/v2/pricing`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ rates: { claude: 0 } }),
  });
  expect(answer.status).toBe(401);
});
