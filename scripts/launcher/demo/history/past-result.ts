// What an attempt of the past came to, as the relay would have seen it. The call's timeline goes on with it.
import type { LiveAccount } from '../../../../apps/gateway/src/modules/accounts/index.ts';
import type { Observation } from '../../../../apps/gateway/src/protocols/protocol.ts';
import type { UpstreamFailure } from '../../../../apps/gateway/src/providers/provider.ts';
import type { AttemptResult } from '../../../../apps/gateway/src/relay/attempt.ts';
import { upstreamModel } from '../../../../apps/gateway/src/relay/pool.ts';
import type { Ending } from '../../../../apps/gateway/src/relay/records.ts';
import { refusals } from '../../../../apps/gateway/src/relay/refusal.ts';
import type { Random } from '../random.ts';
import type { Exchange } from './conversations.ts';
import type { Mishap } from './mishaps.ts';
import { type PastCall, upstreamId } from './past-call.ts';

/** `exchange`: null where nothing was answered. */
export function resultOf(
  call: PastCall,
  account: LiveAccount,
  mishap: Mishap | null,
  exchange: Exchange | null,
  random: Random,
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
    headers: { 'request-id': upstreamId(random) },
    observer: {
      phase: share === 1 ? 'complete' : 'content',
      push: () => undefined,
      observation: () => observation,
    },
    firstEventMs,
    durationMs,
  };
}

/** What the client was told of the last failure. */
export function failedEnding({ status }: AttemptResult, { message, reason }: UpstreamFailure): Ending {
  if (status > 0) return { status, outcome: 'failed', errorCode: `upstream_${reason}` };
  const { error } = refusals.upstreamUnreachable(message);
  return { status: error.status, outcome: 'failed', errorCode: error.code };
}
