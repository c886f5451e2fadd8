// Taking care of accounts: pauses and hours that routing respects, many at once, and what is told of their last day.
import { accountHealthSchema } from '@crs/shared';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, newest, send } from '../relay-client.ts';

const HOUR_MS = 3_600_000;
const kind = 'claude-console';

let gateway: TestGateway;
let ahead = 0;
const now = (): number => Date.now() + ahead;

beforeAll(async () => {
  gateway = await startTestGateway({
    env: { TIMEZONE_OFFSET: '0' },
    overrides: { clock: { now } },
  });
});
afterAll(() => gateway.close());

type Added = Awaited<ReturnType<typeof addAccount>>;

async function boundKey(accounts: readonly Added[]): Promise<{ id: string; secret: string }> {
  return addKey(gateway, { binds: accounts.map(({ id }) => ({ kind, accountId: id })), debug: true });
}

function change(id: string, body: object) {
  return gateway.admin.accounts.update({ params: { kind, id }, body });
}

test('a paused account is passed over with its reason, and serves again by itself', async () => {
  const [paused, other] = [await addAccount(gateway, { priority: 1 }), await addAccount(gateway)];
  const { secret } = await boundKey([paused, other]);
  const until = new Date(now() + HOUR_MS).toISOString();
  expect(await change(paused.id, { pausedUntil: until })).toMatchObject({
    status: 'disabled',
    reason: `Paused until ${until}`,
    until,
    pausedUntil: until,
    enabled: true,
  });
  const answer = await send(gateway.url, secret, { body: message('hi') });
  expect(answer.headers['x-relay-account']).toBe(other.name);
  const { decision } = await newest(gateway);
  expect(decision.candidates.find(({ accountId }) => accountId === paused.id)).toMatchObject({
    eligible: false,
    reason: `Paused until ${until}`,
  });

  // With nobody else the client learns when to come back.
  await change(other.id, { enabled: false });
  const refused = await send(gateway.url, secret, { body: message('hi') });
  expect(refused.status).toBe(429);
  expect(Number(refused.headers['retry-after'])).toBeGreaterThan(3500);

  ahead += HOUR_MS;
  const served = await send(gateway.url, secret, { body: message('hi') });
  expect(served.headers['x-relay-account']).toBe(paused.name);
});

test('an account serves in its hours only; the list tells who may be tried', async () => {
  const account = await addAccount(gateway);
  const { id: keyId, secret } = await boundKey([account]);
  const days = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const;
  const hour = new Date(now()).getUTCHours();
  const clock = (hours: number): string => `${String((hour + hours) % 24).padStart(2, '0')}:00`;
  await change(account.id, { serviceHours: [{ days: [...days], from: clock(2), to: clock(4) }] });
  expect((await send(gateway.url, secret, { body: message('hi') })).status).toBe(429);
  const listed = async (query: object): Promise<string[]> =>
    (await gateway.admin.accounts.list({ query: { keyId, ...query } })).items.map(({ id }) => id);
  expect(await listed({ schedulable: false })).toEqual([account.id]);
  expect(await listed({ schedulable: true })).toEqual([]);
  ahead += 2 * HOUR_MS;
  expect((await send(gateway.url, secret, { body: message('hi') })).status).toBe(200);
  expect(await listed({ schedulable: true })).toEqual([account.id]);
  await expect(
    change(account.id, { serviceHours: [{ days: ['mon'], from: '09:00', to: '09:00' }] }),
  ).rejects.toThrow(/whole day/);
});

test('health tells of the last day: attempts, failures in the words of the vendor without secrets, changes', async () => {
  const account = await addAccount(gateway);
  const { secret } = await boundKey([account]);
  await send(gateway.url, secret, { body: message('hi') });
  gateway.simulator.setFault({ match: { apiKey: account.apiKey }, status: 401 });
  await send(gateway.url, secret, { body: message('hi') });
  const { id: requestId } = await newest(gateway);
  gateway.simulator.clearFaults();
  await gateway.admin.accounts.reset({ params: { kind, id: account.id } });
  const health = await gateway.admin.accounts.health({ params: { kind, id: account.id } });
  accountHealthSchema.strict().parse(health);
  expect(health.status).toBe('ready');
  expect(health.quarters).toHaveLength(96);
  const sums = health.quarters.reduce(
    (sum, { requests, failures }) => ({
      requests: sum.requests + requests,
      failures: sum.failures + failures,
    }),
    { requests: 0, failures: 0 },
  );
  expect(sums).toEqual({ requests: 2, failures: 1 });
  expect(health.quarters.at(-1)).toMatchObject({ requests: 2, failures: 1, status: 'needs-login' });
  expect(health.quarters[0]).toMatchObject({ status: null });
  expect(health.errors).toMatchObject([
    { status: 401, code: 'credential_rejected', model: 'claude-sonnet-5-5', requestId },
  ]);
  expect(health.changes).toMatchObject([
    { from: 'needs-login', to: 'ready', by: 'admin' },
    { from: 'ready', to: 'needs-login', by: null },
  ]);

  // Nothing of it is left behind.
  await gateway.admin.keys.removeMany({
    body: { ids: (await gateway.admin.keys.list({ query: {} })).items.map(({ id }) => id) },
  });
  await gateway.admin.accounts.remove({ params: { kind, id: account.id } });
  const { background, keyspace } = gateway.gateway.services.redis;
  expect(
    await background.exists(keyspace.accountErrors(account.id), keyspace.accountChanges(account.id)),
  ).toBe(0);
});

test('many are changed at once: what would change is told first, a refusal keeps no other, each has its audit entry', async () => {
  const accounts = [
    await addAccount(gateway),
    await addAccount(gateway),
    await addAccount(gateway, { priority: 7 }),
  ];
  const ids = accounts.map(({ id }) => id);
  const { id: groupId } = await gateway.admin.groups.create({ body: { name: 'Team' } });
  const proxy = {
    type: 'http' as const,
    host: 'proxy.example',
    port: 8080,
    username: 'u',
    password: 'a-proxy-password',
  };
  const body = { ids: [...ids, 'gone'], set: { priority: 7, proxy }, addGroups: [groupId] };
  const preview = await gateway.admin.accounts.updateMany({ body: { ...body, dryRun: true } });
  expect(preview).toMatchObject({ dryRun: true, changed: 3, unchanged: 0, failed: 1 });
  expect(preview.results[0]?.changes).toMatchObject([
    { field: 'priority', before: 50, after: 7 },
    { field: 'groupIds', before: [], after: [groupId] },
    { field: 'proxy', before: null, after: { host: 'proxy.example', hasPassword: true } },
  ]);
  expect(preview.results[2]?.changes.map(({ field }) => field)).toEqual(['groupIds', 'proxy']);
  expect(preview.results[3]?.error).toMatchObject({ code: 'not_found' });
  expect((await gateway.admin.groups.get({ params: { id: groupId } })).accountIds).toEqual([]);

  // One is changed between the look and the change.
  const versions = Object.fromEntries(
    preview.results.flatMap(({ id, version }) => (version === null ? [] : [[id, version]])),
  );
  await change(ids[1] ?? '', { weight: 2 });
  const made = await gateway.admin.accounts.updateMany({ body: { ...body, versions } });
  expect(made).toMatchObject({ dryRun: false, changed: 2, failed: 2 });
  expect(made.results[1]?.error).toMatchObject({ code: 'conflict' });
  expect((await gateway.admin.groups.get({ params: { id: groupId } })).accountIds.toSorted()).toEqual(
    [ids[0], ids[2]].toSorted(),
  );
  const again = await gateway.admin.accounts.updateMany({ body: { ids, set: { priority: 7 } } });
  expect(again).toMatchObject({ changed: 1, unchanged: 2 });
  const { items: ofGroup } = await gateway.admin.accounts.list({ query: { groupId, hasProxy: 'true' } });
  expect(ofGroup.map(({ id }) => id).toSorted()).toEqual([ids[0], ids[2]].toSorted());

  const first = accounts[0];
  if (first === undefined) throw new Error('no account');
  const { id: keyId } = await boundKey([first]);
  const removed = await gateway.admin.accounts.removeMany({ body: { ids } });
  expect(removed).toMatchObject({ changed: 2, failed: 1 });
  expect(removed.results[0]?.error).toMatchObject({ code: 'in_use' });
  await gateway.admin.keys.remove({ params: { id: keyId } });
  const { items } = await gateway.admin.audit.list({ query: { targetId: first.id } });
  expect(items.map(({ action }) => action)).toEqual(['account.update', 'account.create']);
  expect(JSON.stringify([preview, made, items])).not.toContain('a-proxy-password');
});

test('a reset of many ends their rests, and is an act of its own', async () => {
  const [ill, well] = [await addAccount(gateway), await addAccount(gateway)];
  const { secret } = await boundKey([ill]);
  gateway.simulator.setFault({ match: { apiKey: ill.apiKey }, status: 401 });
  await send(gateway.url, secret, { body: message('hi') });
  gateway.simulator.clearFaults();
  const ids = [ill.id, well.id];
  const answer = await gateway.admin.accounts.updateMany({ body: { ids, reset: true } });
  expect(answer).toMatchObject({ changed: 1, unchanged: 1 });
  expect(answer.results[0]?.changes).toEqual([{ field: 'health', before: 'needs-login', after: 'ready' }]);
  expect(await gateway.admin.accounts.get({ params: { kind, id: ill.id } })).toMatchObject({
    status: 'ready',
  });
  const { items } = await gateway.admin.audit.list({ query: { action: 'account.reset' } });
  expect(items.filter(({ target }) => ids.includes(target.id))).toHaveLength(1);
});
