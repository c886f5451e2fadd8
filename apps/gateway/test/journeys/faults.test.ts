import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, errorOf, message, newest, rows, send } from '../relay-client.ts';

let gateway: TestGateway;
let secret = '';

beforeAll(async () => {
  gateway = await startTestGateway({
    env: {
      FIRST_EVENT_TIMEOUT_MS: '600',
      IDLE_TIMEOUT_MS: '500',
      REQUEST_TIMEOUT: '3000',
      CONNECT_TIMEOUT_MS: '500',
      HOLD_BACK_MS: '300',
    },
  });
  ({ secret } = await addKey(gateway));
});
afterAll(async () => {
  await gateway.close();
});
afterEach(async () => {
  gateway.simulator.clearFaults();
  const { items } = await gateway.admin.accounts.list({ query: { pageSize: 100 } });
  for (const { kind, id } of items) await gateway.admin.accounts.remove({ params: { kind, id } });
});

/** A first account that fails and a second one that is well. */
async function badAndGood(): Promise<{ bad: { id: string; apiKey: string }; good: { id: string } }> {
  const bad = await addAccount(gateway, { priority: 1 });
  const good = await addAccount(gateway, { priority: 2 });
  return { bad, good };
}

describe('a failure before the client saw anything goes to the next account', () => {
  test.each([
    [
      'an overload as the first event of a 200 stream',
      { errorEvent: 1, errorType: 'overloaded_error' },
      true,
    ],
    ['429', { status: 429, retryAfter: 30 }, true],
    ['401', { status: 401 }, true],
    ['529', { status: 529 }, true],
    ['a reset connection', { reset: true }, true],
    ['a stream that is cut before any content', { cut: 1 }, true],
    ['silence', { hang: true }, true],
    ['an answer that is cut in its middle and is no stream', { cut: 3 }, false],
    ['an error with status 200', { jsonErrorIn200: true }, false],
    ['an HTML page of a proxy', { status: 502, html: true }, false],
  ] as const)('%s', async (_, fault, stream) => {
    const { bad, good } = await badAndGood();
    gateway.simulator.setFault({ match: { apiKey: bad.apiKey }, ...fault });
    const answer = await send(gateway.url, secret, { body: message('[[say:fine]]', { stream }) });
    expect(answer.status).toBe(200);
    expect(answer.body.toString()).toContain('fine');
    expect(answer.body.toString()).not.toContain('error');
    const row = await newest(gateway);
    expect(row).toMatchObject({ outcome: 'ok', accountId: good.id });
    expect(row.attempts.at(0)).toMatchObject({ accountId: bad.id, outcome: 'failed' });
    expect(row.attempts.at(-1)).toMatchObject({ accountId: good.id, outcome: 'ok' });
    expect(row.decision.candidates.find(({ accountId }) => accountId === bad.id)?.eligible).toBe(false);
  });

  test('a server error is tried once more before the account is left', async () => {
    const { bad, good } = await badAndGood();
    gateway.simulator.setFault({ match: { apiKey: bad.apiKey }, status: 500 });
    const answer = await send(gateway.url, secret, { body: message('hi') });
    expect(answer.status).toBe(200);
    expect((await newest(gateway)).attempts.map(({ accountId }) => accountId)).toEqual([
      bad.id,
      bad.id,
      good.id,
    ]);
  });

  test('an account whose address refuses connections', async () => {
    await addAccount(gateway, { priority: 1, baseUrl: 'http://127.0.0.1:1' });
    const good = await addAccount(gateway, { priority: 2 });
    expect((await send(gateway.url, secret, { body: message('hi') })).status).toBe(200);
    expect((await newest(gateway)).accountId).toBe(good.id);
  });
});

describe('when no account is left', () => {
  test('all rate limited: 429 with the earliest recovery, and the upstream is left alone until then', async () => {
    await addAccount(gateway);
    gateway.simulator.setFault({ match: {}, status: 429, retryAfter: 40 });
    const first = await send(gateway.url, secret, { body: message('hi') });
    expect([first.status, errorOf(first).error.type]).toEqual([429, 'rate_limit_error']);
    expect(Number(first.headers['retry-after'])).toBeGreaterThan(30);
    expect(Number(first.headers['retry-after'])).toBeLessThanOrEqual(40);
    const before = gateway.simulator.count();
    const second = await send(gateway.url, secret, { body: message('hi') });
    expect([second.status, errorOf(second).error.details?.error_code]).toEqual([
      429,
      'accounts_cooling_down',
    ]);
    expect(gateway.simulator.count()).toBe(before);
  });

  test('a rejected credential is the gateway’s trouble, never the client’s 401', async () => {
    const { id } = await addAccount(gateway);
    gateway.simulator.setFault({ match: {}, status: 401 });
    for (let request = 0; request < 2; request += 1) {
      const answer = await send(gateway.url, secret, { body: message('hi') });
      expect([answer.status, errorOf(answer).error.details?.error_code]).toEqual([
        502,
        'upstream_credential_rejected',
      ]);
    }
    const account = await gateway.admin.accounts.get({ params: { kind: 'claude-console', id } });
    expect(account.status).toBe('needs-login');
    gateway.simulator.clearFaults();
    await gateway.admin.accounts.reset({ params: { kind: 'claude-console', id } });
    expect((await send(gateway.url, secret, { body: message('hi') })).status).toBe(200);
  });

  test('unreachable: 502; silent: 504', async () => {
    const { id } = await addAccount(gateway, { baseUrl: 'http://127.0.0.1:1' });
    const unreachable = await send(gateway.url, secret, { body: message('hi') });
    expect([unreachable.status, errorOf(unreachable).error.details?.error_code]).toEqual([
      502,
      'upstream_unreachable',
    ]);
    await gateway.admin.accounts.remove({ params: { kind: 'claude-console', id } });
    await addAccount(gateway);
    gateway.simulator.setFault({ match: {}, hang: true });
    const silent = await send(gateway.url, secret, { body: message('hi', { stream: true }) });
    expect([silent.status, errorOf(silent).error.details?.error_code]).toEqual([504, 'upstream_timeout']);
  });

  test('an overloaded service is answered as the upstream said it', async () => {
    await addAccount(gateway);
    gateway.simulator.setFault({ match: {}, status: 529 });
    const answer = await send(gateway.url, secret, { body: message('hi') });
    expect([answer.status, errorOf(answer).error.type]).toEqual([529, 'overloaded_error']);
  });
});

describe('a stream that has begun', () => {
  test('an error event in its middle is handed on, once, and the row says failed with what was used', async () => {
    await addAccount(gateway);
    gateway.simulator.setFault({ match: {}, errorEvent: 5 });
    const answer = await send(gateway.url, secret, { body: message('[[deltas:10]]', { stream: true }) });
    const text = answer.body.toString();
    expect(answer.status).toBe(200);
    expect(text.match(/event: error/gu)).toHaveLength(1);
    expect(text).not.toContain('message_stop');
    const row = await newest(gateway);
    expect(row).toMatchObject({ outcome: 'failed', attempts: [{ outcome: 'failed' }] });
    expect(row.usage.input).toBeGreaterThan(0);
    expect(row.costNanoUsd).toBeGreaterThan(0);
  });

  test.each([
    ['cut', { cut: 6 }, 'upstream_broken'],
    ['ended too early', { cleanEnd: 6 }, 'upstream_broken'],
    ['silent for too long', { stall: 6 }, 'upstream_timeout'],
  ] as const)('%s: it ends with an error event, never as if it were finished', async (_, fault, code) => {
    await addAccount(gateway);
    gateway.simulator.setFault({ match: {}, ...fault });
    const answer = await send(gateway.url, secret, { body: message('[[deltas:20]]', { stream: true }) });
    const text = answer.body.toString();
    expect(answer.isWhole).toBe(true);
    expect(text).not.toContain('message_stop');
    const error = JSON.parse(/event: error\ndata: (.*)\n\n$/u.exec(text)?.[1] ?? '{}') as {
      error?: { details?: { error_code?: string } };
    };
    expect(error.error?.details?.error_code).toBe(code);
    expect(await newest(gateway)).toMatchObject({
      outcome: 'failed',
      errorCode: code,
      usageSource: 'partial',
    });
  });

  test('pings alone are released after a moment, so that the client sees life', async () => {
    await addAccount(gateway);
    const startedAt = performance.now();
    const answer = await send(gateway.url, secret, {
      body: message('[[pace:450]] [[deltas:2]] [[say:slow words]]', { stream: true }),
      leaveAfterBytes: 1,
    });
    expect(answer.status).toBe(200);
    expect(performance.now() - startedAt).toBeLessThan(450);
  });
});

describe('a client that leaves', () => {
  test('stops the upstream within a second, and what was generated is charged', async () => {
    await addAccount(gateway);
    const answer = await send(gateway.url, secret, {
      body: message('[[pace:40]] [[deltas:50]] [[tokens:200]]', { stream: true }),
      leaveAfterBytes: 900,
    });
    expect(answer.isWhole).toBe(false);
    const leftAt = performance.now();
    await expect.poll(() => gateway.simulator.requests.at(-1)?.outcome, { interval: 20 }).toBe('client_left');
    expect(performance.now() - leftAt).toBeLessThan(1000);
    const row = await newest(gateway);
    expect(row).toMatchObject({
      outcome: 'client_left',
      usageSource: 'partial',
      attempts: [{ outcome: 'client_left' }],
    });
    expect(row.usage.output).toBeGreaterThan(0);
    expect(row.usage.output).toBeLessThan(200);
    const account = await gateway.admin.accounts.list({ query: {} });
    expect(account.items[0]?.status).toBe('ready');
  });

  test('before the answer began, too', async () => {
    await addAccount(gateway);
    const controller = new AbortController();
    const sent = fetch(`${gateway.url}/api/v1/messages`, {
      method: 'POST',
      headers: { 'x-api-key': secret, 'content-type': 'application/json' },
      body: JSON.stringify(message('[[pace:300]] [[deltas:9]]')),
      signal: controller.signal,
    }).catch(() => null);
    await expect.poll(() => gateway.simulator.requests.at(-1)?.outcome, { interval: 10 }).toBe('open');
    controller.abort();
    await sent;
    await expect.poll(() => gateway.simulator.requests.at(-1)?.outcome, { interval: 20 }).toBe('client_left');
    expect(await newest(gateway)).toMatchObject({
      outcome: 'client_left',
      status: 499,
      usageSource: 'estimated',
    });
  });
});

describe('limits', () => {
  test('a key with room for two refuses the third, and has room again when one ends', async () => {
    await addAccount(gateway);
    const key = await addKey(gateway, { concurrency: 2 });
    const body = message('[[pace:60]] [[deltas:8]]', { stream: true });
    const two = [send(gateway.url, key.secret, { body }), send(gateway.url, key.secret, { body })];
    await expect.poll(() => gateway.simulator.count({ outcome: 'open' }), { interval: 10 }).toBe(2);
    const third = await send(gateway.url, key.secret, { body });
    expect([third.status, errorOf(third).error.details?.error_code]).toEqual([
      429,
      'concurrency_limit_reached',
    ]);
    expect(third.headers['retry-after']).toBe('1');
    expect(errorOf(third).error.message).toContain('2 requests at the same time');
    const shown = await gateway.admin.keys.get({ params: { id: key.id } });
    expect(shown.limits).toMatchObject([{ limit: 'concurrency', max: 2, used: 2 }]);
    for (const answer of await Promise.all(two)) expect(answer.status).toBe(200);
    await expect
      .poll(async () => (await send(gateway.url, key.secret, { body: message('hi') })).status, {
        interval: 50,
      })
      .toBe(200);
  });

  test('a full account is passed over', async () => {
    const full = await addAccount(gateway, { priority: 1, maxConcurrency: 1 });
    const other = await addAccount(gateway, { priority: 2 });
    const body = message('[[pace:60]] [[deltas:8]]', { stream: true });
    const first = send(gateway.url, secret, { body });
    await expect.poll(() => gateway.simulator.count({ outcome: 'open' }), { interval: 10 }).toBe(1);
    expect((await send(gateway.url, secret, { body: message('hi') })).status).toBe(200);
    await first;
    const list = await rows(gateway);
    expect(
      list
        .slice(0, 2)
        .map(({ accountId }) => accountId)
        .sort(),
    ).toEqual([full.id, other.id].sort());
  });
});

describe('replicas', () => {
  test('a key that is switched off, deleted or restored counts at once on every replica', async () => {
    await addAccount(gateway);
    const replica = await gateway.replica();
    const key = await addKey(gateway);
    const status = async (): Promise<number> =>
      (await send(replica.url, key.secret, { body: message('hi') })).status;
    expect(await status()).toBe(200);
    await gateway.admin.keys.update({ params: { id: key.id }, body: { enabled: false } });
    expect(await status()).toBe(401);
    await gateway.admin.keys.update({ params: { id: key.id }, body: { enabled: true } });
    expect(await status()).toBe(200);
    await gateway.admin.keys.update({
      params: { id: key.id },
      body: { models: { mode: 'deny', list: ['*'] } },
    });
    expect(await status()).toBe(403);
    await gateway.admin.keys.update({ params: { id: key.id }, body: { models: { mode: 'deny', list: [] } } });
    await gateway.admin.keys.remove({ params: { id: key.id } });
    expect(await status()).toBe(401);
    await gateway.admin.keys.restore({ params: { id: key.id } });
    expect(await status()).toBe(200);
  });

  test('an account that cools down on one replica is left alone by the other', async () => {
    const { apiKey } = await addAccount(gateway);
    const replica = await gateway.replica();
    await expect
      .poll(async () => (await send(replica.url, secret, { body: message('hi') })).status, { interval: 50 })
      .toBe(200);
    gateway.simulator.setFault({ match: { apiKey }, status: 429, retryAfter: 60 });
    await send(gateway.url, secret, { body: message('hi') });
    await sleep(150);
    const before = gateway.simulator.count();
    expect((await send(replica.url, secret, { body: message('hi') })).status).toBe(429);
    expect(gateway.simulator.count()).toBe(before);
  });
});
