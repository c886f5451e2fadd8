// One request's way, from its arrival to its last row. Each stage is a file of its own; this is their order.
import { isBilled, type PublicError } from '../protocols/protocol.ts';
import { forwardableResponseHeaders } from '../providers/kit/index.ts';
import { ownerTag } from '../modules/keys/index.ts';
import type { PriceBook } from '../modules/pricing/index.ts';
import type { Capture } from '../modules/requests/index.ts';
import { RedisUnavailable } from '../platform/redis/index.ts';
import { admit, type Admitted } from './admit.ts';
import { runAttempts } from './attempt-loop.ts';
import { authorise } from './authorise.ts';
import type { Call, RelayInput } from './call.ts';
import type { LoopEnd } from './endings.ts';
import { holdOf } from './hold.ts';
import { refusedRecord } from './records.ts';
import { Refusal, refusals } from './refusal.ts';
import { claimOf } from './reserve.ts';
import type { RelayServices } from './services.ts';
import { settle } from './settle.ts';

/** Answers the client and leaves the rows; never rejects. */
export async function relay(input: RelayInput, services: RelayServices): Promise<void> {
  services.openCalls.enter();
  services.metrics.inFlight.set(services.openCalls.count);
  try {
    if (services.openCalls.isDraining) throw refusals.shuttingDown();
    const stickyKey = stickyKeyOf(input, services);
    const prices = services.pricing.current();
    const admitted = await letIn(input, prices, stickyKey, services);
    const { key, reservation, stickyAccountId } = admitted;
    input.timeline.mark('admitted');
    try {
      authorise(key, input.facts, input.address);
      const session = stickyKey === null ? null : { key: stickyKey, accountId: stickyAccountId };
      const hold = holdOf(admitted);
      const decision = { candidates: [], chosen: null };
      const call: Call = { ...input, key, session, prices, hold, attempts: [], decision };
      const capture = isBilled(input.operation) ? captureOf(call, services) : null;
      const end = await runAttempts(call, services).catch((error: unknown) =>
        failedLoop(error, call, services),
      );
      tell(end, call);
      settle(end, call, services);
      capture?.end();
    } finally {
      reservation.release();
    }
  } catch (error) {
    const refusal = publicError(error, services);
    noteRefusal(refusal, input, services);
    // Redis may hold for it what it did not say: a process that dies now must leave word that nothing is owed.
    if (error instanceof RedisUnavailable) await untilWritten();
    if (!input.delivery.isBegun) input.delivery.reply(input.protocol.renderError(refusal, input.id));
  } finally {
    services.openCalls.leave();
    services.metrics.inFlight.set(services.openCalls.count);
  }
}

/** Refers to what comes and goes, where the key wants it kept. */
function captureOf({ id, key, body, delivery }: Call, { captures }: RelayServices): Capture | null {
  const capture = captures.begin({ id, keyId: key.id, capture: key.capture }, body);
  if (capture !== null && capture.response !== null) delivery.copyTo(capture.response);
  return capture;
}

/** Throws a Refusal, or RedisUnavailable. Whoever waits for a place is let go when the client leaves. */
async function letIn(
  input: RelayInput,
  prices: PriceBook,
  stickyKey: string | null,
  services: RelayServices,
): Promise<Admitted> {
  const { delivery } = input;
  const { openCalls } = services;
  // Only a request that has to wait needs a signal.
  let gone: AbortController | null = null;
  const leave = (): void => gone?.abort();
  delivery.onClientLeft(leave);
  openCalls.onAbort(leave);
  try {
    return await admit(services.keys, services.limits, {
      key: input.key,
      secretHash: input.secretHash,
      claim: (key) => (isBilled(input.operation) ? claimOf(key, { ...input, prices }, services) : null),
      stickyKey,
      nowMs: () => services.clock.now(),
      signal: () => {
        gone = new AbortController();
        if (delivery.hasClientLeft || openCalls.isAborted) gone.abort();
        return gone.signal;
      },
    });
  } finally {
    delivery.offClientLeft(leave);
    openCalls.offAbort(leave);
  }
}

/** Name of the client's session, or of what its request names, in Redis; in the slot of the key, whose admission reads it. */
function stickyKeyOf({ key, facts }: RelayInput, { sticky }: RelayServices): string | null {
  const name = facts.pinnedTo ?? facts.sessionId;
  return name === null ? null : sticky.keyOf(ownerTag(key), key.id, name);
}

/** The client's answer where the attempts have not given it. */
function tell(end: LoopEnd, { protocol, delivery, id, facts }: Call): void {
  switch (end.type) {
    case 'delivered':
    case 'client_left':
      return;
    case 'broken':
      if (!facts.stream) delivery.destroy();
      else {
        const place = { streamForm: facts.streamForm, isFirst: !delivery.hasBody };
        delivery.end(end.wasErrorSent ? undefined : protocol.renderErrorEvent(end.error, id, place));
      }
      return;
    case 'upstream_error':
      delivery.begin(end.answer.status, {
        ...forwardableResponseHeaders(end.answer.headers),
        'x-request-id': id,
        'content-length': String(end.answer.body.length),
      });
      delivery.end(end.answer.body);
      return;
    case 'refused':
      delivery.reply(protocol.renderError(end.error, id));
  }
}

/** Redis was lost, or something unforeseen happened, between two attempts: the rows so far still count. */
function failedLoop(error: unknown, call: Call, services: RelayServices): LoopEnd {
  const refusal = publicError(error, services);
  return call.delivery.isBegun
    ? { type: 'broken', error: refusal, wasErrorSent: false }
    : { type: 'refused', error: refusal };
}

/** Refused before anything was reserved. */
function noteRefusal(error: PublicError, input: RelayInput, services: RelayServices): void {
  const { id, facts } = input;
  services.metrics.relayRequests.inc({
    dialect: facts.dialect,
    outcome: 'refused',
    status: String(error.status),
  });
  services.logRequest({
    requestId: id,
    keyId: input.key.id,
    model: facts.model,
    client: facts.client,
    outcome: 'refused',
    status: error.status,
    code: error.code,
    durationMs: input.timeline.elapsedMs(),
  });
  if (!isBilled(input.operation)) return;
  // Which limit, and when it frees, is told to whoever looks at the request later as well.
  input.timeline.mark('refused', error.message);
  const outcome = error.code === 'client_left' ? 'client_left' : 'refused';
  const record = refusedRecord(input, { status: error.status, outcome, errorCode: error.code });
  services.journal.close(null, [{ type: 'request', record }]);
}

/** The journal writes before the event loop turns. */
function untilWritten(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

function publicError(error: unknown, services: RelayServices): PublicError {
  if (error instanceof Refusal) return error.error;
  if (error instanceof RedisUnavailable) return refusals.redisUnavailable().error;
  services.onProblem('a request failed inside the gateway', error);
  return refusals.internal().error;
}
