// What is done with many keys at once, and with the secret of one, on two gateways that share a Redis.
import { api, createClient } from '@crs/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, send } from '../relay-client.ts';

const DAY_MS = 86_400_000;

let gateway: TestGateway;
let replica: Awaited<ReturnType<TestGateway['replica']>>;
/** Moves the clock of both gateways. */
let ahead = 0;
let account: { readonly id: string };

beforeAll(async () => {
  gateway = await startTestGateway({ overrides: { clock: { now: () => Date.now() + ahead } } });
  replica = await gateway.replica();
  account = await addAccount(gateway);
});
afterAll(async () => {
  await gateway.close();
});

async function statuses(secret: string): Promise<number[]> {
  await expect
    .poll(() => replica.gateway.services.accounts.find(account.id) !== undefined, { timeout: 6000 })
    .toBe(true);
  const answers = await Promise.all(
    [gateway.url, replica.url].map((url) => send(url, secret, { body: message('hi') })),
  );
  return answers.map(({ status }) => status);
}

test('after a rotation both secrets work on every replica until the grace period is over', async () => {
  const { id, secret: old } = await addKey(gateway);
  // Both replicas know the key, and its old secret, by heart.
  expect(await statuses(old)).toEqual([200, 200]);
  const rotated = await gateway.admin.keys.rotate({ params: { id }, body: { graceSeconds: 3600 } });
  expect(rotated.secret).not.toBe(old);
  expect(rotated.key.hint.startsWith(rotated.secret.slice(0, 7))).toBe(true);
  expect(rotated.key.previousSecret?.hint.startsWith(old.slice(0, 7))).toBe(true);
  expect(await statuses(rotated.secret)).toEqual([200, 200]);
  expect(await statuses(old)).toEqual([200, 200]);
  ahead += 3_600_001;
  try {
    expect(await statuses(old)).toEqual([401, 401]);
    expect(await statuses(rotated.secret)).toEqual([200, 200]);
    expect((await gateway.admin.keys.get({ params: { id } })).previousSecret).toBeNull();
  } finally {
    ahead = 0;
  }
});

test('without a grace period the old secret is dead at once, everywhere', async () => {
  const { id, secret: old } = await addKey(gateway);
  expect(await statuses(old)).toEqual([200, 200]);
  const { secret, key } = await gateway.admin.keys.rotate({ params: { id }, body: {} });
  expect(key.previousSecret).toBeNull();
  expect(await statuses(old)).toEqual([401, 401]);
  expect(await statuses(secret)).toEqual([200, 200]);
  // A second rotation within a grace period ends the oldest secret.
  const second = await gateway.admin.keys.rotate({ params: { id }, body: { graceSeconds: 600 } });
  const third = await gateway.admin.keys.rotate({ params: { id }, body: { graceSeconds: 600 } });
  expect(await statuses(secret)).toEqual([401, 401]);
  expect(await statuses(second.secret)).toEqual([200, 200]);
  expect(await statuses(third.secret)).toEqual([200, 200]);
});

test('a key that has ended works again once it is renewed', async () => {
  const { id, secret } = await addKey(gateway, {
    expiration: { at: new Date(Date.now() - 1000).toISOString() },
  });
  expect(await statuses(secret)).toEqual([401, 401]);
  const key = await gateway.admin.keys.renew({ params: { id }, body: { days: 30 } });
  expect(key.status).toBe('active');
  expect(Date.parse(key.expiresAt ?? '') - Date.now()).toBeGreaterThan(29.9 * DAY_MS);
  expect(await statuses(secret)).toEqual([200, 200]);
  const endless = await addKey(gateway);
  await expect(
    gateway.admin.keys.renew({ params: { id: endless.id }, body: { days: 1 } }),
  ).rejects.toMatchObject({ status: 409, code: 'wrong_state' });
});

test('many keys from one template, each with a secret that works', async () => {
  const { items, failed } = await gateway.admin.keys.createMany({
    body: { name: 'class {nn}', count: 60, startAt: 1, tags: ['class'], concurrency: 3 },
  });
  expect(failed).toEqual([]);
  expect(items.map(({ key }) => key.name)).toEqual(
    Array.from({ length: 60 }, (_, index) => `class ${String(index + 1).padStart(2, '0')}`),
  );
  expect(new Set(items.map(({ secret }) => secret)).size).toBe(60);
  expect(items[59]?.key).toMatchObject({ tags: ['class'], concurrency: 3, status: 'active' });
  expect(await statuses(items[59]?.secret ?? '')).toEqual([200, 200]);
  for (const count of [1, 501]) {
    await expect(gateway.admin.keys.createMany({ body: { name: 'x', count } })).rejects.toMatchObject({
      status: 400,
      problem: { errors: [{ path: 'count' }] },
    });
  }
});

test('a change of many is shown before it is made, and leaves alone what was changed meanwhile', async () => {
  const made = await Promise.all([
    addKey(gateway, { name: 'batch a', budgets: [{ every: 'day', usd: 5 }], tags: ['old'] }),
    addKey(gateway, { name: 'batch b', budgets: [{ every: 'day', usd: 10 }], tags: ['new'] }),
    addKey(gateway, { name: 'batch c', budgets: [{ every: 'week', usd: 1 }] }),
  ]);
  const ids = [...made.map(({ id }) => id), 'nobody'];
  const change = {
    ids,
    setBudgets: [{ every: 'day' as const, usd: 10 }],
    addTags: ['new'],
    removeTags: ['old'],
  };
  const preview = await gateway.admin.keys.updateMany({ body: { ...change, dryRun: true } });
  expect(preview).toMatchObject({ dryRun: true, changed: 2, unchanged: 1, failed: 1 });
  expect(preview.results[0]).toMatchObject({
    name: 'batch a',
    outcome: 'changed',
    version: 1,
    changes: [
      { field: 'tags', before: ['old'], after: ['new'] },
      { field: 'budgets', before: [{ every: 'day', usd: 5 }], after: [{ every: 'day', usd: 10 }] },
    ],
  });
  expect(preview.results[3]).toMatchObject({ id: 'nobody', name: null, error: { code: 'not_found' } });
  expect((await gateway.admin.keys.get({ params: { id: ids[0] ?? '' } })).budgets).toEqual([
    { every: 'day', usd: 5 },
  ]);

  await gateway.admin.keys.update({ params: { id: ids[2] ?? '' }, body: { description: 'changed since' } });
  const versions = Object.fromEntries(
    preview.results.flatMap(({ id, version }) => (version === null ? [] : [[id, version]])),
  );
  const result = await gateway.admin.keys.updateMany({ body: { ...change, versions } });
  expect(result.results.map(({ outcome, error }) => error?.code ?? outcome)).toEqual([
    'changed',
    'unchanged',
    'conflict',
    'not_found',
  ]);
  expect((await gateway.admin.keys.get({ params: { id: ids[0] ?? '' } })).budgets).toEqual([
    { every: 'day', usd: 10 },
  ]);
  // What stays as it is keeps its version, and leaves nothing on the audit trail.
  expect(await gateway.admin.keys.get({ params: { id: ids[1] ?? '' } })).toMatchObject({ version: 1 });

  const removed = await gateway.admin.keys.removeMany({ body: { ids } });
  expect(removed).toMatchObject({ changed: 3, failed: 1 });
  expect(await statuses(made[0]?.secret ?? '')).toEqual([401, 401]);
});

test('an empty change and a bind to nothing are refused as a whole', async () => {
  const { id } = await addKey(gateway);
  for (const body of [
    { ids: [id] },
    { ids: [id, id], set: { enabled: false } },
    { ids: [id], set: { binds: [{ groupId: 'none' }] } },
    { ids: [id], set: { expiration: null }, renew: { days: 1 } },
  ]) {
    await expect(gateway.admin.keys.updateMany({ body })).rejects.toMatchObject({ status: 400 });
  }
});

test('lists are narrowed and sorted by what keys use, on a replica that did not serve them', async () => {
  const spender = await addKey(gateway, { name: 'list spender', budgets: [{ every: 'day', usd: 0.000001 }] });
  const idle = await addKey(gateway, { name: 'list idle', budgets: [{ every: 'day', usd: 100 }] });
  await addKey(gateway, {
    name: 'list ending',
    expiration: { at: new Date(Date.now() + 2 * DAY_MS).toISOString() },
  });
  await gateway.admin.keys.update({
    params: { id: spender.id },
    body: { budgets: [{ every: 'day', usd: 100 }] },
  });
  await send(gateway.url, spender.secret, { body: message('hi') });
  await gateway.settled();
  await gateway.admin.keys.update({
    params: { id: spender.id },
    body: { budgets: [{ every: 'day', usd: 0.000001 }] },
  });
  const there = await signedIn(replica.url);
  const names = async (query: Parameters<typeof there.keys.list>[0]): Promise<string[]> =>
    (await there.keys.list(query)).items.map(({ name }) => name);
  const search = 'list';
  expect(await names({ query: { search, sort: '-spendTotal' } })).toMatchObject({ 0: 'list spender' });
  expect(await names({ query: { search, budgetUsedPercent: 80 } })).toEqual(['list spender']);
  expect(await names({ query: { search, sort: '-budgetUsed' } })).toEqual([
    'list spender',
    'list idle',
    'list ending',
  ]);
  expect((await names({ query: { search, neverUsed: 'true' } })).toSorted()).toEqual([
    'list ending',
    'list idle',
  ]);
  expect(await names({ query: { expiresWithinDays: 3, search } })).toEqual(['list ending']);
  expect(await names({ query: { search, minRequestsTotal: 1, minSpendTodayUsd: '0.000000001' } })).toEqual([
    'list spender',
  ]);
  expect(await names({ query: { search, minSpendTotalUsd: '1000' } })).toEqual([]);
  expect(await names({ query: { search, usedWithinDays: 1 } })).toEqual(['list spender']);
  expect((await names({ query: { search, unusedForDays: 1, createdWithinDays: 1 } })).toSorted()).toEqual([
    'list ending',
    'list idle',
  ]);
  // Spent again: the next look sees it.
  await send(gateway.url, idle.secret, { body: message('hi') });
  await gateway.settled();
  expect(await names({ query: { search, neverUsed: 'true' } })).toEqual(['list ending']);
  expect((await there.keys.list({ query: { search, sort: '-requestsTotal' } })).total).toBe(3);
  const stats = await there.keys.stats({ params: { id: spender.id }, query: { groupBy: 'model' } });
  expect(stats.total).toMatchObject({ requests: 1 });
  await expect(there.keys.stats({ params: { id: 'nobody' } })).rejects.toMatchObject({ status: 404 });
});

test('what the filters leave is exported, and no cell is a formula', async () => {
  await addKey(gateway, { name: '=HYPERLINK("http://x","y")', tags: ['exported', '+1', 'a,b'] });
  await addKey(gateway, { name: 'plain', tags: ['exported'], budgets: [{ every: 'month', usd: 12.5 }] });
  const query = { tag: 'exported', sort: 'name' } as const;
  const csv = await (await gateway.admin.keys.export({ query: { ...query, format: 'csv' } })).text();
  const lines = csv.trim().split('\r\n');
  expect(lines).toHaveLength(3);
  expect(lines[0]).toContain('id,name,description,tags,status');
  expect(lines[1]).toContain(`"'=HYPERLINK(""http://x"",""y"")"`);
  expect(lines[2]).toMatch(/,12\.5,0,/);

  const file = await gateway.admin.keys.export({ query: { ...query, format: 'xlsx' } });
  const { Workbook } = await import('@cj-tech-master/excelts');
  const workbook = new Workbook();
  await workbook.xlsx.load(Buffer.from(await file.arrayBuffer()));
  const sheet = workbook.getWorksheet('Keys');
  expect(sheet?.rowCount).toBe(3);
  const cell = sheet?.getRow(2).getCell(2);
  expect(cell?.formula).toBeUndefined();
  expect(cell?.text).toBe('=HYPERLINK("http://x","y")');
});

async function signedIn(url: string) {
  let token = '';
  const client = createClient(api, { baseUrl: `${url}/api/v2`, token: () => token });
  const { ADMIN_PASSWORD } = await import('../gateway.ts');
  const session = await client.auth.adminLogin({ body: { username: 'admin', password: ADMIN_PASSWORD } });
  ({ token } = session);
  return client;
}

test('secrets are in no answer but the one that makes them', async () => {
  const { id, secret } = await addKey(gateway, { name: 'quiet' });
  const rotated = await gateway.admin.keys.rotate({ params: { id }, body: { graceSeconds: 60 } });
  const answers = JSON.stringify([
    await gateway.admin.keys.get({ params: { id } }),
    await gateway.admin.keys.list({ query: { search: 'quiet' } }),
    await gateway.admin.audit.list({ query: { targetId: id } }),
  ]);
  for (const word of [secret.slice(10, 60), rotated.secret.slice(10, 60), 'secretHash']) {
    expect(answers).not.toContain(word);
  }
});
