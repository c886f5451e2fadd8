// Owns how the attempts of a request end, and what the client is told where none of them delivered.
import type { PublicError } from '../protocols/protocol.ts';
import type { FailedResponse, UpstreamFailure } from '../providers/provider.ts';
import type { AttemptResult, KeptAnswer } from './attempt.ts';
import type { Call } from './call.ts';
import { FULL, PROBED, type Progress } from './choose-account.ts';
import { type Refusal, refusals } from './refusal.ts';
import type { Choice } from './route.ts';
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

export interface Failed {
  readonly result: AttemptResult;
  readonly failure: UpstreamFailure;
  /** Its error answers are in the client's dialect. */
  readonly passesErrors: boolean;
}

type NoChoice = Extract<Choice, { type: 'none' }>;

/** No account is left: is that because all rest now, or did the last failure decide? */
export function nobodyLeft(
  choice: NoChoice,
  call: Call,
  services: RelayServices,
  progress: Progress,
): LoopEnd {
  const { last, notSayable } = progress;
  if (last === null && notSayable !== null) {
    const { path, message } = notSayable;
    return { type: 'refused', error: refusals.notConvertible(path, message).error };
  }
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
  if (choice.why === 'unsupported')
    return { type: 'refused', error: refusals.unsupported(call.facts.model, call.facts.operation).error };
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
export function final({ result, failure, passesErrors }: Failed): LoopEnd {
  if (failure.reason === 'credential_rejected' || failure.accountState !== null) {
    return { type: 'refused', error: refusals.credentialRejected().error };
  }
  if (result.answer !== null && !(passesErrors && isJson(result.answer))) {
    return { type: 'refused', error: reworded(result.answer, failure).error };
  }
  if (result.answer !== null) {
    return { type: 'upstream_error', answer: result.answer, code: `upstream_${failure.reason}` };
  }
  return { type: 'refused', error: wording(result.failure, failure).error };
}

/** A page, or nothing at all, comes from what stands in front of the upstream, and is of no dialect. */
function isJson({ body }: KeptAnswer): boolean {
  return /^\s*[{[]/.test(body.toString('latin1', 0, 64));
}

/** The upstream's own error in the client's dialect: status and words are its own. */
function reworded({ status, headers }: KeptAnswer, { reason, message }: UpstreamFailure): Refusal {
  const seconds = Number(headers['retry-after']);
  return refusals.upstreamRefused(status, reason, message, Number.isFinite(seconds) ? seconds : null);
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

export function broken({ result, failure }: Failed): LoopEnd {
  const failed = result.failure;
  const error =
    failed?.type === 'timeout'
      ? refusals.upstreamTimeout(failed.stage, failed.timeoutMs).error
      : refusals.upstreamBroken(failure.message).error;
  return { type: 'broken', error, wasErrorSent: result.wasErrorPassed };
}
