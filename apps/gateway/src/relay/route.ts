// Stage 4: which account? `eligible` and `rank` are pure; what they saw and said is the request's decision record.
import { type LiveAccount, mappedModel } from '../modules/accounts/index.ts';
import type { AccountStatus } from '@crs/shared';
import type { RequestRecord } from '../modules/usage/index.ts';
import { matchesAny } from '../platform/wildcard.ts';
import type { RequestFacts } from '../protocols/protocol.ts';

type Verdict = RequestRecord['decision']['candidates'][number];

/** What changes from moment to moment, asked only of accounts that could serve the request at all. */
export interface AccountState {
  /** Null when it may be tried now. */
  readonly resting: {
    readonly untilMs: number | null;
    readonly status: AccountStatus;
    readonly reason: string;
  } | null;
  readonly inFlight: number;
}

export interface RankInput {
  readonly accounts: readonly LiveAccount[];
  readonly facts: RequestFacts;
  /** Services the key may use. */
  readonly permissions: 'all' | readonly string[];
  readonly stateOf: (account: LiveAccount) => AccountState;
  /** Tried already, or full: account id -> why it is passed over now. */
  readonly excluded: ReadonlyMap<string, string>;
  readonly nowMs: number;
  /** 0..1, drawn anew at each call. */
  readonly random: () => number;
}

export type Choice =
  | { readonly type: 'account'; readonly account: LiveAccount; readonly verdicts: Verdict[] }
  | {
      readonly type: 'none';
      /** `unserved`: no account serves the model. `resting`: all that do are cooling down, broken, tried or full. */
      readonly why: 'unserved' | 'forbidden' | 'resting';
      /** Earliest recovery among the resting, null where none recovers by itself. */
      readonly untilMs: number | null;
      readonly reason: string;
      readonly verdicts: Verdict[];
    };

/** More are not written down; a pool of hundreds would make every row large. */
const MAX_VERDICTS = 50;

/** Null when the account could serve the request; else why not, in words. Moments do not count here, only what is set. */
export function eligible(
  { document, provider }: LiveAccount,
  facts: RequestFacts,
  permissions: 'all' | readonly string[],
  nowMs: number,
): string | null {
  if (!document.enabled) return 'switched off';
  if (document.expiresAt !== null && Date.parse(document.expiresAt) <= nowMs) return 'expired';
  if (!provider.speaks.includes(facts.dialect)) return `does not speak ${facts.dialect}`;
  const modelObstacle = unservedModel({ document, provider }, facts.model);
  if (modelObstacle !== null) return modelObstacle;
  if (permissions !== 'all' && !permissions.includes(provider.service))
    return `the key may not use ${provider.service}`;
  const { clients } = document;
  if (clients.length > 0 && !clients.some((client) => client === facts.client)) {
    return `serves only ${clients.join(', ')}, not ${facts.client}`;
  }
  return null;
}

/** Null when the account answers this model, under whatever name; else why not. */
export function unservedModel(
  { document, provider }: Pick<LiveAccount, 'document' | 'provider'>,
  model: string,
): string | null {
  const { allow } = document.models;
  if (mappedModel(document, model) !== null) return null;
  if (!provider.serves(model)) return `does not serve ${model}`;
  return allow.length > 0 && !matchesAny(allow, model) ? `${model} is not in its models` : null;
}

/** Model to ask the upstream for. */
export function upstreamModel({ document }: LiveAccount, model: string): string {
  return mappedModel(document, model) ?? model;
}

/**
 * Best account: lowest priority number first; within it two are drawn by weight and the one with less load per weight
 * wins, so that the cost does not grow with the number of accounts and no account is stormed.
 */
export function rank(input: RankInput): Choice {
  const verdicts: Verdict[] = [];
  const candidates = serving(input, verdicts);
  if (candidates.length === 0) return unserved(input, verdicts);

  const able: { account: LiveAccount; load: number }[] = [];
  let earliestMs: number | null = null;
  let restingReason = '';
  let bestPriority = Number.POSITIVE_INFINITY;
  for (const account of candidates) {
    const { document } = account;
    const excludedFor = input.excluded.get(document.id);
    const { resting, inFlight } = input.stateOf(account);
    if (resting !== null) {
      earliestMs = earliest(earliestMs, resting.untilMs);
      if (restingReason === '') restingReason = resting.reason;
    }
    const obstacle = excludedFor ?? resting?.reason ?? null;
    if (obstacle !== null) {
      note(verdicts, account, false, obstacle, null);
      continue;
    }
    if (document.priority < bestPriority) {
      for (const passed of able) note(verdicts, passed.account, true, 'lower priority', null);
      able.length = 0;
      bestPriority = document.priority;
    } else if (document.priority > bestPriority) {
      note(verdicts, account, true, 'lower priority', null);
      continue;
    }
    able.push({ account, load: (inFlight + 1) / document.weight });
  }
  if (able.length === 0) {
    const reason = restingReason === '' ? 'all of them were tried' : restingReason;
    return { type: 'none', why: 'resting', untilMs: earliestMs, reason, verdicts };
  }
  return choose(able, input.random, verdicts);
}

function choose(
  able: readonly { account: LiveAccount; load: number }[],
  random: () => number,
  verdicts: Verdict[],
): Choice {
  const first = draw(able, random);
  const second = able.length === 1 ? first : draw(able, random);
  const chosen = second.load < first.load ? second : first;
  for (const one of able) {
    if (verdicts.length >= MAX_VERDICTS && one !== chosen) continue;
    const reason =
      one === chosen
        ? able.length === 1
          ? 'the only one at this priority'
          : 'drawn by weight, least load of the two drawn'
        : one === first || one === second
          ? 'drawn, but has more load'
          : 'not drawn this time';
    verdicts.push(verdict(one.account, true, reason, Math.round(one.load * 1000) / 1000));
  }
  return { type: 'account', account: chosen.account, verdicts };
}

/** Accounts that could serve the request; the others leave their reason. */
function serving({ accounts, facts, permissions, nowMs }: RankInput, verdicts: Verdict[]): LiveAccount[] {
  return accounts.filter((account) => {
    const obstacle = eligible(account, facts, permissions, nowMs);
    if (obstacle !== null) note(verdicts, account, false, obstacle, null);
    return obstacle === null;
  });
}

/** Nobody serves it: because of the key's permissions alone, or at all? */
function unserved(input: RankInput, verdicts: Verdict[]): Choice {
  const isForbidden =
    input.permissions !== 'all' &&
    input.accounts.some((account) => eligible(account, input.facts, 'all', input.nowMs) === null);
  const why = isForbidden ? 'forbidden' : 'unserved';
  return { type: 'none', why, untilMs: null, reason: '', verdicts };
}

function draw<T extends { account: LiveAccount }>(able: readonly T[], random: () => number): T {
  const total = able.reduce((sum, { account }) => sum + account.document.weight, 0);
  let left = random() * total;
  for (const one of able) {
    left -= one.account.document.weight;
    if (left < 0) return one;
  }
  // Rounding may leave a crumb; the list is never empty.
  return able[able.length - 1] as T;
}

function note(
  verdicts: Verdict[],
  account: LiveAccount,
  isEligible: boolean,
  reason: string,
  score: number | null,
): void {
  if (verdicts.length < MAX_VERDICTS) verdicts.push(verdict(account, isEligible, reason, score));
}

function verdict(
  { document }: LiveAccount,
  isEligible: boolean,
  reason: string,
  score: number | null,
): Verdict {
  return { accountId: document.id, accountName: document.name, eligible: isEligible, reason, score };
}

function earliest(current: number | null, untilMs: number | null): number | null {
  if (untilMs === null) return current;
  return current === null ? untilMs : Math.min(current, untilMs);
}
