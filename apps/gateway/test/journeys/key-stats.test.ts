// What a key tells whoever holds its secret: all of its own, nothing of others', and nothing to those who guess.
import { ApiError, api, createClient } from '@crs/shared';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, MODEL, send } from '../relay-client.ts';

let gateway: TestGateway;
/** Without a session, as anybody on the net. */
let anybody: TestGateway['admin'];

beforeAll(async () => {
  gateway = await startTestGateway({ env: { TIMEZONE: 'Asia/Shanghai' } });
  anybody = createClient(api, { baseUrl: `${gateway.url}/api/v2` });
  await addAccount(gateway);
});
afterAll(() => gateway.close());
afterEach(() => gateway.simulator.reset());

async function refusal(call: Promise<unknown>): Promise<ApiError> {
  const error: unknown = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  if (!(error instanceof ApiError)) throw new Error(`not refused: ${String(error)}`);
  return error;
}

test('whoever holds a secret learns what was used, what is left and what is allowed', async () => {
  const { id, secret } = await addKey(gateway, {
    name: 'Own figures',
    models: { mode: 'allow', list: ['claude-*'] },
    clients: [],
    budgets: [{ every: 'day', usd: 5 }],
  });
  const other = await addKey(gateway, { name: 'Somebody else' });
  for (const key of [secret, secret, other.secret]) {
    expect((await send(gateway.url, key, { body: message('Say hello') })).status).toBe(200);
  }
  await gateway.settled();

  const answer = await anybody.public.keyStats({ body: { apiKey: ` ${secret} ` } });
  const known = await gateway.admin.keys.get({ params: { id } });
  expect(answer).toMatchObject({
    name: 'Own figures',
    status: 'active',
    expiresAt: null,
    hint: known.hint,
    models: { mode: 'allow', list: ['claude-*'] },
    permissions: 'all',
    limits: [{ limit: 'budget', every: 'day', max: 5e9, held: 0, owner: 'key' }],
    server: { timezone: 'Asia/Shanghai' },
  });
  expect(answer.usage).toEqual(known.usage);
  expect(answer.usage.total.requests).toBe(2);
  expect(answer.limits[0]?.used).toBe(answer.usage.today.chargedNanoUsd);
  expect(Date.parse(answer.limits[0]?.resetsAt ?? '')).toBeGreaterThan(Date.now());
  expect(answer.usageByDay).toHaveLength(30);
  expect(answer.usageByDay.at(-1)).toMatchObject({ requests: 2 });
  expect(answer.usageByModel).toMatchObject([{ group: MODEL, requests: 2 }]);
  expect(answer.usageByModel[0]?.costNanoUsd).toBe(answer.usage.total.costNanoUsd);

  const text = JSON.stringify(answer);
  for (const hidden of [secret, id, other.id, 'Somebody else', 'ipAllow', 'binds', 'userId', 'secretHash']) {
    expect(text).not.toContain(hidden);
  }
});

test('asked briefly it leaves out days and models', async () => {
  const { secret } = await addKey(gateway);
  const answer = await anybody.public.keyStats({ body: { apiKey: secret, brief: true } });
  expect(answer).toMatchObject({ usageByDay: [], usageByModel: [], usage: { total: { requests: 0 } } });
});

test('a key that no longer works says why; one that is gone is unknown', async () => {
  const { id, secret } = await addKey(gateway);
  const params = { id };
  const status = async () =>
    (await anybody.public.keyStats({ body: { apiKey: secret, brief: true } })).status;
  await gateway.admin.keys.update({ params, body: { enabled: false } });
  expect(await status()).toBe('disabled');
  await gateway.admin.keys.update({
    params,
    body: { enabled: true, expiration: { at: new Date(Date.now() - 1000).toISOString() } },
  });
  expect(await status()).toBe('expired');
  await gateway.admin.keys.remove({ params });
  expect(await status()).toBe('deleted');
  await gateway.admin.keys.purge({ params });
  expect(await refusal(anybody.public.keyStats({ body: { apiKey: secret } }))).toMatchObject({
    status: 401,
    code: 'unknown_key',
  });
});

test('an id is not a secret, and nothing but the body is read', async () => {
  const { id, secret } = await addKey(gateway);
  expect(await refusal(anybody.public.keyStats({ body: { apiKey: id } }))).toMatchObject({ status: 401 });
  const asked = await fetch(`${gateway.url}/api/v2/public/key-stats?apiKey=${secret}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'x-api-key': secret },
    body: JSON.stringify({ apiId: id }),
  });
  expect(asked.status).toBe(400);
  const get = await fetch(`${gateway.url}/api/v2/public/key-stats`);
  expect(get.status).toBe(405);
});

test('who guesses is stopped, all at once as well as one after the other; right keys are not counted', async () => {
  const { secret } = await addKey(gateway);
  const ask = (apiKey: string) =>
    anybody.public.keyStats({ body: { apiKey, brief: true } }).then(
      () => 200,
      (error: unknown) => (error instanceof ApiError ? error.status : 0),
    );
  for (let round = 0; round < 40; round += 1) expect(await ask(secret)).toBe(200);

  const guesses = await Promise.all(Array.from({ length: 60 }, (_, number) => ask(`cr_guess${number}`)));
  const allowed = guesses.filter((status) => status === 401).length;
  expect(allowed).toBeGreaterThan(0);
  expect(allowed).toBeLessThanOrEqual(30);
  expect(guesses.filter((status) => status === 429)).toHaveLength(60 - allowed);

  const locked = await refusal(anybody.public.keyStats({ body: { apiKey: secret } }));
  expect(locked).toMatchObject({ status: 429, code: 'too_many_attempts' });
  expect(locked.retryAfterSeconds).toBeGreaterThan(60);
});
