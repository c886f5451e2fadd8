// Owns the judgement of an account's health: what one result makes of it, and what it means for requests and people.
// Pure; sharing it between replicas is `health.ts`.
import type { AccountStatus } from '@crs/shared';
import type { AccountWindow, UpstreamFailure } from '../../providers/provider.ts';
import type { AccountDocument } from './document.ts';

const STREAK_LIMIT = 3;
const BACK_OFF_START_MS = 30_000;
const BACK_OFF_MAX_MS = 600_000;
/** The vendor's own failures mostly pass soon, and may strike all its accounts at once. */
const SERVICE_BACK_OFF_START_MS = 5_000;
/** A vendor's overload is not the account's doing: all its accounts are in the same boat. */
const SERVICE_REST_MAX_MS = 15_000;
/** An account that refused a model which another one answers is not asked for it again before that. */
const MODEL_REFUSED_REST_MS = 6 * 3_600_000;

/** Left alone until then. */
export interface Rest {
  readonly untilMs: number;
  readonly reason: string;
}

/** Out of use until somebody acts. */
interface Hold {
  readonly status: 'needs-login' | 'blocked';
  readonly reason: string;
}

export interface HealthState {
  readonly hold: Hold | null;
  readonly rest: Rest | null;
  /** Model families that rest on their own; single models too, where the account has no right to them. */
  readonly families: Readonly<Record<string, Rest>>;
  /**
   * Failures since the last delivery. From the third on the breaker is open: the account rests, and after the rest one
   * request at a time tries it until one is delivered.
   */
  readonly streak: number;
  /** The vendor's own quota windows, as last reported. */
  readonly windows: readonly AccountWindow[];
}

export const healthyState: HealthState = { hold: null, rest: null, families: {}, streak: 0, windows: [] };

export type HealthResult =
  | { readonly type: 'delivered'; readonly family: string }
  | {
      readonly type: 'failed';
      readonly family: string;
      readonly failure: UpstreamFailure;
      /** Half of the latest results failed: the breaker opens whatever the row. */
      readonly isFailingOften?: boolean;
      /** How long the operator wants the account to rest after such a failure; null or absent = as judged. */
      readonly ruledRestMs?: number | null;
    }
  /** Another account answered the model that this one refused. */
  | { readonly type: 'model_refused'; readonly model: string; readonly reason: string }
  | { readonly type: 'windows'; readonly windows: readonly AccountWindow[] }
  /** An administrator's word or a good connection test. */
  | { readonly type: 'reset' }
  /** Time has passed: forgets what ended a while ago. */
  | { readonly type: 'tidy'; readonly endedBeforeMs: number };

/** The state after a result; the same object where the result changes nothing. */
export function nextHealth(current: HealthState, result: HealthResult, nowMs: number): HealthState {
  switch (result.type) {
    case 'delivered':
      return afterDelivery(current, result.family, nowMs);
    case 'failed':
      return afterFailure(current, result, nowMs);
    case 'model_refused': {
      const rest = { untilMs: nowMs + MODEL_REFUSED_REST_MS, reason: result.reason };
      return { ...current, families: { ...current.families, [result.model]: rest } };
    }
    case 'windows':
      return sameWindows(current.windows, result.windows) ? current : { ...current, windows: result.windows };
    case 'reset':
      return { ...healthyState, windows: current.windows };
    case 'tidy':
      return tidy(current, result.endedBeforeMs);
  }
}

/** A delivery ends the row of failures. A rest that still runs stays: the request may have begun before it. */
function afterDelivery(current: HealthState, family: string, nowMs: number): HealthState {
  const rest = current.families[family];
  const isRestOver = current.rest !== null && current.rest.untilMs <= nowMs;
  const isFamilyRestOver = rest !== undefined && rest.untilMs <= nowMs;
  if (current.streak === 0 && !isRestOver && !isFamilyRestOver) return current;
  return {
    ...current,
    streak: 0,
    rest: isRestOver ? null : current.rest,
    families: isFamilyRestOver ? without(current.families, family) : current.families,
  };
}

function afterFailure(
  current: HealthState,
  result: Extract<HealthResult, { type: 'failed' }>,
  nowMs: number,
): HealthState {
  const { failure } = result;
  if (failure.fault === 'client') return current;
  const isRuled = (result.ruledRestMs ?? null) !== null;
  // An operator who names a time wants the account tried again after it.
  const hold =
    failure.accountState === null || isRuled
      ? current.hold
      : { status: failure.accountState, reason: failure.message };
  const rested = withRest({ ...current, hold }, result, nowMs);
  return countsAgainst(failure) ? withStreak(rested, current, result, nowMs) : rested;
}

function withRest(
  state: HealthState,
  { family, failure, ruledRestMs = null }: Extract<HealthResult, { type: 'failed' }>,
  nowMs: number,
): HealthState {
  const lengthMs = ruledRestMs ?? judgedRestMs(failure);
  if (lengthMs === null || lengthMs === 0) return state;
  const rest: Rest = { untilMs: nowMs + lengthMs, reason: failure.message };
  if (failure.coolDownScope === 'account') return { ...state, rest: later(state.rest, rest) };
  const known = state.families[family] ?? null;
  return { ...state, families: { ...state.families, [family]: later(known, rest) } };
}

function judgedRestMs({ coolDownMs, fault }: UpstreamFailure): number | null {
  return coolDownMs !== null && fault === 'service' ? Math.min(coolDownMs, SERVICE_REST_MAX_MS) : coolDownMs;
}

/**
 * May this be a dead account? A spent quota says when it returns, and an overload is the vendor's; all else that is not
 * the client's doing may be, a server that only ever fails too.
 */
export function countsAgainst({ fault, reason }: UpstreamFailure): boolean {
  return fault !== 'client' && reason !== 'rate_limited' && reason !== 'overloaded';
}

/**
 * The third failure in a row, or too many of the latest, opens the breaker: 30 s, twice as long after each probe that
 * fails, up to 10 min; for the vendor's own failures 5 to 15 s. Failures that arrive while the account already rests
 * belong to requests that began before, and count no further.
 */
function withStreak(
  state: HealthState,
  before: HealthState,
  { failure, isFailingOften = false }: Extract<HealthResult, { type: 'failed' }>,
  nowMs: number,
): HealthState {
  if (before.rest !== null && before.rest.untilMs > nowMs) return state;
  const row = before.streak + 1;
  const streak = isFailingOften ? Math.max(row, STREAK_LIMIT) : row;
  if (streak < STREAK_LIMIT) return { ...state, streak };
  const [startMs, maxMs] =
    failure.fault === 'service'
      ? [SERVICE_BACK_OFF_START_MS, SERVICE_REST_MAX_MS]
      : [BACK_OFF_START_MS, BACK_OFF_MAX_MS];
  const lengthMs = Math.min(startMs * 2 ** (streak - STREAK_LIMIT), maxMs);
  const counted = streak > row ? 'half of the latest requests failed' : `${streak} failures in a row`;
  const rest = { untilMs: nowMs + lengthMs, reason: `${counted}, the last: ${failure.message}` };
  return { ...state, streak, rest: later(state.rest, rest) };
}

/**
 * Another replica says how many failures in a row it counts. Where it does not count those of this one yet, both failed
 * at the same time: then there is one more, but the one that opens the breaker is counted by who sees it.
 */
export function streakHeard(own: number, heard: number): number {
  return heard > own ? heard : Math.max(own, Math.min(own + 1, STREAK_LIMIT - 1));
}

/** The breaker's rest is over, and no request has been delivered since: one at a time may try. */
export function isHalfOpen({ streak, rest }: HealthState, nowMs: number): boolean {
  return streak >= STREAK_LIMIT && (rest === null || rest.untilMs <= nowMs);
}

function tidy(current: HealthState, endedBeforeMs: number): HealthState {
  const isRestOld = current.rest !== null && current.rest.untilMs <= endedBeforeMs;
  const families = Object.entries(current.families).filter(([, rest]) => rest.untilMs > endedBeforeMs);
  if (!isRestOld && families.length === Object.keys(current.families).length) return current;
  return { ...current, rest: isRestOld ? null : current.rest, families: Object.fromEntries(families) };
}

function later(known: Rest | null, next: Rest): Rest {
  return known !== null && known.untilMs > next.untilMs ? known : next;
}

function without(families: HealthState['families'], family: string): HealthState['families'] {
  return Object.fromEntries(Object.entries(families).filter(([name]) => name !== family));
}

/** Equal to the hundredth: headers tell utilization finer than anybody looks at it. */
function sameWindows(known: readonly AccountWindow[], next: readonly AccountWindow[]): boolean {
  return (
    known.length === next.length &&
    known.every((window, index) => {
      const other = next[index];
      return (
        other !== undefined &&
        window.name === other.name &&
        window.resetsAtMs === other.resetsAtMs &&
        hundredths(window.utilization) === hundredths(other.utilization)
      );
    })
  );
}

function hundredths(utilization: number | null): number | null {
  return utilization === null ? null : Math.floor(utilization * 100);
}

/** What an account is to requests and people; `untilMs` null = until somebody acts, or not at all. */
export interface Standing {
  readonly status: AccountStatus;
  readonly reason: string | null;
  readonly untilMs: number | null;
}

/** What a judgement needs to know of an account. */
export interface JudgedAccount {
  readonly document: AccountDocument;
  readonly defect: string | null;
}

/** Why no request at all may use the account now; null = it may be tried. */
export function refusal(
  account: JudgedAccount,
  health: HealthState,
  nowMs: number,
): (Standing & { reason: string }) | null {
  const { enabled, expiresAt } = account.document;
  if (!enabled) return { status: 'disabled', reason: 'Switched off by an administrator', untilMs: null };
  if (expiresAt !== null && Date.parse(expiresAt) <= nowMs) {
    return { status: 'disabled', reason: `Expired at ${expiresAt}`, untilMs: null };
  }
  if (account.defect !== null) return { status: 'blocked', reason: account.defect, untilMs: null };
  if (health.hold !== null) return { ...health.hold, untilMs: null };
  if (health.rest !== null && health.rest.untilMs > nowMs) return { status: 'cooling', ...health.rest };
  return null;
}

/** Why a model of this family may not use the account now; null = it may be tried. */
export function familyRefusal(
  account: JudgedAccount,
  health: HealthState,
  family: string,
  nowMs: number,
  model: string = family,
): (Standing & { reason: string }) | null {
  const whole = refusal(account, health, nowMs);
  if (whole !== null) return whole;
  for (const name of [model, family]) {
    const rest = health.families[name];
    if (rest !== undefined && rest.untilMs > nowMs) return { status: 'limited', ...rest };
  }
  return null;
}

/** The one status an account is shown with. */
export function standing(account: JudgedAccount, health: HealthState, nowMs: number): Standing {
  const whole = refusal(account, health, nowMs);
  if (whole !== null) return whole;
  const [first] = restingFamilies(health, nowMs).sort(([, a], [, b]) => a.untilMs - b.untilMs);
  if (first !== undefined) {
    const [family, rest] = first;
    return { status: 'limited', reason: `${family}: ${rest.reason}`, untilMs: rest.untilMs };
  }
  const spent = health.windows.find((window) => isSpent(window, nowMs));
  if (spent !== undefined) {
    return {
      status: 'limited',
      reason: `The vendor's quota window ${spent.name} is used up`,
      untilMs: spent.resetsAtMs,
    };
  }
  const reason = isHalfOpen(health, nowMs)
    ? `One request at a time tries it after ${health.streak} failures, until one is answered`
    : null;
  return { status: 'ready', reason, untilMs: null };
}

/** Families that rest at that moment, with their rests. */
export function restingFamilies(health: HealthState, nowMs: number): [string, Rest][] {
  return Object.entries(health.families).filter(([, rest]) => rest.untilMs > nowMs);
}

function isSpent(window: AccountWindow, nowMs: number): boolean {
  return (
    window.utilization !== null &&
    window.utilization >= 1 &&
    (window.resetsAtMs === null || window.resetsAtMs > nowMs)
  );
}
