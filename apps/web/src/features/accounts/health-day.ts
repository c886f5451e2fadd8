// Owns how a quarter of an hour of an account's last day is judged, and what the day comes to. Pure.
import type { AccountHistory } from '@crs/shared';

export type Quarter = AccountHistory['quarters'][number];
export type QuarterTone = 'unknown' | 'idle' | 'ok' | 'warn' | 'bad' | 'off';

/** From here on failures colour the quarter as bad. */
const BAD_SHARE = 0.5;

export function toneOfQuarter({ requests, failures, status }: Quarter): QuarterTone {
  if (status === 'needs-login' || status === 'blocked') return 'bad';
  if (requests > 0 && failures / requests >= BAD_SHARE) return 'bad';
  if (failures > 0 || status === 'cooling' || status === 'limited') return 'warn';
  if (requests > 0) return 'ok';
  if (status === 'disabled') return 'off';
  return status === null ? 'unknown' : 'idle';
}

export interface DaySum {
  requests: number;
  failures: number;
}

export function sumOfDay(quarters: readonly Quarter[]): DaySum {
  return {
    requests: quarters.reduce((sum, quarter) => sum + quarter.requests, 0),
    failures: quarters.reduce((sum, quarter) => sum + quarter.failures, 0),
  };
}
