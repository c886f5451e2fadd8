import { describe, expect, test } from 'vitest';
import type { UpstreamFailure } from '../../providers/provider.ts';
import { accountDocument } from '../../../test/account-document.ts';
import {
  familyRefusal,
  type HealthResult,
  type HealthState,
  healthyState,
  isHalfOpen,
  nextHealth,
  refusal,
  standing,
  streakHeard,
} from './health-state.ts';

const NOW = 1_000_000_000_000;
const SECOND = 1000;
const MINUTE = 60_000;

function failure(fields: Partial<UpstreamFailure>): Extract<HealthResult, { type: 'failed' }> {
  return {
    type: 'failed',
    family: 'opus',
    failure: {
      reason: 'server_error',
      fault: 'account',
      retry: 'other',
      coolDownMs: null,
      coolDownScope: 'account',
      accountState: null,
      message: 'it broke',
      ...fields,
    },
  };
}

const unreachable = failure({ reason: 'unreachable', fault: 'network' });
const delivered: HealthResult = { type: 'delivered', family: 'opus' };
const account = { document: accountDocument({}), defect: null };

/** The state after results that come in at those times. */
function after(
  results: [atMs: number, result: HealthResult][],
  from: HealthState = healthyState,
): HealthState {
  return results.reduce((state, [atMs, result]) => nextHealth(state, result, atMs), from);
}

function repeated(count: number, atMs: number, result: HealthResult): [number, HealthResult][] {
  return Array.from({ length: count }, () => [atMs, result]);
}

describe('failures in a row', () => {
  test('the third one rests the account for 30 s', () => {
    const two = after([
      [NOW, unreachable],
      [NOW + 1, unreachable],
    ]);
    expect(refusal(account, two, NOW + 1)).toBeNull();
    const three = nextHealth(two, unreachable, NOW + 2);
    expect(refusal(account, three, NOW + 3)).toEqual({
      status: 'cooling',
      reason: '3 failures in a row, the last: it broke',
      untilMs: NOW + 2 + 30 * SECOND,
    });
    expect(refusal(account, three, NOW + 2 + 30 * SECOND)).toBeNull();
  });

  test('each further one doubles the rest, up to 10 minutes', () => {
    let state = after([
      [NOW, unreachable],
      [NOW, unreachable],
    ]);
    const restsMs: number[] = [];
    let atMs = NOW;
    for (let round = 0; round < 7; round += 1) {
      state = nextHealth(state, unreachable, atMs);
      const untilMs = state.rest?.untilMs ?? 0;
      restsMs.push(untilMs - atMs);
      atMs = untilMs;
    }
    expect(restsMs).toEqual([30, 60, 120, 240, 480, 600, 600].map((seconds) => seconds * SECOND));
  });

  test('requests that began before the rest do not prolong it', () => {
    const three = after([
      [NOW, unreachable],
      [NOW, unreachable],
      [NOW, unreachable],
    ]);
    const later = after(repeated(20, NOW + SECOND, unreachable), three);
    expect(later).toEqual(three);
  });

  test('a delivery ends the row, but no rest that still runs', () => {
    const two = after([
      [NOW, unreachable],
      [NOW, unreachable],
      [NOW, delivered],
    ]);
    expect(two).toEqual(healthyState);
    const resting = after([
      [NOW, unreachable],
      [NOW, unreachable],
      [NOW, unreachable],
      [NOW + SECOND, delivered],
    ]);
    expect(resting.streak).toBe(0);
    expect(refusal(account, resting, NOW + 2 * SECOND)).toMatchObject({ status: 'cooling' });
    expect(nextHealth(resting, delivered, NOW + MINUTE)).toEqual(healthyState);
  });

  test.each<[string, Partial<UpstreamFailure>]>([
    ["the client's", { fault: 'client', reason: 'invalid_request' }],
    ["the vendor's overload", { fault: 'service', reason: 'overloaded' }],
    ['a spent quota', { fault: 'account', reason: 'rate_limited', coolDownMs: 0 }],
  ])('%s is not counted', (_, fields) => {
    const state = after(repeated(10, NOW, failure(fields)));
    expect(state.streak).toBe(0);
    expect(refusal(account, state, NOW + 1)).toBeNull();
  });
});

describe('a server that only ever fails', () => {
  const broken = failure({ fault: 'service', reason: 'server_error' });

  test('opens the breaker as a dead account does, for 5 to 15 s', () => {
    let state = after(repeated(2, NOW, broken));
    const restsMs: number[] = [];
    let atMs = NOW;
    for (let round = 0; round < 4; round += 1) {
      state = nextHealth(state, broken, atMs);
      restsMs.push((state.rest?.untilMs ?? 0) - atMs);
      atMs = state.rest?.untilMs ?? 0;
    }
    expect(restsMs).toEqual([5, 10, 15, 15].map((seconds) => seconds * SECOND));
  });
});

describe('the breaker', () => {
  const open = after(repeated(3, NOW, unreachable));

  test('opens at once where half of the latest requests failed', () => {
    const often = { ...unreachable, isFailingOften: true };
    const state = nextHealth(healthyState, often, NOW);
    expect(state.rest).toEqual({
      untilMs: NOW + 30 * SECOND,
      reason: 'half of the latest requests failed, the last: it broke',
    });
    expect(isHalfOpen(state, NOW + 30 * SECOND)).toBe(true);
  });

  test('is half open after its rest, until one request is delivered', () => {
    expect(isHalfOpen(open, NOW + 29 * SECOND)).toBe(false);
    expect(isHalfOpen(open, NOW + 30 * SECOND)).toBe(true);
    expect(standing(account, open, NOW + 30 * SECOND)).toEqual({
      status: 'ready',
      reason: 'One request at a time tries it after 3 failures, until one is answered',
      untilMs: null,
    });
    const closed = nextHealth(open, delivered, NOW + 31 * SECOND);
    expect(closed).toEqual(healthyState);
    const failed = nextHealth(open, unreachable, NOW + 31 * SECOND);
    expect(failed.rest?.untilMs).toBe(NOW + 91 * SECOND);
    expect(isHalfOpen(failed, NOW + 91 * SECOND)).toBe(true);
  });

  test('a rest that the vendor asked for needs no probe', () => {
    const limited = failure({ reason: 'rate_limited', coolDownMs: MINUTE });
    expect(isHalfOpen(nextHealth(healthyState, limited, NOW), NOW + MINUTE)).toBe(false);
  });
});

describe("the operator's own rests", () => {
  const ruled = (fields: Partial<UpstreamFailure>, ruledRestMs: number | null): HealthState =>
    nextHealth(healthyState, { ...failure(fields), ruledRestMs }, NOW);

  test('hold as they are, also for an overload', () => {
    const state = ruled({ fault: 'service', reason: 'overloaded', coolDownMs: SECOND }, 10 * MINUTE);
    expect(state.rest?.untilMs).toBe(NOW + 10 * MINUTE);
    expect(ruled({ fault: 'service', reason: 'overloaded', coolDownMs: SECOND }, 0).rest).toBeNull();
  });

  test('stand in for an administrator after a refused credential', () => {
    const state = ruled({ reason: 'credential_rejected', accountState: 'needs-login' }, MINUTE);
    expect(state).toMatchObject({ hold: null, rest: { untilMs: NOW + MINUTE } });
    expect(ruled({ reason: 'credential_rejected', accountState: 'needs-login' }, null).hold).not.toBeNull();
  });

  test('say nothing of failures that are the client’s', () => {
    expect(ruled({ fault: 'client' }, MINUTE)).toBe(healthyState);
  });
});

test('an account is not asked again for a model that it refused and another one answered', () => {
  const result: HealthResult = { type: 'model_refused', model: 'claude-opus-5-5', reason: 'not yours' };
  const state = nextHealth(healthyState, result, NOW);
  expect(familyRefusal(account, state, 'opus', NOW, 'claude-opus-5-5')).toMatchObject({
    status: 'limited',
    reason: 'not yours',
    untilMs: NOW + 6 * 60 * MINUTE,
  });
  expect(familyRefusal(account, state, 'opus', NOW, 'claude-opus-4-1')).toBeNull();
});

describe('rests', () => {
  test('a failure of the client changes nothing at all', () => {
    const result = failure({ fault: 'client', coolDownMs: MINUTE, accountState: 'blocked' });
    expect(nextHealth(healthyState, result, NOW)).toBe(healthyState);
  });

  test('a family rests on its own, others go on', () => {
    const state = after([
      [NOW, failure({ reason: 'rate_limited', coolDownMs: MINUTE, coolDownScope: 'family' })],
    ]);
    expect(familyRefusal(account, state, 'opus', NOW)).toEqual({
      status: 'limited',
      reason: 'it broke',
      untilMs: NOW + MINUTE,
    });
    expect(familyRefusal(account, state, 'sonnet', NOW)).toBeNull();
    expect(refusal(account, state, NOW)).toBeNull();
    expect(standing(account, state, NOW)).toEqual({
      status: 'limited',
      reason: 'opus: it broke',
      untilMs: NOW + MINUTE,
    });
    expect(standing(account, state, NOW + MINUTE).status).toBe('ready');
    expect(nextHealth(state, delivered, NOW + MINUTE)).toEqual(healthyState);
  });

  test("an overload of the vendor's never rests anything for more than 15 s", () => {
    const overload = failure({ fault: 'service', reason: 'overloaded', coolDownMs: 10 * MINUTE });
    expect(nextHealth(healthyState, overload, NOW).rest?.untilMs).toBe(NOW + 15 * SECOND);
  });

  test('a shorter rest does not cut a longer one', () => {
    const limited = (coolDownMs: number, message: string): HealthResult =>
      failure({ reason: 'rate_limited', coolDownMs, message });
    const state = after([
      [NOW, limited(MINUTE, 'long')],
      [NOW, limited(SECOND, 'short')],
    ]);
    expect(state.rest).toEqual({ untilMs: NOW + MINUTE, reason: 'long' });
  });

  test('what has ended is forgotten in time, what runs is not', () => {
    const state = after([
      [NOW, failure({ reason: 'rate_limited', coolDownMs: MINUTE })],
      [NOW, failure({ reason: 'rate_limited', coolDownMs: 9 * MINUTE, coolDownScope: 'family' })],
    ]);
    const tidied = nextHealth(state, { type: 'tidy', endedBeforeMs: NOW + MINUTE }, NOW);
    expect(tidied.rest).toBeNull();
    expect(Object.keys(tidied.families)).toEqual(['opus']);
    expect(nextHealth(tidied, { type: 'tidy', endedBeforeMs: NOW + MINUTE }, NOW)).toBe(tidied);
    expect(nextHealth(tidied, { type: 'tidy', endedBeforeMs: NOW + 9 * MINUTE }, NOW)).toEqual(healthyState);
  });
});

describe('holds', () => {
  test.each(['needs-login', 'blocked'] as const)(
    '%s lasts until somebody acts, whatever is delivered',
    (status) => {
      const state = after([
        [NOW, failure({ accountState: status, message: 'revoked' })],
        [NOW + 1, delivered],
      ]);
      const held = { status, reason: 'revoked', untilMs: null };
      expect(refusal(account, state, NOW + 365 * 24 * 60 * MINUTE)).toEqual(held);
      expect(familyRefusal(account, state, 'haiku', NOW)).toEqual(held);
      expect(nextHealth(state, { type: 'reset' }, NOW)).toEqual(healthyState);
    },
  );
});

describe("the vendor's windows", () => {
  const window = { name: '5h', utilization: 0.5, resetsAtMs: NOW + MINUTE };
  const report = (utilization: number): HealthResult => ({
    type: 'windows',
    windows: [{ ...window, utilization }],
  });

  test('are kept as reported; a change below one hundredth is none', () => {
    const state = nextHealth(healthyState, report(0.5), NOW);
    expect(state.windows).toEqual([window]);
    expect(nextHealth(state, report(0.504), NOW)).toBe(state);
    expect(nextHealth(state, report(0.51), NOW).windows[0]?.utilization).toBe(0.51);
  });

  test('a full one makes the account limited until it resets, without refusing requests', () => {
    const state = nextHealth(healthyState, report(1), NOW);
    expect(standing(account, state, NOW)).toEqual({
      status: 'limited',
      reason: "The vendor's quota window 5h is used up",
      untilMs: NOW + MINUTE,
    });
    expect(familyRefusal(account, state, 'opus', NOW)).toBeNull();
    expect(standing(account, state, NOW + MINUTE).status).toBe('ready');
  });

  test('survive a reset: they are facts, not judgements', () => {
    const state = nextHealth(nextHealth(healthyState, report(0.5), NOW), { type: 'reset' }, NOW);
    expect(state.windows).toEqual([window]);
  });
});

describe('what an administrator decided comes first', () => {
  const held = after([[NOW, failure({ accountState: 'blocked' })]]);

  test('switched off', () => {
    const off = { document: accountDocument({ enabled: false }), defect: 'broken' };
    expect(standing(off, held, NOW)).toMatchObject({ status: 'disabled', untilMs: null });
  });

  test('expired', () => {
    const document = accountDocument({ expiresAt: new Date(NOW).toISOString() });
    expect(standing({ document, defect: null }, healthyState, NOW - 1).status).toBe('ready');
    expect(standing({ document, defect: null }, healthyState, NOW)).toEqual({
      status: 'disabled',
      reason: `Expired at ${new Date(NOW).toISOString()}`,
      untilMs: null,
    });
  });

  test('a defect blocks, whatever the health', () => {
    const broken = { document: accountDocument({}), defect: 'Its credential cannot be opened' };
    expect(standing(broken, healthyState, NOW)).toEqual({
      status: 'blocked',
      reason: 'Its credential cannot be opened',
      untilMs: null,
    });
  });
});

test.each([
  ['the other counts this one and its own', 1, 2, 2],
  ['both failed at the same time', 1, 1, 2],
  ['an older count of the other comes late', 2, 1, 2],
  ['both would open the breaker next', 2, 2, 2],
  ['the other has opened the breaker', 2, 3, 3],
  ['both have opened it', 3, 3, 3],
  ['none failed here', 0, 1, 1],
])('failures in a row that another replica counts: %s', (_, own, heard, expected) => {
  expect(streakHeard(own, heard)).toBe(expected);
});
