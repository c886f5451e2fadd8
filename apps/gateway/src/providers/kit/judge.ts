// Owns how judgements are written, and the judgement of failures that no vendor said anything about.
import type { FailedResponse, UpstreamFailure } from '../provider.ts';

type Wordless = Extract<FailedResponse, { type: 'unreachable' | 'timeout' | 'cut' }>;
/** A failure in the vendor's own words. */
export type Worded = Exclude<FailedResponse, Wordless>;

/** Rests nobody and needs nobody. */
export function judge(
  reason: UpstreamFailure['reason'],
  fault: UpstreamFailure['fault'],
  retry: UpstreamFailure['retry'],
  message: string,
): UpstreamFailure {
  return { reason, fault, retry, coolDownMs: null, coolDownScope: 'account', accountState: null, message };
}

export function isWordless(failure: FailedResponse): failure is Wordless {
  return failure.type === 'unreachable' || failure.type === 'timeout' || failure.type === 'cut';
}

/** The vendor was not reached, said nothing in time, or broke off. */
export function judgeWordless(failure: Wordless): UpstreamFailure {
  switch (failure.type) {
    case 'unreachable':
      return judge('unreachable', 'network', 'other', `not reached: ${failure.message} (${failure.code})`);
    case 'cut':
      return judge('cut', 'network', 'same', `broke off: ${failure.message}`);
    case 'timeout':
      return judgeTimeout(failure.stage, failure.timeoutMs);
  }
}

const TIMEOUTS = { connect: 'no connection', 'first-event': 'no event', idle: 'silence', total: 'no end' };

function judgeTimeout(stage: keyof typeof TIMEOUTS, timeoutMs: number): UpstreamFailure {
  const retry = stage === 'total' ? 'never' : 'other';
  return judge('timeout', 'network', retry, `${TIMEOUTS[stage]} within ${timeoutMs} ms`);
}
