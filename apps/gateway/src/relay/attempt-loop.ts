// Stage 5: account after account until the client has its answer, the failure is final, or tries and time are used up.
import type { LiveAccount } from '../modules/accounts/index.ts';
import type { Reservation } from '../modules/limits/index.ts';
import type { PublicError } from '../protocols/protocol.ts';
import type { FailedResponse, PreparedRequest, UpstreamFailure } from '../providers/provider.ts';
import { type AttemptResult, type KeptAnswer, runAttempt } from './attempt.ts';
import type { Call } from './call.ts';
import { type AttemptStart, attemptRecord, intentOf } from './records.ts';
import { type Refusal, refusals } from './refusal.ts';
import { type Choice, rank, upstreamModel } from './route.ts';
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

/** Rejects with RedisUnavailable only. Every attempt has its row before the next one begins. */
export async function runAttempts(call: Call, services: RelayServices): Promise<LoopEnd> {
  const excluded = new Map<string, string>();
  const retriedOnce = new Set<string>();
  const startedAtMs = services.clock.now();
  let last: Failed | null = null;

  while (call.attempts.length < services.maxAttempts) {
    if (services.clock.now() - startedAtMs > services.timeouts.requestTimeoutMs) break;
    const choice = chooseAccount(call, services, excluded);
    if (choice.type === 'none')
      return last === null ? nobody(choice, call, services) : giveUp(last, choice, services);

    const { account } = choice;
    const slot = await enter(account, call, services);
    if (slot === null) {
      excluded.set(account.document.id, 'as many requests running as it allows');
      continue;
    }
    const { result, failure } = await attemptOnce(call, account, slot, services);
    if (result.outcome === 'delivered') return { type: 'delivered' };
    if (result.outcome === 'client_left' || failure === null) return { type: 'client_left' };
    if (result.outcome === 'broken') return broken(result.failure, failure);

    last = { result, failure };
    if (services.openCalls.isAborted) return { type: 'refused', error: refusals.shuttingDown().error };
    if (call.delivery.hasClientLeft) return { type: 'client_left' };
    if (failure.retry === 'never') return final(last);
    const isOnceMore = failure.retry === 'same' && !retriedOnce.has(account.document.id);
    if (isOnceMore) retriedOnce.add(account.document.id);
    else excluded.set(account.document.id, `tried: ${failure.reason}`);
  }
  return last === null ? { type: 'refused', error: refusals.accountsBusy().error } : final(last);
}

function chooseAccount(call: Call, services: RelayServices, excluded: ReadonlyMap<string, string>): Choice {
  const { accounts, clock, random } = services;
  const nowMs = clock.now();
  const choice = rank({
    accounts: accounts.live(),
    facts: call.facts,
    permissions: call.key.permissions,
    stateOf: (account) => ({
      resting: accounts.health.blockedUntil(account.document.id, call.facts.family, nowMs),
      inFlight: accounts.health.inFlight(account.document.id),
    }),
    excluded,
    nowMs,
    random,
  });
  const chosen = choice.type === 'account' ? choice.account.document : null;
  call.decision = { candidates: choice.verdicts, chosen: chosen?.id ?? null };
  call.timeline.mark('routed', chosen === null ? null : chosen.name);
  return choice;
}

/** A place at the account: its own limit over all replicas where it has one, and this process's count of its load. */
async function enter(account: LiveAccount, call: Call, services: RelayServices): Promise<Reservation | null> {
  const { id, maxConcurrency } = account.document;
  const place =
    maxConcurrency === 0
      ? null
      : await services.limits.enterAccount(id, maxConcurrency, `${call.id}.${call.attempts.length + 1}`);
  if (maxConcurrency > 0 && place === null) return null;
  const leave = services.accounts.health.enter(id);
  return {
    release: () => {
      leave();
      place?.release();
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
    onFirstEvent: () => call.timeline.mark('first_event'),
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
  health.failed(document, call.facts.family, failure, nowMs);
  return failure;
}

/** No account is left after some were tried: is that because all rest now, or did the last failure decide? */
function giveUp(last: Failed, choice: Extract<Choice, { type: 'none' }>, services: RelayServices): LoopEnd {
  if (last.failure.reason === 'rate_limited') {
    return { type: 'refused', error: resting(choice, services, last.failure.message) };
  }
  return final(last);
}

/** No account at all, before any attempt. */
function nobody(choice: Extract<Choice, { type: 'none' }>, call: Call, services: RelayServices): LoopEnd {
  const live = services.accounts.live();
  if (choice.why === 'unserved') {
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
  return { type: 'refused', error: resting(choice, services, choice.reason) };
}

function resting(
  { untilMs }: Extract<Choice, { type: 'none' }>,
  { clock }: RelayServices,
  reason: string,
): PublicError {
  if (untilMs === null) {
    return reason.includes('running') ? refusals.accountsBusy().error : refusals.credentialRejected().error;
  }
  return refusals.coolingDown(Math.max(1, Math.ceil((untilMs - clock.now()) / 1000)), reason).error;
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
