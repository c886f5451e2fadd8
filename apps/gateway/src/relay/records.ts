// Builds the rows of one request: its attempts and the request itself. Pure.
import { timesRate } from '@crs/shared';
import type { LiveAccount } from '../modules/accounts/index.ts';
import { type AttemptRecord, type RequestRecord, tokensOf } from '../modules/usage/index.ts';
import type { Observation, RequestFacts } from '../protocols/protocol.ts';
import type { UpstreamFailure } from '../providers/provider.ts';
import type { AttemptResult } from './attempt.ts';
import type { Call } from './call.ts';
import { nothingHeld } from './hold.ts';
import type { AttemptIntent } from './journal.ts';
import { upstreamModel } from './pool.ts';

const noTokens = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0 } as const;
const noPrice = { packId: '', row: null, isFallback: false, multipliers: [] as string[] } as const;
/** Output assumed for an attempt nobody saw the end of, where the request allows that much. */
export const CRASH_OUTPUT_TOKENS = 1024;

/** What of a call its rows tell. */
export type RecordedCall = Pick<
  Call,
  'id' | 'key' | 'facts' | 'receivedAtMs' | 'hold' | 'timeline' | 'decision'
>;

export interface AttemptStart {
  readonly id: string;
  readonly startedAtMs: number;
  readonly account: LiveAccount;
}

/** The row of an attempt of which nothing is known yet. */
function openAttempt(call: RecordedCall, { id, startedAtMs, account }: AttemptStart): AttemptRecord {
  return {
    id,
    requestId: call.id,
    keyId: call.key.id,
    userId: call.key.userId,
    accountId: account.document.id,
    accountName: account.document.name,
    kind: account.document.kind,
    dialect: call.facts.dialect,
    model: call.facts.model,
    servedModel: null,
    startedAtMs,
    outcome: 'failed',
    status: 0,
    reason: null,
    upstreamRequestId: null,
    firstEventMs: null,
    durationMs: 0,
    usage: { ...noTokens },
    webSearches: 0,
    usageSource: 'reported',
    costNanoUsd: 0,
    chargedNanoUsd: 0,
    counters: call.hold.counters.slice(),
    price: { ...noPrice, multipliers: [] },
    basis: null,
    original: null,
    cacheSavingsNanoUsd: 0,
  };
}

/** What is written down before the attempt, so that its process may die. */
export function intentOf(call: Call, start: AttemptStart): AttemptIntent {
  const { id, name, kind } = start.account.document;
  return {
    attempt: {
      id: start.id,
      accountId: id,
      accountName: name,
      kind,
      startedAtMs: start.startedAtMs,
    },
    request: requestRecord(call, call.attempts, { status: 0, outcome: 'crashed', errorCode: 'crashed' }),
    inputTokensEstimate: call.facts.inputTokensEstimate,
    outputTokensEstimate: Math.min(call.facts.maxOutputTokens ?? CRASH_OUTPUT_TOKENS, CRASH_OUTPUT_TOKENS),
    service: start.account.provider.service,
    rate: rateOf(call, start),
    serviceRate: call.prices.rate(start.account.provider.service),
    priceListId: call.prices.id,
  };
}

/** What a dollar of cost counts as for this key, before the rate of the service. */
function rateOf({ key }: RecordedCall, { account }: AttemptStart): number {
  return key.rates[account.provider.service] ?? 1;
}

/** The final row of an attempt. */
export function attemptRecord(
  call: RecordedCall & Pick<Call, 'prices'>,
  start: AttemptStart,
  result: AttemptResult,
  failure: UpstreamFailure | null,
): AttemptRecord {
  const record = openAttempt(call, start);
  record.outcome =
    result.outcome === 'delivered' ? 'ok' : result.outcome === 'client_left' ? 'client_left' : 'failed';
  record.status = result.status;
  record.reason = failure === null ? null : `${failure.reason}: ${failure.message}`;
  record.upstreamRequestId = result.headers['request-id'] ?? result.headers['x-request-id'] ?? null;
  record.firstEventMs = result.firstEventMs;
  record.durationMs = result.durationMs;
  const observation = billable(result, call.facts);
  if (observation === null) return record;
  const { service } = start.account.provider;
  const market = start.account.market(upstreamModel(start.account, call.facts.model));
  const { costNanoUsd, cacheSavingsNanoUsd, price } = call.prices.cost({
    service,
    model: call.facts.model,
    servedModel: observation.servedModel,
    usage: observation.usage,
    conditions: observation.conditions,
    market,
    atMs: call.receivedAtMs,
  });
  const keyRate = rateOf(call, start);
  const serviceRate = call.prices.rate(service);
  const { webSearches, ...usage } = observation.usage;
  record.servedModel = observation.servedModel;
  record.usage = usage;
  record.webSearches = webSearches;
  record.usageSource = observation.usageSource;
  record.costNanoUsd = costNanoUsd;
  record.chargedNanoUsd = timesRate(costNanoUsd, keyRate, serviceRate);
  record.price = price;
  const { serviceTier, speed, inferenceGeo } = observation.conditions;
  const { list = null, isRegional = false } = market ?? {};
  record.basis = { keyRate, serviceRate, serviceTier, speed, inferenceGeo, list, isRegional };
  record.cacheSavingsNanoUsd = cacheSavingsNanoUsd;
  return record;
}

/**
 * What is charged for an attempt: what its answer showed. An error status costs nothing. A request that was sent and
 * never answered may have been generated all the same, so its input is charged by estimate.
 */
function billable(result: AttemptResult, facts: RequestFacts): Observation | null {
  if (result.observer !== null) return result.observer.observation();
  const mayHaveRun =
    result.status === 0 &&
    (result.outcome === 'client_left' ||
      (result.failure?.type === 'timeout' && result.failure.stage !== 'connect') ||
      result.failure?.type === 'cut');
  if (!mayHaveRun) return null;
  return {
    usageSource: 'estimated',
    usage: { ...noTokens, input: facts.inputTokensEstimate, webSearches: 0 },
    conditions: { serviceTier: null, speed: null, inferenceGeo: null },
    servedModel: null,
    messageId: null,
    stopReason: null,
    isComplete: false,
    error: null,
  };
}

export interface Ending {
  readonly status: number;
  readonly outcome: RequestRecord['outcome'];
  readonly errorCode: string | null;
}

/** The row of the whole request: sums over its attempts, names of the last one. */
export function requestRecord(
  call: RecordedCall,
  attempts: readonly AttemptRecord[],
  ending: Ending,
): RequestRecord {
  const { facts, hold, key, timeline } = call;
  const last = attempts.at(-1);
  const firstEventMs = timeline.atMs('first_event');
  const record: RequestRecord = {
    id: call.id,
    atMs: call.receivedAtMs,
    dialect: facts.dialect,
    operation: facts.operation,
    model: facts.model,
    stream: facts.stream,
    client: facts.client,
    durationMs: Math.round(timeline.elapsedMs()),
    timeline: timeline.entries.slice(),
    status: ending.status,
    outcome: ending.outcome,
    errorCode: ending.errorCode,
    keyId: key.id,
    keyName: key.name,
    userId: key.userId,
    accountId: last?.accountId ?? null,
    accountName: last?.accountName ?? null,
    kind: last?.kind ?? null,
    servedModel: last?.servedModel ?? null,
    usage: { ...noTokens },
    usageSource: worstSource(attempts),
    costNanoUsd: 0,
    chargedNanoUsd: 0,
    counters: hold.counters.slice(),
    firstEventMs: firstEventMs === null ? null : Math.round(firstEventMs),
    attemptIds: [],
    decision: call.decision,
  };
  const { usage } = record;
  for (const attempt of attempts) {
    usage.input += attempt.usage.input;
    usage.cacheWrite5m += attempt.usage.cacheWrite5m;
    usage.cacheWrite1h += attempt.usage.cacheWrite1h;
    usage.cacheRead += attempt.usage.cacheRead;
    usage.output += attempt.usage.output;
    record.costNanoUsd += attempt.costNanoUsd;
    record.chargedNanoUsd += attempt.chargedNanoUsd;
    record.attemptIds.push(attempt.id);
  }
  return record;
}

/** A request that was refused before any attempt costs nothing, and is listed. */
export function refusedRecord(call: Omit<RecordedCall, 'decision' | 'hold'>, ending: Ending): RequestRecord {
  const decision = { candidates: [], chosen: null };
  return requestRecord({ ...call, hold: nothingHeld, decision }, [], ending);
}

function sum(attempts: readonly AttemptRecord[], read: (attempt: AttemptRecord) => number): number {
  return attempts.reduce((total, attempt) => total + read(attempt), 0);
}

/** A request is only as sure as its least sure attempt. */
function worstSource(attempts: readonly AttemptRecord[]): AttemptRecord['usageSource'] {
  if (attempts.some(({ usageSource }) => usageSource === 'estimated')) return 'estimated';
  return attempts.some(({ usageSource }) => usageSource === 'partial') ? 'partial' : 'reported';
}

/** What these attempts have been charged, and all of their tokens. */
export function spentBy(attempts: readonly AttemptRecord[]): { usd: number; tokens: number } {
  return {
    usd: sum(attempts, ({ chargedNanoUsd }) => chargedNanoUsd),
    tokens: sum(attempts, ({ usage }) => tokensOf(usage)),
  };
}
