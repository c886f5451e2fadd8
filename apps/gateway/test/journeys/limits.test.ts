import { afterEach, beforeEach, expect, test } from 'vitest';
import { chargeLostRequests } from '../../src/relay/lost-requests.ts';
import { createLimits } from '../../src/modules/limits/index.ts';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, errorOf, message, MODEL, newest, rows, send } from '../relay-client.ts';

let gateway: TestGateway;

beforeEach(async () => {
  gateway = await startTestGateway();
});
afterEach(async () => {
  await gateway.close();
});

async function limitsOf(id: string) {
  await gateway.settled();
  return (await gateway.admin.keys.get({ params: { id } })).limits;
}

/** What one call of the test message reserves of a strict budget, read from a key with room for it. */
async function reservationOf(text: string): Promise<number> {
  const probe = await addKey(gateway, { budgetMode: 'strict', budgets: [{ every: 'total', usd: 1000 }] });
  const running = send(gateway.url, probe.secret, { body: message(text) });
  let held = 0;
  await expect
    .poll(async () => {
      const [state] = (await gateway.admin.keys.get({ params: { id: probe.id } })).limits;
      held = state?.held ?? 0;
      return held;
    })
    .toBeGreaterThan(0);
  await running;
  return held;
}

test('of 500 parallel calls from three gateways at a strict budget with room for 50 exactly 50 reach the upstream, and nothing is overspent', async () => {
  await addAccount(gateway);
  const others = [await gateway.replica(), await gateway.replica()];
  const urls = [gateway.url, ...others.map(({ url }) => url)];
  const text = '[[pace:600]] [[deltas:5]]';
  const each = await reservationOf(text);
  const before = gateway.simulator.count();
  const max = each * 50 + each - 1;
  const { id, secret } = await addKey(gateway, {
    budgetMode: 'strict',
    budgets: [{ every: 'day', usd: max / 1e9 }],
  });
  const answers = await Promise.all(
    Array.from({ length: 500 }, (_, index) =>
      send(urls[index % 3] ?? gateway.url, secret, { body: message(text) }),
    ),
  );
  const refused = answers.filter(({ status }) => status === 402);
  expect([answers.filter(({ status }) => status === 200).length, refused.length]).toEqual([50, 450]);
  expect(gateway.simulator.count() - before).toBe(50);
  const [first] = refused;
  if (first === undefined) throw new Error('nothing was refused');
  expect(first.headers['x-should-retry']).toBe('false');
  expect(errorOf(first).error).toMatchObject({
    type: 'billing_error',
    details: { error_code: 'budget_exceeded' },
  });
  expect(errorOf(first).error.message).toMatch(/per day.*reserved by running requests.*begins anew at 20/u);
  for (const { gateway: other } of others) await other.services.journal.drain(5000);
  const [state] = await limitsOf(id);
  expect(state).toMatchObject({ limit: 'budget', every: 'day', owner: 'key', max, held: 0 });
  expect(state?.used).toBeLessThanOrEqual(max);
  const { usage } = await gateway.admin.keys.get({ params: { id } });
  expect(usage.total.chargedNanoUsd).toBe(state?.used);
  // Whoever looks at the request later is told the same.
  const requestId = String(first.headers['x-request-id']);
  const { timeline } = await gateway.admin.requests.get({ params: { id: requestId } });
  expect(timeline.find(({ event }) => event === 'refused')?.detail).toBe(errorOf(first).error.message);
}, 30_000);

test('what a request has reserved and not used is free for the next one at once', async () => {
  await addAccount(gateway);
  const text = '[[pace:20]] [[deltas:4]]';
  const each = await reservationOf(text);
  const { secret } = await addKey(gateway, {
    budgetMode: 'strict',
    budgets: [{ every: 'day', usd: (each * 1.5) / 1e9 }],
  });
  for (let call = 0; call < 6; call += 1) {
    expect((await send(gateway.url, secret, { body: message(text) })).status).toBe(200);
  }
});

test('a full window: 429 that says which, and when it frees; failures without cost give their request back', async () => {
  await addAccount(gateway);
  const { id, secret } = await addKey(gateway, {
    windows: [{ every: 'hour', count: 2, requests: 2, models: ['claude-*'] }],
    concurrency: 5,
  });
  gateway.simulator.enqueue({ status: 400 });
  expect((await send(gateway.url, secret, { body: message('hi') })).status).toBe(400);
  await gateway.settled();
  for (let call = 0; call < 2; call += 1) {
    expect((await send(gateway.url, secret, { body: message('hi') })).status).toBe(200);
    await gateway.settled();
  }
  const refused = await send(gateway.url, secret, { body: message('hi') });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(7000);
  expect(errorOf(refused).error).toMatchObject({
    type: 'rate_limit_error',
    details: { error_code: 'rate_limit_reached' },
  });
  expect(errorOf(refused).error.message).toMatch(
    /^This relay key allows 2 requests in 2 hours for the models claude-\*: 2 requests used\. It frees at 20/u,
  );
  expect(await limitsOf(id)).toMatchObject([
    { limit: 'concurrency', every: null, owner: 'key', max: 5, used: 0, held: 0, resetsAt: null },
    { limit: 'requests', every: 'hour', count: 2, models: ['claude-*'], max: 2, used: 2, held: 0 },
  ]);
});

test('charged is cost times the rate, and budgets count charged', async () => {
  await addAccount(gateway);
  const { id, secret } = await addKey(gateway, {
    rates: { claude: 1.5 },
    budgets: [{ every: 'month', usd: 10 }],
  });
  await send(gateway.url, secret, { body: message('hi') });
  const row = await newest(gateway);
  expect(row.costNanoUsd).toBeGreaterThan(0);
  expect(row.chargedNanoUsd).toBe(Math.round(row.costNanoUsd * 1.5));
  expect(await limitsOf(id)).toMatchObject([{ limit: 'budget', used: row.chargedNanoUsd, held: 0 }]);
});

test('a queue: requests wait their turn over all replicas, first come first served, and no more than fit', async () => {
  await addAccount(gateway);
  const other = await gateway.replica();
  const { secret } = await addKey(gateway, { concurrency: 1, queue: { size: 3, waitSeconds: 20 } });
  const done: number[] = [];
  const call = async (number: number): Promise<number> => {
    const url = number % 2 === 0 ? gateway.url : other.url;
    const { status } = await send(url, secret, { body: message('[[pace:30]] [[deltas:5]]') });
    if (status === 200) done.push(number);
    return status;
  };
  const calls: Promise<number>[] = [];
  for (let number = 0; number < 5; number += 1) {
    calls.push(call(number));
    await new Promise((resolve) => setTimeout(resolve, 25));
  }
  expect(await Promise.all(calls)).toEqual([200, 200, 200, 200, 429]);
  expect(done).toEqual([0, 1, 2, 3]);
});

test('whoever waits gives up after the time of the queue, and a client that leaves leaves the queue', async () => {
  await addAccount(gateway);
  const { secret } = await addKey(gateway, { concurrency: 1, queue: { size: 1, waitSeconds: 1 } });
  const long = send(gateway.url, secret, { body: message('[[pace:500]] [[deltas:5]]') });
  await expect.poll(() => gateway.simulator.count({ outcome: 'open' }), { interval: 10 }).toBe(1);
  const gone = new AbortController();
  const left = fetch(`${gateway.url}/api/v1/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': secret },
    body: JSON.stringify(message('hi')),
    signal: gone.signal,
  }).catch(() => null);
  await new Promise((resolve) => setTimeout(resolve, 100));
  gone.abort();
  await left;
  await new Promise((resolve) => setTimeout(resolve, 100));
  const waited = await send(gateway.url, secret, { body: message('hi') });
  expect(waited.status).toBe(429);
  expect(errorOf(waited).error.message).toMatch(/none ended in the 1 s/u);
  await long;
  const outcomes = (await rows(gateway)).map(({ outcome, status }) => [outcome, status]);
  expect(outcomes).toContainEqual(['client_left', 499]);
  expect(outcomes).toContainEqual(['refused', 429]);
});

test('a lost host: what its requests had reserved is charged, once, and the books agree', async () => {
  await addAccount(gateway);
  const { id, secret } = await addKey(gateway, {
    budgetMode: 'strict',
    budgets: [{ every: 'total', usd: 5 }],
    rates: { claude: 2 },
  });
  await send(gateway.url, secret, { body: message('hi') });
  const [{ used: spent } = { used: 0 }] = await limitsOf(id);
  const { services, config } = gateway.gateway;
  const { key } = (await services.keys.authenticate(secret)) ?? {};
  if (key === undefined) throw new Error('no key');
  // A process that is admitted, and never heard of again.
  const leased = createLimits(services.redis, {
    calendar: services.calendar,
    clock: services.clock,
    leaseMs: 50,
    graceMs: 0,
    onProblem: () => undefined,
  });
  const requestId = `req_${Date.now().toString(16).padStart(12, '0')}00000000000000ff`;
  const lost = { requestId, atMs: Date.now(), model: MODEL, mode: 'strict' as const };
  const admission = await leased.admit(key, {
    ...lost,
    reserve: { usd: 1_000_001, tokens: 10 },
    facts: (counters) =>
      JSON.stringify({
        keyId: id,
        keyName: key.name,
        userId: null,
        dialect: 'anthropic',
        operation: 'generate',
        model: MODEL,
        stream: true,
        client: 'curl',
        atMs: lost.atMs,
        inputTokens: 5,
        outputTokens: 5,
        service: 'claude',
        rate: 2,
        reservedNanoUsd: 1_000_001,
        counters,
      }),
  });
  expect(admission.type).toBe('reserved');
  leased.close();
  expect(await limitsOf(id)).toMatchObject([{ used: spent, held: 1_000_001 }]);
  await new Promise((resolve) => setTimeout(resolve, 100));
  const dependencies = {
    limits: leased,
    ledger: services.usage.ledger,
    journal: services.journal,
    pricing: services.pricing,
    onProblem: () => undefined,
  };
  expect(await chargeLostRequests(dependencies)).toBe(1);
  await gateway.settled();
  expect(await chargeLostRequests(dependencies)).toBe(0);
  expect(await limitsOf(id)).toMatchObject([{ used: spent + 1_000_001, held: 0 }]);
  expect(await newest(gateway)).toMatchObject({
    id: requestId,
    outcome: 'crashed',
    chargedNanoUsd: 1_000_001,
    attempts: [{ outcome: 'crashed' }],
  });
  const { usage } = await gateway.admin.keys.get({ params: { id } });
  expect(usage.total.chargedNanoUsd).toBe(spent + 1_000_001);
  expect(config.requestRetentionDays).toBeGreaterThan(0);
});
