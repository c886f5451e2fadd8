import { expect, test } from 'vitest';
import type { LiveAccount } from '../modules/accounts/index.ts';
import { createProviders } from '../providers/registry.ts';
import { builtInEndpoints } from '../config/endpoints.ts';
import type { RequestFacts } from '../protocols/protocol.ts';
import { type AccountState, eligible, rank, upstreamModel } from './route.ts';

const provider = createProviders(builtInEndpoints).get('claude-console');
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
  client: 'curl',
};
const nowMs = Date.parse('2026-11-01T00:00:00Z');

function account(id: string, fields: Partial<LiveAccount['document']> = {}, kind = provider): LiveAccount {
  if (kind === undefined) throw new Error('no provider');
  return {
    document: {
      id,
      kind: kind.kind,
      name: `Account ${id}`,
      description: '',
      settings: {},
      credentialSealed: '',
      priority: 50,
      weight: 1,
      maxConcurrency: 0,
      models: { allow: [], map: {} },
      clients: [],
      enabled: true,
      expiresAt: null,
      createdAt: '',
      updatedAt: '',
      version: 1,
      ...fields,
    },
    provider: kind,
    defect: null,
    isOperatorAddress: false,
    prepare: () => {
      throw new Error('not prepared here');
    },
  };
}

const healthy: AccountState = { resting: null, inFlight: 0 };

function choose(
  accounts: LiveAccount[],
  options: {
    states?: Record<string, AccountState>;
    excluded?: Map<string, string>;
    random?: () => number;
    permissions?: 'all' | string[];
  } = {},
) {
  return rank({
    accounts,
    facts,
    permissions: options.permissions ?? 'all',
    stateOf: ({ document }) => options.states?.[document.id] ?? healthy,
    excluded: options.excluded ?? new Map(),
    nowMs,
    random: options.random ?? Math.random,
  });
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
    inFlight: 0,
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

test('shares follow the weights', () => {
  const accounts = [account('heavy', { weight: 3 }), account('light', { weight: 1 })];
  const load = { heavy: 0, light: 0 };
  let seed = 1;
  const random = (): number => {
    seed = (seed * 16_807) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  // With no load to tell them apart, two draws and the lighter load per weight favour the heavy one.
  for (let index = 0; index < 400; index += 1) {
    const id = chosenId(
      choose(accounts, {
        random,
        states: {
          heavy: { resting: null, inFlight: load.heavy },
          light: { resting: null, inFlight: load.light },
        },
      }),
    );
    if (id === 'heavy') load.heavy += 1;
    if (id === 'light') load.light += 1;
  }
  expect(load.heavy / load.light).toBeGreaterThan(2);
  expect(load.heavy / load.light).toBeLessThan(4);
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
    inFlight: 0,
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
  expect(choose([account('a')], { permissions: ['gemini'] })).toMatchObject({
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
