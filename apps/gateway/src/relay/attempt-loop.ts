// Stage 5: account after account until the client has its answer, the failure is final, or tries and time are used up.
import type { LiveAccount } from '../modules/accounts/index.ts';
import type { Reservation } from '../modules/limits/index.ts';
import type { AttemptRecord } from '../modules/usage/index.ts';
import type { UpstreamFailure } from '../providers/provider.ts';
import { ask, type Asked } from './ask.ts';
import { isBilled } from '../protocols/protocol.ts';
import { type AttemptResult, runAttempt } from './attempt.ts';
import type { Call } from './call.ts';
import { chooseAccount, enter, movableSession, pause, Progress } from './choose-account.ts';
import { broken, final, type LoopEnd, nobodyLeft } from './endings.ts';
import { pinAnswer, pinnedPool } from './pins.ts';
import type { Pool } from './pool.ts';
import { type AttemptStart, attemptRecord, intentOf, spentBy } from './records.ts';
import { refusals } from './refusal.ts';
import { renewAfterRefusal, withNewToken } from './renew.ts';
import type { RelayServices } from './services.ts';

/** Rejects with RedisUnavailable only. Every attempt has its row before the next one begins. */
export async function runAttempts(call: Call, services: RelayServices): Promise<LoopEnd> {
  const startedAtMs = services.clock.now();
  services.retryBudget.request(startedAtMs);
  const progress = new Progress(poolFor(call, services, startedAtMs));

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

    // Its token may have been renewed since the pool was made.
    const chosen = services.accounts.find(choice.account.document.id) ?? choice.account;
    const account = services.accounts.isUsable(chosen) ? chosen : await withNewToken(chosen, call, services);
    if (account === null) {
      progress.exclude(chosen.document.id, 'its token has ended and could not be renewed');
      continue;
    }
    const asked = ask(call, account);
    if (asked.type === 'not-sayable') {
      progress.exclude(account.document.id, `cannot be asked for ${asked.path}`);
      progress.notSayable = asked;
      continue;
    }
    const slot = await enter(account, choice.isProbe, call, services);
    if (typeof slot === 'string') {
      progress.exclude(account.document.id, slot);
      continue;
    }
    if (choice.isProbe) call.timeline.mark('probes', account.document.name);
    const retried = progress.hasNewToken ? null : progress.last;
    progress.hasNewToken = false;
    if (retried !== null && !services.retryBudget.retry(services.clock.now())) {
      slot.release();
      call.timeline.mark('retry_refused', 'too many retries for the requests of the last seconds');
      return final(retried);
    }
    if (progress.last !== null && !(await call.hold.cover(spentBy(call.attempts)))) {
      slot.release();
      call.timeline.mark('retry_refused', 'a limit of the key has no room for another attempt');
      return final(progress.last);
    }
    const end = await tryAccount(call, account, asked, slot, services, progress);
    if (end !== null) return end;
  }
  const { last } = progress;
  return last === null ? { type: 'refused', error: refusals.accountsBusy().error } : final(last);
}

function poolFor(call: Call, services: RelayServices, nowMs: number): Pool {
  const { facts, key } = call;
  return facts.pinnedTo === null
    ? services.pools.get(services.accounts.live(), facts, key, nowMs)
    : pinnedPool(call, facts.pinnedTo, services);
}

/** One attempt and what follows from it; null = on to the next. */
async function tryAccount(
  call: Call,
  account: LiveAccount,
  asked: Asked,
  slot: Reservation,
  services: RelayServices,
  progress: Progress,
): Promise<LoopEnd | null> {
  const { id } = account.document;
  const session = movableSession(call, id, services);
  const mayRenew = account.isRenewable && !progress.wasRenewed(id);
  const { result, failure } = await attemptOnce(call, account, asked, slot, services, mayRenew);
  const hasAnswered = result.outcome === 'delivered' || result.firstEventMs !== null;
  if (session !== null && call.facts.pinnedTo === null && hasAnswered && failure === null)
    services.sticky.delivered(session.key, id, session.accountId);
  if (result.outcome === 'delivered') {
    learnModelRights(call, services, progress);
    pinAnswer(call, id, result.observer, services);
    return { type: 'delivered' };
  }
  if (result.outcome === 'client_left' || failure === null) return { type: 'client_left' };
  const last = { result, failure, passesErrors: asked.passesErrors };
  if (result.outcome === 'broken') return broken(last);

  progress.last = last;
  if (mayRenew && failure.accountState === 'needs-login') {
    progress.renewed(id);
    await renewAfterRefusal(call, account, last, services, progress);
    return call.delivery.hasClientLeft ? { type: 'client_left' } : null;
  }
  if (services.openCalls.isAborted) return { type: 'refused', error: refusals.shuttingDown().error };
  if (call.delivery.hasClientLeft) return { type: 'client_left' };
  if (failure.retry === 'never') return final(last);
  if (failure.deniesModel === true) progress.refuseModel(id, failure.message);
  const isOnceMore = failure.retry === 'same' && progress.retryOnce(id);
  if (!isOnceMore) progress.exclude(id, `tried: ${failure.reason}`);
  return null;
}

/** Whoever said that the model is not his, while another answered it, need not be asked for it again soon. */
function learnModelRights(call: Call, { accounts, clock }: RelayServices, { modelRefusals }: Progress): void {
  for (const [id, words] of modelRefusals) {
    accounts.health.modelRefused(id, call.facts.model, `refused ${call.facts.model}: ${words}`, clock.now());
  }
}

/** One attempt from its journal line to its row. */
async function attemptOnce(
  call: Call,
  account: LiveAccount,
  asked: Asked,
  slot: Reservation,
  services: RelayServices,
  mayRenew: boolean,
): Promise<{ result: AttemptResult; failure: UpstreamFailure | null }> {
  const start: AttemptStart = {
    id: `${call.id}.${call.attempts.length + 1}`,
    startedAtMs: services.clock.now(),
    account,
  };
  try {
    if (isBilled(call.operation)) await services.journal.open(intentOf(call, start));
    call.timeline.mark('sent', account.document.name);
    const result = await send(call, account, asked, services);
    const failure = judge(call, account, result, services, mayRenew);
    if (failure !== null) noteError(call, account, failure, result.status, services);
    const record = attemptRecord(call, start, result, failure);
    noteUnlisted(call, account, record, services);
    call.attempts.push(record);
    services.accounts.spent(account.document, record.costNanoUsd);
    services.metrics.relayAttempts.inc({ kind: account.document.kind, outcome: record.outcome });
    if (isBilled(call.operation)) services.journal.close(start.id, [{ type: 'attempt', record }]);
    return { result, failure };
  } finally {
    slot.release();
  }
}

/** For people to look up; written in the background. */
function noteError(
  { id: requestId, facts: { model } }: Call,
  { document }: LiveAccount,
  { reason: code, message }: UpstreamFailure,
  status: number,
  { accounts, clock }: RelayServices,
): void {
  accounts.noteError(document.id, { atMs: clock.now(), status, code, message, model, requestId });
}

/** Once a request: its model has no price, and another's was charged. */
function noteUnlisted(
  { attempts, facts, receivedAtMs }: Call,
  { provider }: LiveAccount,
  { price, servedModel }: AttemptRecord,
  { pricing }: RelayServices,
): void {
  if (!price.isFallback || price.row === null || attempts.some((earlier) => earlier.price.isFallback)) return;
  pricing.noteUnlisted(provider.service, servedModel ?? facts.model, price.row, receivedAtMs);
}

function send(
  call: Call,
  account: LiveAccount,
  { request, answerWay, warnings }: Asked,
  services: RelayServices,
): Promise<AttemptResult> {
  return runAttempt(services.upstream, {
    request: { ...request, isOperatorAddress: account.isOperatorAddress, proxy: account.proxy },
    delivery: call.delivery,
    openCalls: services.openCalls,
    streamContentType: account.provider.streamContentType ?? 'text/event-stream',
    answerWay,
    asksForStream: call.facts.stream,
    timeouts: services.timeouts,
    extraHeaders: () => ownHeaders(call, account, warnings),
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

function ownHeaders(call: Call, account: LiveAccount, warnings: string | null): Record<string, string> {
  const headers: Record<string, string> = { 'x-request-id': call.id };
  if (warnings !== null) headers['x-gateway-warnings'] = warnings;
  return call.key.debug ? Object.assign(headers, debugHeaders(call, account)) : headers;
}

function debugHeaders(call: Call, { document }: LiveAccount): Record<string, string> {
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
  mayRenew: boolean,
): UpstreamFailure | null {
  const nowMs = clock.now();
  const { health } = accounts;
  const windows = provider.limits(result.headers);
  if (windows.length > 0) health.windows(document.id, windows);
  if (result.outcome === 'delivered') health.delivered(document.id, call.facts.family, nowMs);
  if (result.failure === null) return null;
  const failure = provider.classify(result.failure, call.facts, nowMs);
  // A token that can be renewed is, before the account is blamed.
  if (!mayRenew || failure.accountState !== 'needs-login')
    health.failed(document, call.facts.family, failure, nowMs, result.status);
  return failure;
}
