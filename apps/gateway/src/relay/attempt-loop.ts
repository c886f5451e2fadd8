// Stage 5: account after account until the client has its answer, the failure is final, or tries and time are used up.
import type { LiveAccount } from '../modules/accounts/index.ts';
import type { Reservation } from '../modules/limits/index.ts';
import type { PublicError } from '../protocols/protocol.ts';
import type { FailedResponse, PreparedRequest, UpstreamFailure } from '../providers/provider.ts';
import { type AttemptResult, type KeptAnswer, runAttempt } from './attempt.ts';
import type { Call } from './call.ts';
import { type AttemptStart, attemptRecord, intentOf, spentBy } from './records.ts';
import { type Refusal, refusals } from './refusal.ts';
import { outOfUse, type Pool, unservedModel, upstreamModel } from './pool.ts';
import { type Choice, rank } from './route.ts';
import type { RelayServices } from './services.ts';

/** How the request ended for the client; `answer` and `error` are still to be told. */
export type LoopEnd =
  | { readonly type: 'delivered' }
  | { readonly type: 'client_left' }
  /** The stream had begun; its end is an error event. */
  | { readonly type: 'broken'; readonly error: PublicError; readonly wasErrorSent: boolean }
  /** The upstream's own answer, handed on as it came. */
  | { readonly type: 'upstream_error'; readonly answer: KeptAnswer; readonly code: string }
  | { readonly type: 'refused'; readonly error: PublicError };

interface Failed {
  readonly result: AttemptResult;
  readonly failure: UpstreamFailure;
}

/** What the attempts so far have shown. */
interface Progress {
  readonly pool: Pool;
  /** Account id -> why it is passed over from now on. */
  readonly excluded: Map<string, string>;
  readonly retriedOnce: Set<string>;
  /** Accounts that said the model is not theirs, with their words. */
  readonly modelRefusals: Map<string, string>;
  hasWaited: boolean;
  last: Failed | null;
}

const FULL = 'as many requests running as it allows';
const PROBED = 'another request is trying whether it is back';

/** Rejects with RedisUnavailable only. Every attempt has its row before the next one begins. */
export async function runAttempts(call: Call, services: RelayServices): Promise<LoopEnd> {
  const startedAtMs = services.clock.now();
  services.retryBudget.request(startedAtMs);
  const progress: Progress = {
    pool: services.pools.get(services.accounts.live(), call.facts, call.key, startedAtMs),
    excluded: new Map(),
    retriedOnce: new Set(),
    modelRefusals: new Map(),
    hasWaited: false,
    last: null,
  };

  while (call.attempts.length < services.maxAttempts) {
    if (services.clock.now() - startedAtMs > services.timeouts.requestTimeoutMs) break;
    const choice = chooseAccount(call, services, progress);
    if (choice.type === 'wait') {
      progress.hasWaited = true;
      await pause(choice.untilMs - services.clock.now(), call);
      if (call.delivery.hasClientLeft) return { type: 'client_left' };
      continue;
    }
    if (choice.type === 'none') return nobodyLeft(choice, call, services, progress);

    const { account } = choice;
    const slot = await enter(account, choice.isProbe, call, services);
    if (typeof slot === 'string') {
      progress.excluded.set(account.document.id, slot);
      continue;
    }
    if (choice.isProbe) call.timeline.mark('probes', account.document.name);
    if (progress.last !== null && !services.retryBudget.retry(services.clock.now())) {
      slot.release();
      call.timeline.mark('retry_refused', 'too many retries for the requests of the last seconds');
      return final(progress.last);
    }
    if (progress.last !== null && !(await call.hold.cover(spentBy(call.attempts)))) {
      slot.release();
      call.timeline.mark('retry_refused', 'a limit of the key has no room for another attempt');
      return final(progress.last);
    }
    const end = await tryAccount(call, account, slot, services, progress);
    if (end !== null) return end;
  }
  const { last } = progress;
  return last === null ? { type: 'refused', error: refusals.accountsBusy().error } : final(last);
}

/** One attempt and what follows from it; null = on to the next. */
async function tryAccount(
  call: Call,
  account: LiveAccount,
  slot: Reservation,
  services: RelayServices,
  progress: Progress,
): Promise<LoopEnd | null> {
  const { id } = account.document;
  const session = movableSession(call, id, services);
  const { result, failure } = await attemptOnce(call, account, slot, services);
  const hasAnswered = result.outcome === 'delivered' || result.firstEventMs !== null;
  if (session !== null && hasAnswered && failure === null)
    services.sticky.delivered(session.key, id, session.accountId);
  if (result.outcome === 'delivered') {
    learnModelRights(call, services, progress);
    return { type: 'delivered' };
  }
  if (result.outcome === 'client_left' || failure === null) return { type: 'client_left' };
  if (result.outcome === 'broken') return broken(result.failure, failure);

  const last = { result, failure };
  progress.last = last;
  if (services.openCalls.isAborted) return { type: 'refused', error: refusals.shuttingDown().error };
  if (call.delivery.hasClientLeft) return { type: 'client_left' };
  if (failure.retry === 'never') return final(last);
  if (failure.deniesModel === true) progress.modelRefusals.set(id, failure.message);
  const isOnceMore = failure.retry === 'same' && !progress.retriedOnce.has(id);
  if (isOnceMore) progress.retriedOnce.add(id);
  else progress.excluded.set(id, `tried: ${failure.reason}`);
  return null;
}

/**
 * The client's session, where this account may take it over. One whose own account only does not serve this model
 * stays there: its next request may be for a model that it does serve.
 */
function movableSession(
  { session, facts }: Call,
  accountId: string,
  services: RelayServices,
): Call['session'] {
  if (session === null || session.accountId === null || session.accountId === accountId) return session;
  const home = services.accounts.find(session.accountId);
  if (home === undefined || outOfUse(home, services.clock.now()) !== null) return session;
  return unservedModel(home, facts.model) === null ? session : null;
}

/** Whoever said that the model is not his, while another answered it, need not be asked for it again soon. */
function learnModelRights(call: Call, { accounts, clock }: RelayServices, { modelRefusals }: Progress): void {
  for (const [id, words] of modelRefusals) {
    accounts.health.modelRefused(id, call.facts.model, `refused ${call.facts.model}: ${words}`, clock.now());
  }
}

function chooseAccount(call: Call, services: RelayServices, { pool, excluded, hasWaited }: Progress): Choice {
  const { accounts, clock, random, sticky } = services;
  const nowMs = clock.now();
  const { family, model } = call.facts;
  const { session } = call;
  const choice = rank({
    pool,
    sticky:
      session === null
        ? []
        : [session.accountId, sticky.remembered(session.key)].filter((one) => one !== null),
    mayWait: !hasWaited,
    stateOf: ({ document: { id } }) => ({
      resting: accounts.health.blockedUntil(id, family, nowMs, model),
      isHalfOpen: accounts.health.isHalfOpen(id, nowMs),
      ...accounts.health.load(id, nowMs),
    }),
    excluded,
    nowMs,
    random,
  });
  const chosen = choice.type === 'account' ? choice.account.document : null;
  // Before anything is waited for: those that come beside it have to see it.
  if (chosen !== null && movableSession(call, chosen.id, services) !== null && session !== null)
    sticky.chosen(session.key, chosen.id);
  call.decision = { candidates: choice.verdicts, chosen: chosen?.id ?? null };
  call.timeline.mark(choice.type === 'wait' ? 'waits' : 'routed', chosen === null ? null : chosen.name);
  return choice;
}

/** Ends early when the client leaves. */
function pause(delayMs: number, { delivery }: Call): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      clearTimeout(timer);
      stop();
      resolve();
    };
    const timer = setTimeout(done, Math.max(0, delayMs));
    const stop = delivery.onClientLeft(done);
  });
}

/**
 * A place at the account: its own limit over all replicas where it has one, the one try where its breaker is half open,
 * and this process's count of its load. Answers why not where there is none.
 */
async function enter(
  account: LiveAccount,
  isProbe: boolean,
  call: Call,
  services: RelayServices,
): Promise<Reservation | string> {
  const { id, maxConcurrency } = account.document;
  const { health } = services.accounts;
  const endProbe = isProbe ? await health.probe(id, services.clock.now()) : null;
  if (isProbe && endProbe === null) return PROBED;
  const place =
    maxConcurrency === 0
      ? null
      : await services.limits.enterAccount(id, maxConcurrency, `${call.id}.${call.attempts.length + 1}`);
  if (maxConcurrency > 0 && place === null) {
    endProbe?.();
    return FULL;
  }
  const leave = health.enter(id);
  return {
    release: () => {
      leave();
      place?.release();
      endProbe?.();
    },
  };
}

/** One attempt from its journal line to its row. */
async function attemptOnce(
  call: Call,
  account: LiveAccount,
  slot: Reservation,
  services: RelayServices,
): Promise<{ result: AttemptResult; failure: UpstreamFailure | null }> {
  const start: AttemptStart = {
    id: `${call.id}.${call.attempts.length + 1}`,
    startedAtMs: services.clock.now(),
    account,
  };
  try {
    const request = prepare(call, account);
    if (call.operation === 'generate') await services.journal.open(intentOf(call, start));
    call.timeline.mark('sent', account.document.name);
    const result = await send(call, account, request, services);
    const failure = judge(call, account, result, services);
    const record = attemptRecord(call, start, result, failure, services.pricing);
    call.attempts.push(record);
    services.accounts.spent(account.document, record.costNanoUsd);
    services.metrics.relayAttempts.inc({ kind: account.document.kind, outcome: record.outcome });
    if (call.operation === 'generate') services.journal.close(start.id, [{ type: 'attempt', record }]);
    return { result, failure };
  } finally {
    slot.release();
  }
}

function prepare(call: Call, account: LiveAccount): PreparedRequest {
  return account.prepare({
    dialect: call.facts.dialect,
    operation: call.operation,
    method: call.method,
    path: call.path,
    query: call.query,
    headers: call.headers,
    body: call.body,
    facts: call.facts,
    upstreamModel: upstreamModel(account, call.facts.model),
  });
}

function send(
  call: Call,
  account: LiveAccount,
  request: PreparedRequest,
  services: RelayServices,
): Promise<AttemptResult> {
  const { timeouts } = services;
  return runAttempt(services.upstream, {
    request: { ...request, isOperatorAddress: account.isOperatorAddress },
    delivery: call.delivery,
    openCalls: services.openCalls,
    observe: (answer) => call.protocol.observe(answer, call.facts),
    // An answer that is no stream may take as long as the whole attempt.
    timeouts: call.facts.stream ? timeouts : { ...timeouts, firstEventTimeoutMs: timeouts.requestTimeoutMs },
    extraHeaders: () => ({ 'x-request-id': call.id, ...debugHeaders(call, account) }),
    onFirstEvent: () => {
      call.timeline.mark('first_event');
      const { health } = services.accounts;
      const { id } = account.document;
      const nowMs = services.clock.now();
      // Others need not wait for the end of a long answer to know that the account is back.
      if (health.isHalfOpen(id, nowMs)) health.delivered(id, call.facts.family, nowMs);
    },
  });
}

function debugHeaders(call: Call, { document }: LiveAccount): Record<string, string> {
  if (!call.key.debug) return {};
  const { timeline } = call;
  const admittedMs = timeline.atMs('admitted') ?? 0;
  const sentMs = timeline.atMs('sent') ?? 0;
  const upstreamMs = Math.round((timeline.elapsedMs() - sentMs) * 10) / 10;
  return {
    'x-relay-account': encodeURIComponent(document.name),
    'x-relay-attempts': String(call.attempts.length + 1),
    'x-relay-timing': `admit=${admittedMs}, route=${Math.round((sentMs - admittedMs) * 10) / 10}, upstream=${upstreamMs}`,
  };
}

/** Tells the account's health what happened, and what the vendor said of its quota. */
function judge(
  call: Call,
  { document, provider }: LiveAccount,
  result: AttemptResult,
  { accounts, clock }: RelayServices,
): UpstreamFailure | null {
  const nowMs = clock.now();
  const { health } = accounts;
  const windows = provider.limits(result.headers);
  if (windows.length > 0) health.windows(document.id, windows);
  if (result.outcome === 'delivered') health.delivered(document.id, call.facts.family, nowMs);
  if (result.failure === null) return null;
  const failure = provider.classify(result.failure, call.facts, nowMs);
  health.failed(document, call.facts.family, failure, nowMs, result.status);
  return failure;
}

type NoChoice = Extract<Choice, { type: 'none' }>;

/** No account is left: is that because all rest now, or did the last failure decide? */
function nobodyLeft(choice: NoChoice, call: Call, services: RelayServices, progress: Progress): LoopEnd {
  const { last } = progress;
  if (last === null) return nobody(choice, call, services, progress);
  if (last.failure.reason !== 'rate_limited') return final(last);
  return { type: 'refused', error: resting(choice, services, progress, last.failure.message) };
}

/** No account at all, before any attempt. */
function nobody(choice: NoChoice, call: Call, services: RelayServices, progress: Progress): LoopEnd {
  const live = services.accounts.live();
  if (choice.why === 'unserved') {
    if (progress.pool.isBound)
      return { type: 'refused', error: refusals.noBoundAccount(call.facts.model).error };
    const kinds = [...new Set(live.map(({ document }) => document.kind))].sort();
    return { type: 'refused', error: refusals.noAccount(call.facts.model, kinds).error };
  }
  if (choice.why === 'forbidden') {
    const needed = [
      ...new Set(
        live.flatMap(({ provider }) => (provider.serves(call.facts.model) ? [provider.service] : [])),
      ),
    ];
    return { type: 'refused', error: refusals.permissionDenied(needed).error };
  }
  return { type: 'refused', error: resting(choice, services, progress, choice.reason) };
}

function resting(
  { untilMs }: NoChoice,
  { clock }: RelayServices,
  { excluded }: Progress,
  reason: string,
): PublicError {
  // One that is only full is free again before any that rests.
  if ([...excluded.values()].includes(FULL)) return refusals.accountsBusy().error;
  const nowMs = clock.now();
  if ([...excluded.values()].includes(PROBED)) return refusals.coolingDown(1, PROBED).error;
  if (untilMs === null) return refusals.credentialRejected().error;
  return refusals.coolingDown(Math.max(1, Math.ceil((untilMs - nowMs) / 1000)), reason).error;
}

/** The last attempt decides what the client is told. */
function final({ result, failure }: Failed): LoopEnd {
  if (failure.reason === 'credential_rejected' || failure.accountState !== null) {
    return { type: 'refused', error: refusals.credentialRejected().error };
  }
  if (result.answer !== null) {
    return { type: 'upstream_error', answer: result.answer, code: `upstream_${failure.reason}` };
  }
  return { type: 'refused', error: wording(result.failure, failure).error };
}

function wording(failed: FailedResponse | null, failure: UpstreamFailure): Refusal {
  switch (failed?.type) {
    case 'timeout':
      return refusals.upstreamTimeout(failed.stage, failed.timeoutMs);
    case 'unreachable':
      return refusals.upstreamUnreachable(failed.message);
    default:
      return refusals.upstreamFailed(failure.message);
  }
}

function broken(failed: FailedResponse | null, failure: UpstreamFailure): LoopEnd {
  const error =
    failed?.type === 'timeout'
      ? refusals.upstreamTimeout(failed.stage, failed.timeoutMs).error
      : refusals.upstreamBroken(failure.message).error;
  return { type: 'broken', error, wasErrorSent: failed?.type === 'error-event' };
}
