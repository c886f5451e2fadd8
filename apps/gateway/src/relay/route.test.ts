import { describe, expect, test } from 'vitest';
import type { LiveAccount } from '../modules/accounts/index.ts';
import { accountDocument } from '../../test/account-document.ts';
import { providersAt } from '../../test/providers.ts';
import type { RequestFacts } from '../protocols/protocol.ts';
import { eligible, type KeyScope, poolOf, Pools, upstreamModel } from './pool.ts';
import { type AccountState, rank } from './route.ts';

const provider = providersAt('https://api.example').get('claude-console');
if (provider === undefined) throw new Error('no provider');

const facts: RequestFacts = {
  dialect: 'anthropic',
  operation: 'generate',
  model: 'claude-sonnet-5-5',
  family: 'sonnet',
  stream: true,
  sessionId: null,
  maxOutputTokens: 100,
  inputTokensEstimate: 10,
  ceiling: {
    inputTokens: 30,
    passes: 1,
    webSearches: 0,
    conditions: { serviceTier: null, speed: null, inferenceGeo: null },
  },
  client: 'curl',
  service: null,
  pinnedTo: null,
  streamForm: 'events',
};
const nowMs = Date.parse('2026-11-01T00:00:00Z');

function account(id: string, fields: Partial<LiveAccount['document']> = {}, kind = provider): LiveAccount {
  if (kind === undefined) throw new Error('no provider');
  return {
    document: accountDocument({ id, kind: kind.kind, name: `Account ${id}`, settings: {}, ...fields }),
    provider: kind,
    defect: null,
    isOperatorAddress: false,
    subscription: null,
    market: () => null,
    proxy: null,
    expiresAtMs: null,
    isRenewable: false,
    lacks: () => null,
    prepare: () => {
      throw new Error('not prepared here');
    },
  };
}

const healthy: AccountState = { resting: null, isHalfOpen: false, inFlight: 0, recent: 0 };
const unbound: KeyScope = { permissions: 'all', binds: [], bindFallback: false };

interface ChooseOptions {
  states?: Record<string, Partial<AccountState>>;
  excluded?: Map<string, string>;
  random?: () => number;
  scope?: Partial<KeyScope>;
  sticky?: string[];
  mayWait?: boolean;
  /** Ids of the accounts whose state was asked for. */
  looked?: string[];
}

function choose(accounts: LiveAccount[], options: ChooseOptions = {}) {
  return rank({
    pool: poolOf(accounts, facts, { ...unbound, ...options.scope }, nowMs),
    sticky: options.sticky ?? [],
    mayWait: options.mayWait ?? true,
    shortWaitMs: 1500,
    stateOf: ({ document }) => {
      options.looked?.push(document.id);
      return { ...healthy, ...options.states?.[document.id] };
    },
    excluded: options.excluded ?? new Map(),
    nowMs,
    random: options.random ?? Math.random,
  });
}

/** The same numbers at every run. */
function seeded(): () => number {
  let seed = 1;
  return () => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
}

/** Requests one after another, each of which ends at once; how often each account was chosen. */
function distribute(accounts: LiveAccount[], requests: number, open = 0): Record<string, number> {
  const random = seeded();
  const recent: Record<string, number> = {};
  const running: string[] = [];
  const pool = poolOf(accounts, facts, unbound, nowMs);
  for (let request = 0; request < requests; request += 1) {
    const choice = rank({
      pool,
      sticky: [],
      mayWait: false,
      shortWaitMs: 1500,
      stateOf: ({ document: { id } }) => ({
        ...healthy,
        recent: recent[id] ?? 0,
        inFlight: running.filter((one) => one === id).length,
      }),
      excluded: new Map(),
      nowMs,
      random,
    });
    const id = chosenId(choice) ?? '';
    recent[id] = (recent[id] ?? 0) + 1;
    running.push(id);
    while (running.length > open) running.splice(Math.floor(random() * running.length), 1);
  }
  return recent;
}

function chosenId(choice: ReturnType<typeof choose>): string | null {
  return choice.type === 'account' ? choice.account.document.id : null;
}

test.each([
  [{ enabled: false }, 'switched off'],
  [{ expiresAt: '2026-10-31T00:00:00Z' }, 'expired'],
  [{ models: { allow: ['claude-opus-*'], map: {} } }, 'claude-sonnet-5-5 is not in its models'],
  [{ clients: ['codex_cli' as const] }, 'serves only codex_cli, not curl'],
])('an account with %j is passed over: %s', (fields, reason) => {
  expect(eligible(account('a', fields), facts, 'all', nowMs)).toBe(reason);
});

test('an account without a list of clients serves every client, one with a list only those', () => {
  expect(eligible(account('a'), facts, 'all', nowMs)).toBeNull();
  const listed = account('a', { clients: ['claude_code'] });
  expect(eligible(listed, facts, 'all', nowMs)).toBe('serves only claude_code, not curl');
  expect(eligible(listed, { ...facts, client: 'claude_code' }, 'all', nowMs)).toBeNull();
});

test('a mapped model is served whatever the list of models says, and is asked for under its own name', () => {
  const mapped = account('a', {
    models: { allow: ['x'], map: { 'my-model': 'claude-opus-5-5', 'fast-*': 'claude-haiku-5-5' } },
  });
  expect(eligible(mapped, { ...facts, model: 'my-model' }, 'all', nowMs)).toBeNull();
  expect(upstreamModel(mapped, 'my-model')).toBe('claude-opus-5-5');
  expect(upstreamModel(mapped, 'fast-one')).toBe('claude-haiku-5-5');
  expect(upstreamModel(mapped, 'claude-x')).toBe('claude-x');
});

test('a lower priority number comes first, and the next one when the first rests', () => {
  const accounts = [account('second', { priority: 20 }), account('first', { priority: 10 })];
  expect(chosenId(choose(accounts))).toBe('first');
  const resting = {
    resting: { untilMs: nowMs + 5000, status: 'cooling' as const, reason: 'rate limited' },
  };
  const choice = choose(accounts, { states: { first: resting } });
  expect(chosenId(choice)).toBe('second');
  expect(choice.verdicts).toContainEqual({
    accountId: 'first',
    accountName: 'Account first',
    eligible: false,
    reason: 'rate limited',
    score: null,
  });
});

test.each([0, 1, 3, 40])('shares follow the weights, with %i requests open', (open) => {
  const counts = distribute([account('heavy', { weight: 3 }), account('light', { weight: 1 })], 4000, open);
  expect(counts['heavy']).toBeGreaterThan(2850);
  expect(counts['heavy']).toBeLessThan(3150);
});

test('five equal accounts get equal shares within 5 % over 10,000 requests', () => {
  for (const open of [0, 20]) {
    const names = ['a', 'b', 'c', 'd', 'e'];
    const counts = distribute(
      names.map((name) => account(name)),
      10_000,
      open,
    );
    for (const name of names) expect(Math.abs((counts[name] ?? 0) - 2000)).toBeLessThan(100);
  }
});

test('so do five hundred, of which only some are looked at', () => {
  const accounts = Array.from({ length: 500 }, (_, index) => account(`a${index}`));
  const counts = Object.values(distribute(accounts, 10_000));
  expect(counts).toHaveLength(500);
  expect(Math.min(...counts)).toBeGreaterThanOrEqual(15);
  expect(Math.max(...counts)).toBeLessThanOrEqual(25);
});

test('an account that hangs is passed over long before anything times out', () => {
  const accounts = [account('hangs'), account('b'), account('c')];
  const states = { hangs: { inFlight: 5 }, b: { inFlight: 1, recent: 90 }, c: { inFlight: 1, recent: 90 } };
  const random = seeded();
  const chosen = Array.from({ length: 200 }, () => chosenId(choose(accounts, { random, states })));
  expect(chosen).not.toContain('hangs');
});

test('the busier of the two drawn is passed over', () => {
  const accounts = [account('busy'), account('idle')];
  const draws = [0.1, 0.9];
  const choice = choose(accounts, {
    random: () => draws.shift() ?? 0,
    states: { busy: { resting: null, inFlight: 9 } },
  });
  expect(chosenId(choice)).toBe('idle');
});

test('when all rest the earliest recovery is told, and tried ones do not count', () => {
  const rest = (untilMs: number | null) => ({
    resting: { untilMs, status: 'cooling' as const, reason: 'rate limited' },
  });
  const choice = choose([account('a'), account('b')], {
    states: { a: rest(nowMs + 9000), b: rest(nowMs + 4000) },
  });
  expect(choice).toMatchObject({
    type: 'none',
    why: 'resting',
    untilMs: nowMs + 4000,
    reason: 'rate limited',
  });
  expect(choose([account('a')], { excluded: new Map([['a', 'tried: timeout']]) })).toMatchObject({
    type: 'none',
    why: 'resting',
    untilMs: null,
  });
});

test('nobody serves the model, and nobody the key may use, are told apart', () => {
  expect(choose([account('a', { enabled: false })])).toMatchObject({ type: 'none', why: 'unserved' });
  expect(choose([account('a')], { scope: { permissions: ['gemini'] } })).toMatchObject({
    type: 'none',
    why: 'forbidden',
  });
});

test('the decision record names every candidate of a small pool, and stays small with a large one', () => {
  const few = choose([account('a'), account('b', { enabled: false }), account('c', { priority: 90 })]);
  expect(few.verdicts.map(({ accountId }) => accountId).sort()).toEqual(['a', 'b', 'c']);
  const many = choose(Array.from({ length: 500 }, (_, index) => account(`a${index}`)));
  expect(many.verdicts.length).toBeLessThanOrEqual(51);
  expect(many.verdicts.some(({ accountId }) => accountId === chosenId(many))).toBe(true);
});

describe('sessions', () => {
  const accounts = [account('a'), account('b', { priority: 10 }), account('c')];
  const resting = (forMs: number) => ({
    resting: { untilMs: nowMs + forMs, status: 'cooling' as const, reason: 'slow down' },
  });

  test('stay with their account, whatever its priority and load', () => {
    const choice = choose(accounts, { sticky: ['a'], states: { a: { inFlight: 50, recent: 900 } } });
    expect(chosenId(choice)).toBe('a');
    expect(choice.verdicts.find(({ accountId }) => accountId === 'a')?.reason).toBe('sticky session');
  });

  test('wait for an account that is back at once, but not for one that rests, and not twice', () => {
    const soon = { sticky: ['a'], states: { a: resting(1200) } };
    expect(choose(accounts, soon)).toMatchObject({ type: 'wait', untilMs: nowMs + 1200 });
    expect(chosenId(choose(accounts, { ...soon, mayWait: false }))).toBe('b');
    expect(chosenId(choose(accounts, { sticky: ['a'], states: { a: resting(5000) } }))).toBe('b');
  });

  test('move when their account is full, tried, gone or no longer theirs', () => {
    expect(chosenId(choose(accounts, { sticky: ['a'], excluded: new Map([['a', 'full']]) }))).toBe('b');
    expect(chosenId(choose(accounts, { sticky: ['deleted'] }))).toBe('b');
    const off = [account('a', { enabled: false }), account('b')];
    expect(chosenId(choose(off, { sticky: ['a'] }))).toBe('b');
  });

  test('that have just moved follow those beside them', () => {
    const states = { a: resting(5000) };
    expect(chosenId(choose(accounts, { sticky: ['a', 'c'], states }))).toBe('c');
  });

  test('are no probes of an account whose breaker is half open', () => {
    const choice = choose(accounts, { sticky: ['a'], states: { a: { isHalfOpen: true } } });
    expect(chosenId(choice)).toBe('b');
  });

  test('do not hold a key to an account outside its binds while a bound one can answer', () => {
    const scope = { binds: [{ kind: 'claude-console', accountId: 'c' }], bindFallback: true };
    expect(chosenId(choose(accounts, { scope, sticky: ['a'] }))).toBe('c');
    expect(chosenId(choose(accounts, { scope, sticky: ['a'], states: { c: resting(9000) } }))).toBe('a');
  });
});

test('an account whose breaker is half open is chosen as a probe', () => {
  const choice = choose([account('a')], { states: { a: { isHalfOpen: true } } });
  expect(choice).toMatchObject({ type: 'account', isProbe: true });
  expect(choose([account('a')])).toMatchObject({ type: 'account', isProbe: false });
});

describe('binds', () => {
  const toA = { binds: [{ kind: 'claude-console', accountId: 'a' }] };
  const rests = { resting: { untilMs: nowMs + 9000, status: 'cooling' as const, reason: 'slow down' } };

  test('a key asks only accounts it is bound to, also while they rest', () => {
    const accounts = [account('a', { priority: 90 }), account('b')];
    expect(chosenId(choose(accounts, { scope: toA }))).toBe('a');
    const choice = choose(accounts, { scope: toA, states: { a: rests } });
    expect(choice).toMatchObject({ type: 'none', why: 'resting', untilMs: nowMs + 9000 });
    expect(choice.verdicts.find(({ accountId }) => accountId === 'b')?.reason).toBe(
      'the key is bound to other accounts',
    );
  });

  test('with a fall-back the shared pool answers, but only then', () => {
    const accounts = [account('a', { priority: 90 }), account('b')];
    const scope = { ...toA, bindFallback: true };
    expect(chosenId(choose(accounts, { scope }))).toBe('a');
    expect(chosenId(choose(accounts, { scope, states: { a: rests } }))).toBe('b');
  });

  test('an account that is not shared serves only keys bound to it or to one of its groups', () => {
    const own = account('own', { shared: false, groupIds: ['g'] });
    expect(choose([own])).toMatchObject({ type: 'none', why: 'unserved' });
    expect(chosenId(choose([own], { scope: { binds: [{ groupId: 'g' }] } }))).toBe('own');
    const bound = { binds: [{ kind: 'claude-console', accountId: 'own' }] };
    expect(chosenId(choose([own, account('b')], { scope: bound }))).toBe('own');
  });

  test('all members of a group are asked, best priority first', () => {
    const members = [account('a', { groupIds: ['g'], priority: 20 }), account('b', { groupIds: ['g', 'h'] })];
    const accounts = [...members, account('c', { priority: 1 })];
    const scope = { binds: [{ groupId: 'g' }] };
    expect(chosenId(choose(accounts, { scope }))).toBe('a');
    expect(chosenId(choose(accounts, { scope, states: { a: rests } }))).toBe('b');
  });

  test.each([
    ['a deleted account', { kind: 'claude-console', accountId: 'gone' }],
    ['an account of another kind', { kind: 'claude', accountId: 'a' }],
    ['a deleted or empty group', { groupId: 'gone' }],
  ])('what a key was bound to does not widen: %s', (_, bind) => {
    expect(choose([account('a')], { scope: { binds: [bind] } })).toMatchObject({ type: 'none' });
  });

  test('a bind speaks only of models its accounts can answer', () => {
    const accounts = [account('a', {}, { ...provider, serves: (model) => model === 'other' }), account('b')];
    expect(chosenId(choose(accounts, { scope: toA }))).toBe('b');
  });
});

test('an account without the right to a model is passed over, with the reason', () => {
  const poor = { ...account('poor'), lacks: () => 'a pro subscription has Opus 4.5 and later only' };
  const choice = choose([poor, account('b')]);
  expect(chosenId(choice)).toBe('b');
  expect(choice.verdicts.find(({ accountId }) => accountId === 'poor')).toMatchObject({
    eligible: false,
    reason: 'a pro subscription has Opus 4.5 and later only',
  });
});

describe('a pool of five hundred', () => {
  const accounts = Array.from({ length: 500 }, (_, index) => account(`a${index}`));

  test('costs a handful of looks, also for a session', () => {
    for (const sticky of [[], ['a77'], ['a7']]) {
      const looked: string[] = [];
      const states = { a7: { resting: { untilMs: null, status: 'blocked' as const, reason: 'held' } } };
      expect(choose(accounts, { looked, sticky, states }).type).toBe('account');
      expect(looked.length).toBeLessThanOrEqual(9);
    }
  });

  test('is searched when nearly all of it rests, and says when the first is back when all of it does', () => {
    const rest = (untilMs: number) => ({
      resting: { untilMs, status: 'cooling' as const, reason: 'slow down' },
    });
    const states = Object.fromEntries(
      accounts.map(({ document: { id } }, index) => [id, rest(nowMs + 2000 + index)]),
    );
    expect(choose(accounts, { states })).toMatchObject({ type: 'none', untilMs: nowMs + 2000 });
    const { a321: _healthy, ...others } = states;
    const looked: string[] = [];
    const choice = choose(accounts, { states: others, looked });
    expect(chosenId(choice)).toBe('a321');
    expect(looked.length).toBeLessThanOrEqual(500);
    expect(choice.verdicts.length).toBeLessThanOrEqual(51);
  });
});

describe('remembered pools', () => {
  const accounts = [account('a'), account('b', { expiresAt: '2026-11-01T00:10:00Z' })];

  test('serve every request alike until an account changes or expires', () => {
    const pools = new Pools();
    const first = pools.get(accounts, facts, unbound, nowMs);
    expect(pools.get(accounts, { ...facts, client: 'python-requests' }, { ...unbound }, nowMs)).toBe(first);
    expect(pools.get([...accounts], facts, unbound, nowMs)).not.toBe(first);
    const later = pools.get(accounts, facts, unbound, nowMs + 600_000);
    expect([...(later.segments[0]?.byId.keys() ?? [])]).toEqual(['a']);
  });

  test('are told apart by model, client, permissions and binds', () => {
    const pools = new Pools();
    const base = pools.get(accounts, facts, unbound, nowMs);
    const others: [RequestFacts, KeyScope][] = [
      [{ ...facts, model: 'claude-opus-5-5' }, unbound],
      [{ ...facts, client: 'claude_code' }, unbound],
      [facts, { ...unbound, permissions: ['claude'] }],
      [facts, { ...unbound, binds: [{ groupId: 'g' }] }],
      [facts, { ...unbound, binds: [{ groupId: 'g' }], bindFallback: true }],
    ];
    for (const [otherFacts, otherScope] of others) {
      expect(pools.get(accounts, otherFacts, otherScope, nowMs)).not.toBe(base);
    }
  });
});
