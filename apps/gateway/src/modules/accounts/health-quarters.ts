// Owns how an account was in each quarter of an hour of the last day, from its changes of state and its figures. Pure.
import type { AccountHistory, AccountStatus } from '@crs/shared';
import type { AccountPast } from './history.repository.ts';

export const QUARTER_MS = 15 * 60_000;
const QUARTERS = 96;

/** The worst last. */
const severity: readonly AccountStatus[] = [
  'ready',
  'limited',
  'cooling',
  'disabled',
  'needs-login',
  'blocked',
];

export interface QuarterFigures {
  readonly attempts: number;
  readonly failures: number;
}

/** Starts of the quarters up to the one that runs, oldest first. */
export function quarterStarts(nowMs: number): number[] {
  const last = Math.floor(nowMs / QUARTER_MS) * QUARTER_MS;
  return Array.from({ length: QUARTERS }, (_, index) => last - (QUARTERS - 1 - index) * QUARTER_MS);
}

export interface QuarterInput {
  readonly past: Pick<AccountPast, 'changes' | 'isCut'>;
  /** In the order of the starts. */
  readonly figures: readonly QuarterFigures[];
  readonly status: AccountStatus;
  readonly createdAtMs: number;
  /** By its hours it does not serve at that moment. */
  readonly isOffAt: (atMs: number) => boolean;
  readonly nowMs: number;
}

export function quartersOf(input: QuarterInput): AccountHistory['quarters'] {
  const { past, figures, createdAtMs, isOffAt, nowMs } = input;
  const changes = past.changes.toReversed();
  const [oldest] = changes;
  const knownSinceMs = past.isCut && oldest !== undefined ? oldest.atMs : createdAtMs;
  return quarterStarts(nowMs).map((startMs, index) => {
    const endMs = startMs + QUARTER_MS;
    const { attempts = 0, failures = 0 } = figures[index] ?? {};
    const isKnown = endMs > knownSinceMs;
    const statuses = [statusAt(changes, startMs, input.status)];
    for (const { atMs, to } of changes) if (atMs >= startMs && atMs < endMs) statuses.push(to);
    if (isOffAt(startMs)) statuses.push('disabled');
    return {
      at: new Date(startMs).toISOString(),
      requests: attempts,
      failures,
      status: isKnown ? worst(statuses) : null,
    };
  });
}

/**
 * By the last change before that moment; before the first one by what it changed from. The end of what ends by itself
 * may have been told by nobody, where its process is gone.
 */
function statusAt(changes: AccountPast['changes'], atMs: number, present: AccountStatus): AccountStatus {
  const before = changes.findLast((change) => change.atMs < atMs);
  if (before === undefined) return changes[0]?.from ?? present;
  return before.untilMs !== null && before.untilMs <= atMs ? 'ready' : before.to;
}

function worst(statuses: readonly AccountStatus[]): AccountStatus {
  return statuses.reduce((a, b) => (severity.indexOf(b) > severity.indexOf(a) ? b : a));
}
