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
import { modelFamily } from '../../../../apps/gateway/src/protocols/model-family.ts';
import type {
  DialectId,
  Observation,
  RequestFacts,
} from '../../../../apps/gateway/src/protocols/protocol.ts';
import { recogniseClient } from '../../../../apps/gateway/src/protocols/recognise-client.ts';
import type { UpstreamFailure } from '../../../../apps/gateway/src/providers/provider.ts';
import type { AttemptResult } from '../../../../apps/gateway/src/relay/attempt.ts';
import { Timeline } from '../../../../apps/gateway/src/relay/call.ts';
import { nothingHeld } from '../../../../apps/gateway/src/relay/hold.ts';
import { type Pool, poolOf, upstreamModel } from '../../../../apps/gateway/src/relay/pool.ts';
import {
  attemptRecord,
  type Ending,
  type RecordedCall,
  requestRecord,
} from '../../../../apps/gateway/src/relay/records.ts';
import { refusals } from '../../../../apps/gateway/src/relay/refusal.ts';
import { type Choice, rank } from '../../../../apps/gateway/src/relay/route.ts';
import { sampleClients, type SampleClient } from '../clients.ts';
import { type Habit, habits } from '../habits.ts';
import { between, pickByWeight, type Random } from '../random.ts';
import type { Arrival } from './arrivals.ts';
import { Conversations, type Exchange } from './conversations.ts';
import { type Mishap, mishapOf } from './mishaps.ts';

const MAX_ATTEMPTS = 4;
/** How long a use of an account is remembered when the less used of two is chosen. */
const RECENT_MS = 600_000;

const dialects: Readonly<Record<SampleClient, DialectId>> = {
  'claude-code': 'anthropic',
  codex: 'openai-responses',
  'gemini-cli': 'gemini',
  chat: 'openai-chat',
  review: 'anthropic',
  search: 'anthropic',
};

export interface PastOptions {
  /** The accounts as they were at that time; the same list for as long as nothing changed. */
  readonly accountsAt: (atMs: number) => readonly LiveAccount[];
  readonly isOut: (account: LiveAccount, atMs: number) => boolean;
  readonly keys: ReadonlyMap<string, KeyDocument>;
  readonly prices: PriceBook;
  readonly random: Random;
}

/** A request as far as it has come. */
interface PastCall extends RecordedCall {
  readonly prices: PriceBook;
  readonly timeline: PastTimeline;
  readonly habit: Habit;
  decision: RecordedCall['decision'];
}

/** Goes on as it is told. */
class PastTimeline extends Timeline {
  nowMs = 0;

  pass(ms: number): this {
    this.nowMs += ms;
    return this;
  }

  override elapsedMs(): number {
    return Math.round(this.nowMs * 10) / 10;
  }
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
      const mishap = mishapOf({ isOut, service, stream: call.facts.stream }, random);
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
      const result = this.#result(call, account, mishap, exchange);
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

  #result(
    call: PastCall,
    account: LiveAccount,
    mishap: Mishap | null,
    exchange: Exchange | null,
  ): AttemptResult {
    const { timeline, facts } = call;
    const nothing = { answer: null, headers: {}, wasErrorPassed: false } as const;
    if (mishap?.type === 'failed' || exchange === null) {
      const failed = mishap?.type === 'failed' ? mishap.failed : null;
      const durationMs = Math.round(mishap?.type === 'failed' ? mishap.afterMs : 0);
      timeline.pass(durationMs);
      const status = failed?.type === 'status' ? failed.status : 0;
      return {
        ...nothing,
        outcome: 'failed',
        failure: failed,
        status,
        observer: null,
        firstEventMs: null,
        durationMs,
      };
    }
    this.#used(account.document.id, call.receivedAtMs, 1);
    const share = mishap === null ? 1 : mishap.share;
    const writingMs = Math.round((exchange.durationMs - exchange.firstEventMs) * share);
    const durationMs = exchange.firstEventMs + writingMs;
    const firstEventMs = facts.stream ? exchange.firstEventMs : durationMs;
    timeline.pass(firstEventMs).mark('first_event');
    timeline.pass(durationMs - firstEventMs);
    const output = Math.max(1, Math.round(exchange.usage.output * share));
    const observation: Observation = {
      usageSource: share === 1 ? 'reported' : 'partial',
      usage: { ...exchange.usage, output },
      conditions: { serviceTier: null, speed: null, inferenceGeo: null },
      servedModel: upstreamModel(account, facts.model),
      messageId: null,
      stopReason: share === 1 ? 'end_turn' : null,
      isComplete: share === 1,
      error: null,
    };
    return {
      ...nothing,
      outcome: mishap === null ? 'delivered' : mishap.type === 'broken' ? 'broken' : 'client_left',
      failure: mishap?.type === 'broken' ? mishap.failed : null,
      status: 200,
      headers: { 'request-id': upstreamId(this.#options.random) },
      observer: {
        phase: share === 1 ? 'complete' : 'content',
        push: () => undefined,
        observation: () => observation,
      },
      firstEventMs,
      durationMs,
    };
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

function failedEnding({ status }: AttemptResult, { message, reason }: UpstreamFailure): Ending {
  if (status > 0) return { status, outcome: 'failed', errorCode: `upstream_${reason}` };
  const { error } = refusals.upstreamUnreachable(message);
  return { status: error.status, outcome: 'failed', errorCode: error.code };
}

function factsOf(habit: Habit, model: string, stream: boolean): RequestFacts {
  const { headers } = sampleClients[habit.client]({
    secret: '',
    model,
    turns: [],
    stream,
    system: '',
    session: '',
  });
  return {
    dialect: dialects[habit.client],
    operation: 'generate',
    model,
    family: modelFamily(model),
    stream,
    sessionId: null,
    maxOutputTokens: null,
    inputTokensEstimate: habit.systemTokens,
    ceiling: {
      inputTokens: null,
      passes: 1,
      webSearches: 0,
      conditions: { serviceTier: null, speed: null, inferenceGeo: null },
    },
    client: recogniseClient(headers),
    service: null,
    pinnedTo: null,
    streamForm: 'events',
  };
}

/** Ids say when a request came, as the gateway's own do. */
function requestId(atMs: number, random: Random): string {
  return `req_${atMs.toString(16).padStart(12, '0')}${hex(16, random)}`;
}

function upstreamId(random: Random): string {
  return `req_011C${hex(20, random)}`;
}

function hex(digits: number, random: Random): string {
  return Array.from({ length: digits }, () => Math.floor(random() * 16).toString(16)).join('');
}
