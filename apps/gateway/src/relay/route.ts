// Stage 4: which account? Pure; what it saw and said is the request's decision record.
import type { AccountStatus } from '@crs/shared';
import type { LiveAccount } from '../modules/accounts/index.ts';
import { type Pool, type Segment, SMALL_POOL, type Tier, type Verdict, verdict } from './pool.ts';

/** What changes from moment to moment, asked only of accounts that could serve the request at all. */
export interface AccountState {
  /** Null when it may be tried now. */
  readonly resting: {
    readonly untilMs: number | null;
    readonly status: AccountStatus;
    readonly reason: string;
  } | null;
  /** It failed until it was rested, and nothing was delivered since: it may be tried by one request at a time. */
  readonly isHalfOpen: boolean;
  readonly inFlight: number;
  /** Requests that began on it lately. */
  readonly recent: number;
}

export interface RankInput {
  readonly pool: Pool;
  /** Accounts that served the session before, the one it belongs to first. */
  readonly sticky: readonly string[];
  /** Whether the request may wait for the session's account; once is enough. */
  readonly mayWait: boolean;
  /** Moving a session costs its prompt cache and, on some models, its thinking; a rest this short costs less. */
  readonly shortWaitMs: number;
  readonly stateOf: (account: LiveAccount) => AccountState;
  /** Tried already, or full: account id -> why it is passed over now. */
  readonly excluded: ReadonlyMap<string, string>;
  readonly nowMs: number;
  /** 0..1, drawn anew at each call. */
  readonly random: () => number;
}

export type Choice =
  | {
      readonly type: 'account';
      readonly account: LiveAccount;
      /** It has to be asked whether this request may be the one that tries it. */
      readonly isProbe: boolean;
      readonly verdicts: Verdict[];
    }
  /** The session's account is back so soon that moving the session would cost more. */
  | { readonly type: 'wait'; readonly untilMs: number; readonly verdicts: Verdict[] }
  | {
      readonly type: 'none';
      /** `unserved`: no account serves the model; `unsupported`: not such calls of it. `resting`: all that do are cooling down, broken, tried or full. */
      readonly why: 'unserved' | 'unsupported' | 'forbidden' | 'resting';
      /** Earliest recovery among the resting, null where none recovers by itself. */
      readonly untilMs: number | null;
      readonly reason: string;
      readonly verdicts: Verdict[];
    };

/** Draws in a large pool before it is searched: more would only be needed where most of it rests. */
const MAX_DRAWS = 8;

/**
 * The session's account; else, at the best priority where one can be tried, the less used of two that are drawn by
 * weight. Accounts the key is bound to come first, whatever their priority.
 */
export function rank(input: RankInput): Choice {
  const { pool } = input;
  if (pool.segments.length === 0) {
    const why = pool.isForbidden ? 'forbidden' : pool.isUnsupported ? 'unsupported' : 'unserved';
    return { type: 'none', why, untilMs: null, reason: '', verdicts: [...pool.obstacles] };
  }
  const look = new Looks(input);
  for (const segment of pool.segments) {
    for (const id of input.sticky) {
      const kept = stick(id, segment, input, look);
      if (kept !== null) return kept;
    }
    const drawn = drawFrom(segment, input, look);
    if (drawn !== null) return drawn;
  }
  const { earliestMs, reason } = look;
  return { type: 'none', why: 'resting', untilMs: earliestMs, reason, verdicts: look.verdicts(null) };
}

/** An account that may be tried, with what decides between two of them. */
interface Able {
  readonly account: LiveAccount;
  readonly state: AccountState;
}

/** Every account is looked at no more than once. */
class Looks {
  /** Earliest recovery among those that rest, null where none recovers by itself. */
  earliestMs: number | null = null;
  reason = 'all of them were tried';
  readonly #input: RankInput;
  readonly #seen = new Map<LiveAccount, { able: Able | null; reason: string }>();
  #isReasonKnown = false;

  constructor(input: RankInput) {
    this.#input = input;
  }

  /** Null where the account may not be tried now. */
  at(account: LiveAccount): Able | null {
    const seen = this.#seen.get(account);
    if (seen !== undefined) return seen.able;
    const state = this.#input.stateOf(account);
    const { resting } = state;
    if (resting !== null) {
      if (resting.untilMs !== null)
        this.earliestMs = Math.min(this.earliestMs ?? resting.untilMs, resting.untilMs);
      if (!this.#isReasonKnown) this.reason = resting.reason;
      this.#isReasonKnown = true;
    }
    const obstacle = this.#input.excluded.get(account.document.id) ?? resting?.reason ?? null;
    const able = obstacle === null ? { account, state } : null;
    this.#seen.set(account, { able, reason: obstacle ?? 'not drawn this time' });
    return able;
  }

  /** When the account's rest ends, where nothing else is in the way; null else. */
  restEndsAtMs(account: LiveAccount): number | null {
    if (this.#input.excluded.has(account.document.id)) return null;
    return this.#input.stateOf(account).resting?.untilMs ?? null;
  }

  /** Why it was, or was not, chosen. */
  explain({ account, state }: Able, reason: string): void {
    this.#seen.set(account, { able: { account, state }, reason });
  }

  /** Those looked at: all there is to say where the others did not matter. */
  seen(): Verdict[] {
    const looked = [...this.#seen].map(([account, { able, reason }]) =>
      verdict(account, able !== null, reason, able === null ? null : scoreOf(able)),
    );
    return looked.slice(-SMALL_POOL);
  }

  /** The decision record: of a small pool all accounts, of a large one those looked at. `rest` is said of the others. */
  verdicts(rest: string | null): Verdict[] {
    const { pool } = this.#input;
    const looked = this.seen();
    if (!pool.isSmall) return looked;
    const others = pool.segments.flatMap(({ byId }) =>
      [...byId.values()].filter((account) => !this.#seen.has(account)),
    );
    return [
      ...looked,
      ...others.map((account) => {
        const able = this.at(account);
        const { reason } = this.#seen.get(account) ?? { reason: '' };
        return verdict(account, able !== null, able === null ? reason : (rest ?? reason), null);
      }),
      ...pool.obstacles,
    ];
  }
}

/** An account that served the session before, where this segment has it. */
function stick(id: string, segment: Segment, input: RankInput, looks: Looks): Choice | null {
  const account = segment.byId.get(id);
  if (account === undefined) return null;
  const able = looks.at(account);
  if (able !== null && !able.state.isHalfOpen) {
    looks.explain(able, 'sticky session');
    return { type: 'account', account, isProbe: false, verdicts: looks.seen() };
  }
  const restEndsAtMs = able === null && input.mayWait ? looks.restEndsAtMs(account) : null;
  if (restEndsAtMs === null || restEndsAtMs - input.nowMs > input.shortWaitMs) return null;
  return { type: 'wait', untilMs: restEndsAtMs, verdicts: looks.seen() };
}

function drawFrom(segment: Segment, input: RankInput, looks: Looks): Choice | null {
  for (const tier of segment.tiers) {
    const pair = input.pool.isSmall ? pairOf(tier, input, looks) : sampledPair(tier, input, looks);
    const [first, second] = pair;
    if (first === undefined) continue;
    const chosen = second === undefined ? first : better(first, second);
    explainPair(chosen, pair, looks);
    return {
      type: 'account',
      account: chosen.account,
      isProbe: chosen.state.isHalfOpen,
      verdicts: looks.verdicts('lower priority'),
    };
  }
  return null;
}

/** All of the tier are looked at; two of those that may be tried are drawn by weight. */
function pairOf({ accounts }: Tier, { random }: RankInput, looks: Looks): Able[] {
  const able = accounts.flatMap((account) => looks.at(account) ?? []);
  const first = draw(able, random);
  if (first === null) return [];
  const second = draw(
    able.filter((one) => one !== first),
    random,
  );
  return second === null ? [first] : [first, second];
}

function draw(able: readonly Able[], random: () => number): Able | null {
  const total = able.reduce((sum, { account }) => sum + account.document.weight, 0);
  let left = random() * total;
  for (const one of able) {
    left -= one.account.document.weight;
    if (left < 0) return one;
  }
  // Rounding may leave a crumb.
  return able.at(-1) ?? null;
}

/** Only those drawn are looked at, so that the cost does not grow with the tier. */
function sampledPair(tier: Tier, { random }: RankInput, looks: Looks): Able[] {
  const found = new Set<Able>();
  for (let draws = 0; draws < MAX_DRAWS && found.size < 2; draws += 1) {
    const account = tier.accounts[indexDrawn(tier.weightSums, random)];
    const able = account === undefined ? null : looks.at(account);
    if (able !== null) found.add(able);
  }
  if (found.size === 0) search(tier, random, looks, found);
  return [...found];
}

/** Index of an account drawn by weight: the first whose sum of weights lies above the mark. */
function indexDrawn(weightSums: readonly number[], random: () => number): number {
  const mark = random() * (weightSums.at(-1) ?? 0);
  let low = 0;
  let high = weightSums.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((weightSums[middle] ?? 0) > mark) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Most of the tier rests: the next two that do not, from a place drawn at random on. */
function search({ accounts }: Tier, random: () => number, looks: Looks, found: Set<Able>): void {
  const start = Math.floor(random() * accounts.length);
  for (let step = 0; step < accounts.length && found.size < 2; step += 1) {
    const account = accounts[(start + step) % accounts.length];
    const able = account === undefined ? null : looks.at(account);
    if (able !== null) found.add(able);
  }
}

/** The less used for its weight; but one that is far busier now, as one that hangs would be, loses. */
function better(first: Able, second: Able): Able {
  if (isFarBusier(first, second)) return second;
  if (isFarBusier(second, first)) return first;
  return scoreOf(second) < scoreOf(first) ? second : first;
}

function isFarBusier({ account, state }: Able, other: Able): boolean {
  const busy = state.inFlight * other.account.document.weight;
  return busy > 2 * (other.state.inFlight + 1) * account.document.weight;
}

/** Requests that began lately, per weight. */
function scoreOf({ account, state }: Able): number {
  return Math.round((state.recent / account.document.weight) * 1000) / 1000;
}

function explainPair(chosen: Able, [first, second]: readonly Able[], looks: Looks): void {
  if (first === undefined || second === undefined) {
    looks.explain(chosen, 'the only one at this priority');
    return;
  }
  const other = chosen === first ? second : first;
  const isBusy = isFarBusier(other, chosen);
  looks.explain(
    chosen,
    isBusy ? 'drawn by weight, the less busy of two' : 'drawn by weight, the less used of two',
  );
  looks.explain(other, isBusy ? 'drawn, but is far busier' : 'drawn, but was used more lately');
}
