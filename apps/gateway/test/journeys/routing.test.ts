import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, type Answer, errorOf, message, newest, rows, send } from '../relay-client.ts';

const FIRST_EVENT_MS = 600;
const MINUTE = 60_000;

let gateway: TestGateway;
let replica: Awaited<ReturnType<TestGateway['replica']>>;
let secret = '';
/** Moves the clock of both gateways; Redis keeps its own. */
let ahead = 0;

beforeAll(async () => {
  gateway = await startTestGateway({
    env: { FIRST_EVENT_TIMEOUT_MS: String(FIRST_EVENT_MS), CONNECT_TIMEOUT_MS: '500' },
    overrides: { clock: { now: () => Date.now() + ahead } },
  });
  replica = await gateway.replica();
  ({ secret } = await addKey(gateway, { debug: true }));
});
afterAll(async () => {
  await gateway.close();
});
afterEach(async () => {
  gateway.simulator.reset();
  const { items: keys } = await gateway.admin.keys.list({ query: { pageSize: 100, search: 'bound' } });
  for (const { id } of keys) await gateway.admin.keys.remove({ params: { id } });
  const { items } = await gateway.admin.accounts.list({ query: { pageSize: 100 } });
  for (const { kind, id } of items) await gateway.admin.accounts.remove({ params: { kind, id } });
});

type Added = Awaited<ReturnType<typeof addAccount>>;

/** Accounts that both gateways know. */
async function addAccounts(count: number, fields: Parameters<typeof addAccount>[1] = {}): Promise<Added[]> {
  const added: Added[] = [];
  for (let index = 0; index < count; index += 1) added.push(await addAccount(gateway, fields));
  await known(added);
  return added;
}

async function known(accounts: readonly { id: string }[]): Promise<void> {
  for (const { id } of accounts) {
    await expect
      .poll(() => replica.gateway.services.accounts.find(id) !== undefined, { timeout: 6000 })
      .toBe(true);
  }
}

function hits({ apiKey }: { apiKey: string }): number {
  return gateway.simulator.count({ apiKey });
}

/** Name of the account that answered. */
function servedBy(answer: Answer): string {
  expect(answer.status).toBe(200);
  return String(answer.headers['x-relay-account']);
}

function ask(url: string, session: string | null = null, key = secret, text = 'hi'): Promise<Answer> {
  const headers = session === null ? {} : { 'x-claude-code-session-id': session };
  return send(url, key, { headers, body: message(text) });
}

/** One request every few ms, at both gateways in turn. */
async function load(requests: number, everyMs: number): Promise<Answer[]> {
  const answers: Promise<Answer>[] = [];
  for (let request = 0; request < requests; request += 1) {
    answers.push(ask(request % 2 === 0 ? gateway.url : replica.url));
    await sleep(everyMs);
  }
  return Promise.all(answers);
}

describe('one dead account of five', () => {
  test.each([
    ['resets every connection', { reset: true }],
    ['answers every request with 500', { status: 500 }],
    ['answers every request with the page of a proxy', { status: 502, html: true }],
  ] as const)('that %s: no client sees it, and it is left alone', async (_, fault) => {
    const [dead] = await addAccounts(5);
    if (dead === undefined) throw new Error('no account');
    gateway.simulator.setFault({ match: { apiKey: dead.apiKey }, ...fault });
    const requests = 200;
    const answers = await load(requests, 10);
    const failed = answers.filter(({ status }) => status !== 200);
    expect(failed.map((answer) => errorOf(answer))).toEqual([]);
    expect(hits(dead)).toBeLessThanOrEqual(5);
    expect(gateway.simulator.count()).toBeLessThanOrEqual(requests * 1.03);
  });

  test('is tried by one request at a time when its rest is over, and used again when it is well', async () => {
    const [dead] = await addAccounts(3);
    if (dead === undefined) throw new Error('no account');
    gateway.simulator.setFault({ match: { apiKey: dead.apiKey }, reset: true });
    await load(40, 5);
    const opened = hits(dead);
    expect(opened).toBeGreaterThanOrEqual(3);

    ahead += MINUTE;
    await Promise.all(Array.from({ length: 30 }, (_, index) => ask(index % 2 ? gateway.url : replica.url)));
    await load(20, 5);
    expect(hits(dead)).toBe(opened + 1);

    gateway.simulator.clearFaults();
    ahead += 2 * MINUTE;
    await load(40, 5);
    expect(hits(dead)).toBeGreaterThan(opened + 5);
    const { items } = await gateway.admin.accounts.list({ query: {} });
    expect(items.map(({ status }) => status)).toEqual(['ready', 'ready', 'ready']);
  });
});

test('a silent upstream is left for the next account as soon as the first event is overdue', async () => {
  const silent = await addAccount(gateway, { priority: 1 });
  await addAccount(gateway, { priority: 2 });
  gateway.simulator.setFault({ match: { apiKey: silent.apiKey }, hang: true });
  const answer = await send(gateway.url, secret, { body: message('[[say:fine]]', { stream: true }) });
  expect(answer.body.toString()).toContain('fine');
  const { timeline } = await newest(gateway);
  const [first = 0, second = 0] = timeline.flatMap(({ event, atMs }) => (event === 'sent' ? [atMs] : []));
  expect(second - first).toBeGreaterThanOrEqual(FIRST_EVENT_MS);
  expect(second - first).toBeLessThan(FIRST_EVENT_MS + 100);
});

describe('sessions', () => {
  /** Account of each session. */
  async function homes(sessions: readonly string[]): Promise<Map<string, string>> {
    const found = new Map<string, string>();
    for (const session of sessions) found.set(session, servedBy(await ask(gateway.url, session)));
    return found;
  }

  test('stay with their account on every gateway; one that is lost moves only its own', async () => {
    const accounts = await addAccounts(4);
    const sessions = Array.from({ length: 16 }, (_, index) => `session-${index}`);
    const before = await homes(sessions);
    expect(new Set(before.values()).size).toBe(4);
    let strays = 0;
    for (let turn = 0; turn < 12; turn += 1) {
      const url = turn % 2 === 0 ? replica.url : gateway.url;
      const answers = await Promise.all(sessions.map((session) => ask(url, session)));
      for (const [index, session] of sessions.entries()) {
        const answer = answers[index];
        if (answer === undefined || servedBy(answer) !== before.get(session)) strays += 1;
      }
    }
    expect(strays).toBe(0);
    expect(
      (await newest(gateway)).decision.candidates.find(({ reason }) => reason === 'sticky session'),
    ).toBeDefined();

    const [lost] = accounts;
    if (lost === undefined) throw new Error('no account');
    await gateway.admin.accounts.update({
      params: { kind: 'claude-console', id: lost.id },
      body: { enabled: false },
    });
    const after = await homes(sessions);
    const movedFrom = sessions.filter((session) => after.get(session) !== before.get(session));
    expect(movedFrom).toEqual(sessions.filter((session) => before.get(session) === lost.name));
    expect(await homes(sessions)).toEqual(after);
  });

  test('do not part when their first requests run side by side', async () => {
    await addAccounts(5);
    for (let round = 0; round < 5; round += 1) {
      const session = `side by side ${round}`;
      const answers = await Promise.all(Array.from({ length: 6 }, () => ask(gateway.url, session)));
      expect(new Set(answers.map(servedBy)).size).toBe(1);
    }
  });

  test('wait for an account that is back within a second, and move when it takes longer', async () => {
    const accounts = await addAccounts(3);
    const home = servedBy(await ask(gateway.url, 'patient'));
    const { apiKey } = accounts.find(({ name }) => name === home) ?? { apiKey: '' };
    gateway.simulator.setFault({ match: { apiKey }, status: 429, retryAfter: 1, times: 1 });
    // Another one's bad luck with the same account.
    await expect
      .poll(async () => {
        await ask(gateway.url);
        return gateway.simulator.count({ apiKey, status: 429 });
      })
      .toBe(1);
    expect(servedBy(await ask(gateway.url, 'patient'))).toBe(home);
    expect((await newest(gateway)).timeline.map(({ event }) => event)).toContain('waits');

    gateway.simulator.setFault({ match: { apiKey }, status: 429, retryAfter: 60, times: 1 });
    const moved = servedBy(await ask(gateway.url, 'patient'));
    expect(moved).not.toBe(home);
    expect(servedBy(await ask(gateway.url, 'patient'))).toBe(moved);
  });

  test('are kept in Redis under no name a client chose, and only as long as they are used', async () => {
    await addAccounts(1);
    const key = await addKey(gateway);
    expect((await ask(gateway.url, 'my own words', key.secret)).status).toBe(200);
    const { redis, relay } = gateway.gateway.services;
    const name = relay.sticky.keyOf(key.id, key.id, 'my own words');
    expect(name).not.toContain('own words');
    await expect.poll(() => redis.background.pttl(name)).toBeGreaterThan(59 * MINUTE);
  });
});

describe('binds', () => {
  async function serves(key: { secret: string }): Promise<string[]> {
    const names: string[] = [];
    for (let request = 0; request < 8; request += 1) {
      names.push(servedBy(await ask(gateway.url, null, key.secret)));
    }
    return [...new Set(names)].sort();
  }

  test('a key asks only the accounts and groups it is bound to, and nobody else asks what is not shared', async () => {
    const group = await gateway.admin.groups.create({ body: { name: 'team' } });
    const [own, member, open] = [
      await addAccount(gateway, { shared: false, priority: 1 }),
      await addAccount(gateway, { shared: false, groupIds: [group.id] }),
      await addAccount(gateway),
    ];
    const bind = { kind: 'claude-console', accountId: own.id };
    const toOne = await addKey(gateway, { name: 'bound to one', debug: true, binds: [bind] });
    const toGroup = await addKey(gateway, {
      name: 'bound to a group',
      debug: true,
      binds: [{ groupId: group.id }],
    });
    expect(await serves(toOne)).toEqual([own.name]);
    expect(await serves(toGroup)).toEqual([member.name]);
    expect(await serves({ secret })).toEqual([open.name]);

    const account = await gateway.admin.accounts.get({ params: { kind: 'claude-console', id: own.id } });
    expect(account.boundKeys).toBe(1);
    const deletions = [
      gateway.admin.accounts.remove({ params: { kind: 'claude-console', id: own.id } }),
      gateway.admin.groups.remove({ params: { id: group.id } }),
    ];
    const refusals = await Promise.all(
      deletions.map((deletion) => deletion.catch((error: unknown) => error)),
    );
    expect(refusals).toMatchObject([
      { status: 409, code: 'in_use' },
      { status: 409, code: 'in_use' },
    ]);
    expect(String(refusals[0])).toContain('"bound to one"');
    expect(String(refusals[1])).toContain('"bound to a group"');
    await gateway.admin.keys.update({ params: { id: toGroup.id }, body: { binds: [] } });
    await gateway.admin.groups.remove({ params: { id: group.id } });
    expect(await serves(toGroup)).toEqual([open.name]);
  });

  test('whether others may answer when the bound account cannot is the key’s own choice', async () => {
    const own = await addAccount(gateway, { priority: 90 });
    const other = await addAccount(gateway, { priority: 1 });
    const binds = [{ kind: 'claude-console', accountId: own.id }];
    const strict = await addKey(gateway, { name: 'bound, strict', debug: true, binds });
    const lenient = await addKey(gateway, { name: 'bound, lenient', debug: true, binds, bindFallback: true });
    expect(await serves(lenient)).toEqual([own.name]);
    gateway.simulator.setFault({ match: { apiKey: own.apiKey }, status: 429, retryAfter: 60 });
    const refused = await ask(gateway.url, null, strict.secret);
    expect([refused.status, errorOf(refused).error.details?.error_code]).toEqual([
      429,
      'accounts_cooling_down',
    ]);
    expect(await serves(lenient)).toEqual([other.name]);
    expect(hits(own)).toBe(9);

    await gateway.admin.accounts.update({
      params: { kind: 'claude-console', id: own.id },
      body: { models: { allow: ['claude-haiku-*'], map: {} } },
    });
    const unserved = await ask(gateway.url, null, strict.secret);
    expect(unserved.status).toBe(503);
    expect(errorOf(unserved).error.message).toContain('No account that this relay key is bound to');
  });

  test('the list of models is that of the accounts the key may use', async () => {
    const opus = await addAccount(gateway, { models: { allow: ['claude-opus-*'] }, shared: false });
    await addAccount(gateway, { models: { allow: ['claude-haiku-*'] } });
    const listed = async (key: { secret: string }): Promise<string[]> => {
      const answer = await send(gateway.url, key.secret, {
        method: 'GET',
        path: '/api/v1/models?limit=1000',
      });
      const { data } = JSON.parse(answer.body.toString()) as { data: { id: string }[] };
      return [...new Set(data.map(({ id }) => /opus|haiku|sonnet/.exec(id)?.[0] ?? id))].sort();
    };
    const binds = [{ kind: 'claude-console', accountId: opus.id }];
    expect(await listed({ secret })).toEqual(['haiku']);
    expect(await listed(await addKey(gateway, { name: 'bound', binds }))).toEqual(['opus']);
    const both = { name: 'bound, lenient', binds, bindFallback: true };
    expect(await listed(await addKey(gateway, both))).toEqual(['haiku', 'opus']);
    const other = { name: 'not bound', permissions: ['gemini' as const] };
    expect(await listed(await addKey(gateway, other))).toEqual([]);
  });

  test('a bind to what is not there is refused', async () => {
    const body = { name: 'bound to nothing', binds: [{ groupId: 'gone' }] };
    const error: unknown = await gateway.admin.keys.create({ body }).catch((refusal: unknown) => refusal);
    expect(error).toMatchObject({ status: 400, code: 'validation_failed' });
  });
});

test('an account that has spent its daily quota is passed over by every gateway until the day turns', async () => {
  const limited = await addAccount(gateway, { priority: 1, dailyUsd: 0.000_001 });
  const other = await addAccount(gateway, { priority: 2 });
  await known([limited, other]);
  expect(servedBy(await ask(gateway.url))).toBe(limited.name);
  expect(servedBy(await ask(gateway.url))).toBe(other.name);
  await expect
    .poll(async () => servedBy(await ask(replica.url)), { timeout: 6000, interval: 200 })
    .toBe(other.name);
  const shown = await gateway.admin.accounts.get({ params: { kind: 'claude-console', id: limited.id } });
  expect(shown).toMatchObject({ status: 'limited', reason: 'its daily quota of USD 0.000001 is used up' });
  expect(Date.parse(shown.until ?? '')).toBeGreaterThan(Date.now() + ahead);
});

test('an account that refuses a model which another one answers is not asked for that model again', async () => {
  const poor = await addAccount(gateway, { priority: 1 });
  const rich = await addAccount(gateway, { priority: 2 });
  const model = 'claude-opus-5-5';
  const opus = () => send(gateway.url, secret, { body: message('hi', { model }) });
  gateway.simulator.setFault({
    match: { apiKey: poor.apiKey, model },
    status: 404,
    errorType: 'not_found_error',
    message: `model: ${model}`,
  });
  expect(servedBy(await opus())).toBe(rich.name);
  expect(servedBy(await opus())).toBe(rich.name);
  expect(hits(poor)).toBe(1);
  expect(servedBy(await ask(gateway.url))).toBe(poor.name);
  const [row] = await rows(gateway);
  expect(row?.accountId).toBe(poor.id);
});

test('rests that the operator has set hold instead of the gateway’s own', async () => {
  const other = await startTestGateway({
    env: { UPSTREAM_ERROR_503_TTL_SECONDS: '120', UPSTREAM_ERROR_MAX_CUSTOM_TTL_SECONDS: '30' },
  });
  try {
    const { secret: own } = await addKey(other);
    const { id, apiKey } = await addAccount(other);
    const until = async (): Promise<number> => {
      const account = await other.admin.accounts.get({ params: { kind: 'claude-console', id } });
      await other.admin.accounts.reset({ params: { kind: 'claude-console', id } });
      return Math.round((Date.parse(account.until ?? '') - Date.now()) / 1000);
    };
    other.simulator.setFault({ match: { apiKey }, status: 503, times: 1 });
    await send(other.url, own, { body: message('hi') });
    expect(Math.abs((await until()) - 120)).toBeLessThanOrEqual(3);
    other.simulator.setFault({ match: { apiKey }, status: 429, retryAfter: 7200, times: 1 });
    await send(other.url, own, { body: message('hi') });
    expect(Math.abs((await until()) - 30)).toBeLessThanOrEqual(3);
  } finally {
    await other.close();
  }
});
