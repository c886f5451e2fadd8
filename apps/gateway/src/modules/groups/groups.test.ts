import { groupSchema, type groupRoutes } from '@crs/shared';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { adminContext, type AuditNote } from '../../../test/admin-context.ts';
import { providersAt } from '../../../test/providers.ts';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { noRestRules } from '../../../test/rest-rules.ts';
import type { AdminContext, Handlers } from '../../entry/handlers.ts';
import { createCalendar } from '../../platform/calendar.ts';
import { SecretBox } from '../../platform/crypto/index.ts';
import { createEvents } from '../../platform/events.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { Accounts } from '../accounts/index.ts';
import { groupHandlers } from './groups.routes.ts';
import { Groups } from './index.ts';

const START_MS = Date.parse('2026-03-01T12:00:00.000Z');
const query = { page: 1, pageSize: 20, sort: 'name' };

let server: TestRedis;
let redis: RedisConnections;
let accounts: Accounts;
let groups: Groups;
let handlers: Handlers<typeof groupRoutes>;
let context: AdminContext;
let audited: AuditNote[];
/** Group -> names of the keys bound to it. */
let boundKeys: Record<string, string[]>;

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});
beforeEach(async () => {
  await server.flush();
  boundKeys = {};
  const clock = { now: () => START_MS };
  const onError = (error: unknown): void => expect.unreachable(String(error));
  accounts = new Accounts({
    redis,
    events: createEvents(onError),
    clock,
    secrets: new SecretBox('k'.repeat(32)),
    providers: providersAt('https://api.example'),
    allowPrivateUpstreams: true,
    restRules: noRestRules,
    calendar: createCalendar({ type: 'offset', offsetMinutes: 0 }),
    groupsExist: (ids) => groups.exist(ids),
    spentToday: async (ids) => ids.map(() => 0),
    lookup: async () => [],
    send: () => Promise.reject(new Error('nothing is sent here')),
    onError,
  });
  groups = new Groups({ redis, clock, accounts, onError });
  await accounts.start();
  handlers = groupHandlers({
    groups,
    keysBoundTo: async (ids) => ids.map((id) => boundKeys[id] ?? []),
  });
  ({ context, audited } = adminContext());
});
afterEach(async () => {
  groups.stop();
  await accounts.stop();
});

async function addAccount(name: string, groupIds: string[] = []): Promise<string> {
  const { id } = await accounts.create('claude-console', {
    name,
    groupIds,
    credential: { apiKey: 'sk-ant-x' },
  });
  return id;
}

function create(body: { name: string; description?: string; accountIds?: string[] }) {
  return handlers.create({ params: undefined, query: undefined, body }, context);
}

function update(id: string, body: { name?: string; accountIds?: string[]; version?: number }) {
  return handlers.update({ params: { id }, query: undefined, body }, context);
}

function get(id: string) {
  return handlers.get({ params: { id }, query: undefined, body: undefined }, context);
}

test('a group is answered as the contract says, with its members and the number of keys bound to it', async () => {
  const [first, second] = [await addAccount('first'), await addAccount('second')];
  const group = await create({ name: 'team', description: 'of two', accountIds: [first, second] });
  boundKeys[group.id] = ['key one', 'key two'];
  const answer = await get(group.id);
  expect(groupSchema.parse(answer)).toEqual(answer);
  expect(answer).toMatchObject({ name: 'team', description: 'of two', boundKeys: 2, version: 1 });
  expect(answer.accountIds.toSorted()).toEqual([first, second].toSorted());
});

test('members are named by the group or by the account, and both say the same', async () => {
  const group = await create({ name: 'team' });
  const own = await addAccount('own', [group.id]);
  const other = await addAccount('other');
  expect((await get(group.id)).accountIds).toEqual([own]);
  const ofGroup = await accounts.list({ ...query, groupId: group.id });
  expect(ofGroup.views.map(({ document }) => document.id)).toEqual([own]);
  expect((await update(group.id, { accountIds: [other] })).accountIds).toEqual([other]);
  expect((await accounts.get('claude-console', own)).document.groupIds).toEqual([]);
  expect(accounts.find(other)?.document.groupIds).toEqual([group.id]);
  await accounts.remove('claude-console', other);
  expect((await get(group.id)).accountIds).toEqual([]);
});

test('what is not named in a change stays as it is, and a change on stale ground is refused', async () => {
  const id = await addAccount('member');
  const group = await create({ name: 'team', description: 'kept', accountIds: [id] });
  const renamed = await update(group.id, { name: 'crew', version: 1 });
  expect(renamed).toMatchObject({ name: 'crew', description: 'kept', accountIds: [id], version: 2 });
  await expect(update(group.id, { name: 'late', version: 1 })).rejects.toMatchObject({ code: 'conflict' });
});

test('names are unique, whatever their case, and free again after a deletion', async () => {
  const { id } = await create({ name: 'Team' });
  await expect(create({ name: 'team' })).rejects.toMatchObject({ code: 'name_taken' });
  const other = await create({ name: 'other' });
  await expect(update(other.id, { name: 'TEAM' })).rejects.toMatchObject({ code: 'name_taken' });
  await handlers.remove({ params: { id }, query: undefined, body: undefined }, context);
  expect((await create({ name: 'team' })).name).toBe('team');
});

test('accounts and groups that are not there are refused, and named', async () => {
  await expect(create({ name: 'team', accountIds: ['gone'] })).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ path: 'accountIds.0', message: 'there is no account with the id gone' }],
  });
  await expect(addAccount('lost', ['gone'])).rejects.toMatchObject({
    code: 'validation_failed',
    errors: [{ path: 'groupIds.0', message: 'there is no group with the id gone' }],
  });
  await expect(get('gone')).rejects.toMatchObject({ code: 'not_found' });
});

test('a group that keys are bound to is not deleted, and they are named; without them its accounts stay', async () => {
  const member = await addAccount('member');
  const group = await create({ name: 'team', accountIds: [member] });
  const remove = () =>
    handlers.remove({ params: { id: group.id }, query: undefined, body: undefined }, context);
  boundKeys[group.id] = ['alpha', 'beta'];
  await expect(remove()).rejects.toMatchObject({
    code: 'in_use',
    message: 'Keys are bound to this group: "alpha", "beta". Bind them elsewhere first',
  });
  boundKeys[group.id] = [];
  await remove();
  await expect(get(group.id)).rejects.toMatchObject({ code: 'not_found' });
  expect((await accounts.get('claude-console', member)).document.groupIds).toEqual([]);
});

test('lists are found by name and description, in order, and page by page', async () => {
  await create({ name: 'beta' });
  await create({ name: 'alpha', description: 'the first' });
  await create({ name: 'gamma' });
  const names = async (more: object) =>
    (
      await handlers.list({ params: undefined, query: { ...query, ...more }, body: undefined }, context)
    ).items.map(({ name }) => name);
  expect(await names({})).toEqual(['alpha', 'beta', 'gamma']);
  expect(await names({ sort: '-name', pageSize: 2, page: 2 })).toEqual(['alpha']);
  expect(await names({ search: 'FIRST' })).toEqual(['alpha']);
});

test('what was done is audited', async () => {
  const group = await create({ name: 'team' });
  await update(group.id, { name: 'crew' });
  await handlers.remove({ params: { id: group.id }, query: undefined, body: undefined }, context);
  const target = (name: string) => ({ type: 'group', id: group.id, name });
  expect(audited).toMatchObject([
    { action: 'group.create', target: target('team') },
    { action: 'group.update', target: target('crew') },
    { action: 'group.delete', target: target('crew') },
  ]);
});
