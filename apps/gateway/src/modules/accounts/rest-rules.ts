// Owns what the operator's own settings say about rests after upstream errors. Where a setting is absent the gateway
// judges by itself.
import type { UpstreamFailure } from '../../providers/provider.ts';

/** Milliseconds; null = not set. 0 = no rest. */
export interface RestRules {
  /** After a 503. */
  readonly unavailableMs: number | null;
  /** After any other 5xx. */
  readonly serverErrorMs: number | null;
  readonly overloadMs: number | null;
  /** After a refused credential: instead of waiting for an administrator. */
  readonly authMs: number | null;
  readonly timeoutMs: number | null;
  /** The longest rest that a vendor's answer may ask for. */
  readonly maxAskedMs: number | null;
}

/** The rest after this failure, null where no rule speaks of it. `status` is 0 where no answer came. */
export function ruledRestMs(rules: RestRules, failure: UpstreamFailure, status: number): number | null {
  switch (failure.reason) {
    case 'overloaded':
      return rules.overloadMs;
    case 'timeout':
      return rules.timeoutMs;
    case 'server_error':
      return status === 503 ? rules.unavailableMs : rules.serverErrorMs;
    case 'credential_rejected':
    case 'permission_denied':
      return rules.authMs;
    case 'rate_limited':
    case 'billing':
      return failure.coolDownMs === null || rules.maxAskedMs === null
        ? null
        : Math.min(failure.coolDownMs, rules.maxAskedMs);
    default:
      return null;
  }
}
