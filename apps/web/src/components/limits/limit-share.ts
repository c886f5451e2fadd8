// Owns how near a limit is to its end. Pure.
import type { LimitState } from '@crs/shared';

/** Used and reserved together, 1 = all of it. */
export function shareOf({ used, held, max }: LimitState): number {
  return max <= 0 ? 1 : (used + held) / max;
}

/** The limit nearest to its end. Requests at once come and go: they count only where nothing else is limited. */
export function tightest(limits: readonly LimitState[]): LimitState | null {
  const lasting = limits.filter(({ limit }) => limit !== 'concurrency');
  const compared = lasting.length === 0 ? limits : lasting;
  return compared.reduce<LimitState | null>(
    (found, state) => (found === null || shareOf(state) > shareOf(found) ? state : found),
    null,
  );
}

/** Names a limit of a key among its others. */
export function limitId({ limit, every, count, models, owner, max }: LimitState): string {
  return [owner, limit, every ?? '', count ?? '', (models ?? []).join(','), max].join('|');
}
