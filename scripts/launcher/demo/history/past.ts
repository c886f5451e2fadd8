// Sends the requests of the past through the gateway's own router, health, prices and rows; only the upstreams are made
// up. What comes out is what the ledger would have been given.
import type { LiveAccount } from '../../../../apps/gateway/src/modules/accounts/index.ts';
import {
  familyRefusal,
  healthyState,
  type HealthState,
  isHalfOpen,
  nextHealth,
} from '../../../../apps/gateway/src/modules/accounts/health-state.ts';
import type { KeyDocument } from '../../../../apps/gateway/src/modules/keys/index.ts';
import { Subjects } from '../../../../apps/gateway/src/modules/limits/subjects.ts';
import type { PriceBook } from '../../../../apps/gateway/src/modules/pricing/index.ts';
import type { AttemptRecord, LedgerEntry } from '../../../../apps/gateway/src/modules/usage/index.ts';
import type { UpstreamFailure } from '../../../../apps/gateway/src/providers/provider.ts';
import type { AttemptResult } from '../../../../apps/gateway/src/relay/attempt.ts';
import { nothingHeld } from '../../../../apps/gateway/src/relay/hold.ts';
import { type Pool, poolOf } from '../../../../apps/gateway/src/relay/pool.ts';
import { attemptRecord, type Ending, requestRecord } from '../../../../apps/gateway/src/relay/records.ts';
import { refusals } from '../../../../apps/gateway/src/relay/refusal.ts';
import { type Choice, rank } from '../../../../apps/gateway/src/relay/route.ts';
import { habits } from '../habits.ts';
import { between, pickByWeight, type Random } from '../random.ts';
import type { Arrival } from './arrivals.ts';
import { Conversations } from './conversations.ts';
import { mishapOf } from './mishaps.ts';
import { factsOf, type PastCall, PastTimeline, requestId } from './past-call.ts';
import { failedEnding, resultOf } from './past-result.ts';

const MAX_ATTEMPTS = 4;
/** How long a use of an account is remembered when the less used of two is chosen. */
const RECENT_MS = 600_000;

export interface PastOptions {
  /** The accounts as they were at that time; the same list for as long as nothing changed. */
  readonly accountsAt: (atMs: number) => readonly LiveAccount[];
  readonly isOut: (account: LiveAccount, atMs: number) => boolean;
  readonly keys: ReadonlyMap<string, KeyDocument>;
  readonly prices: PriceBook;
  readonly random: Random;
}

export class Past {
  readonly #options: PastOptions;
  readonly #conversations: Conversations;
  readonly #subjects = new Subjects(() => null);
  readonly #health = new Map<string, HealthState>();
  readonly #recent = new Map<string, { count: number; atMs: number }>();
  readonly #pools = new WeakMap<readonly LiveAccount[], Map<string, Pool>>();

  constructor(options: PastOptions) {
    this.#options = options;
    this.#conversations = new Conversations(options.random);
  }

  /** Rows of one request: its attempts, then itself. To be called in the order of time. */
  rowsOf(arrival: Arrival): LedgerEntry[] {
    const { conversation, turn } = arrival;
    const call = this.#call(arrival);
    const attempts: AttemptRecord[] = [];
    const ending = this.#relay(call, arrival, attempts);
    if (turn + 1 === conversation.turns) this.#conversations.end(conversation.id);
    return [
      ...attempts.map((record): LedgerEntry => ({ type: 'attempt', record })),
      { type: 'request', record: requestRecord(call, attempts, ending) },
    ];
  }

  #call({ atMs, conversation: { key } }: Arrival): PastCall {
    const { keys, prices, random } = this.#options;
    const document = keys.get(key.name);
    if (document === undefined) throw new Error(`There is no key "${key.name}".`);
    const habit = habits[key.traffic.habit];
    const model = pickByWeight(key.traffic.models, random);
    const counters = this.#subjects.metersOf(document, model).flatMap((subject) => subject.counters);
    const timeline = new PastTimeline();
    timeline.pass(between(0.2, 0.7, random)).mark('authenticated');
    timeline.pass(between(0.5, 1.9, random)).mark('admitted');
    return {
      id: requestId(atMs, random),
      key: document,
      facts: factsOf(habit, model, random() < habit.streamShare),
      receivedAtMs: atMs,
      hold: { ...nothingHeld, counters },
      timeline,
      decision: { candidates: [], chosen: null },
      prices,
      habit,
    };
  }

  #relay(call: PastCall, { conversation }: Arrival, attempts: AttemptRecord[]): Ending {
    const { random } = this.#options;
    const talk = this.#conversations.talk(conversation.id, call.habit);
    const excluded = new Map<string, string>();
    let ending: Ending | null = null;
    while (attempts.length < MAX_ATTEMPTS) {
      const choice = this.#choose(call, talk.accountId, excluded);
      call.decision = { candidates: choice.verdicts, chosen: null };
      if (choice.type !== 'account') {
        call.timeline.mark('routed');
        ending ??= this.#resting(call, choice);
        break;
      }
      const { account } = choice;
      const { id, name } = account.document;
      call.decision = { candidates: choice.verdicts, chosen: id };
      call.timeline.pass(between(0.1, 0.5, random)).mark('routed', name);
      if (choice.isProbe) call.timeline.mark('probes', name);
      call.timeline.pass(between(0.1, 0.3, random)).mark('sent', name);
      const isOut = this.#options.isOut(account, call.receivedAtMs);
      const { service } = account.provider;
      const mishap = mishapOf(
        { isOut, service, stream: call.facts.stream, hasFailed: attempts.length > 0 },
        random,
      );
      const start = {
        id: `${call.id}.${attempts.length + 1}`,
        startedAtMs: Math.round(call.receivedAtMs + call.timeline.nowMs),
        account,
      };
      const exchange =
        mishap?.type === 'failed'
          ? null
          : this.#conversations.exchange(talk, call.habit, {
              account,
              keyId: call.key.id,
              model: call.facts.model,
            });
      if (exchange !== null) this.#used(id, call.receivedAtMs, 1);
      const result = resultOf(call, account, mishap, exchange, random);
      const failure = this.#judge(call, account, result);
      attempts.push(attemptRecord(call, start, result, failure));
      if (failure === null) return this.#answered(call, result);
      if (result.outcome === 'broken') {
        call.timeline.mark('ended', 'broken');
        const { code } = refusals.upstreamBroken(failure.message).error;
        return { status: result.status, outcome: 'failed', errorCode: code };
      }
      ending = failedEnding(result, failure);
      if (failure.retry === 'never') break;
      excluded.set(id, `tried: ${failure.reason}`);
    }
    call.timeline.mark('ended', 'upstream_error');
    return ending ?? { status: 502, outcome: 'failed', errorCode: 'upstream_error' };
  }

  #choose(call: PastCall, stickyId: string | null, excluded: ReadonlyMap<string, string>): Choice {
    const nowMs = call.receivedAtMs;
    const { family, model } = call.facts;
    return rank({
      pool: this.#pool(call),
      sticky: stickyId === null ? [] : [stickyId],
      mayWait: false,
      shortWaitMs: 0,
      stateOf: (account) => {
        const { id } = account.document;
        const health = this.#health.get(id) ?? healthyState;
        return {
          resting: familyRefusal(account, health, family, nowMs, model),
          isHalfOpen: isHalfOpen(health, nowMs),
          inFlight: 0,
          recent: Math.round(this.#used(id, nowMs, 0)),
        };
      },
      excluded,
      nowMs,
      random: this.#options.random,
    });
  }

  #pool({ facts, key, receivedAtMs }: PastCall): Pool {
    const accounts = this.#options.accountsAt(receivedAtMs);
    const known = this.#pools.get(accounts) ?? new Map<string, Pool>();
    this.#pools.set(accounts, known);
    const name = `${key.id} ${facts.dialect} ${facts.client} ${facts.model}`;
    const pool = known.get(name) ?? poolOf(accounts, facts, key, receivedAtMs);
    known.set(name, pool);
    return pool;
  }

  #judge(
    { facts, receivedAtMs, timeline }: PastCall,
    account: LiveAccount,
    result: AttemptResult,
  ): UpstreamFailure | null {
    const { id } = account.document;
    const nowMs = Math.round(receivedAtMs + timeline.nowMs);
    const health = this.#health.get(id) ?? healthyState;
    const { family } = facts;
    if (result.outcome === 'delivered')
      this.#health.set(id, nextHealth(health, { type: 'delivered', family }, nowMs));
    if (result.failure === null) return null;
    const failure = account.provider.classify(result.failure, facts, nowMs);
    this.#health.set(id, nextHealth(health, { type: 'failed', family, failure }, nowMs));
    return failure;
  }

  #answered({ timeline }: PastCall, { outcome }: AttemptResult): Ending {
    timeline.mark('ended', outcome);
    return outcome === 'client_left'
      ? { status: 200, outcome, errorCode: 'client_left' }
      : { status: 200, outcome: 'ok', errorCode: null };
  }

  #resting({ receivedAtMs, timeline }: PastCall, choice: Exclude<Choice, { type: 'account' }>): Ending {
    const untilMs = choice.untilMs ?? receivedAtMs;
    const seconds = Math.max(1, Math.ceil((untilMs - receivedAtMs) / 1000));
    const { error } = refusals.coolingDown(seconds, choice.type === 'none' ? choice.reason : '');
    timeline.mark('refused', error.message);
    return { status: error.status, outcome: 'refused', errorCode: error.code };
  }

  /** Requests on the account lately, with so many more. */
  #used(id: string, atMs: number, more: number): number {
    const known = this.#recent.get(id) ?? { count: 0, atMs };
    const count = known.count * Math.exp((known.atMs - atMs) / RECENT_MS) + more;
    if (more > 0) this.#recent.set(id, { count, atMs });
    return count;
  }
}
