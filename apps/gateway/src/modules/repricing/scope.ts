// Owns which rows a run prices again, and by what.
import { repricePrices, type RepriceScope } from '@crs/shared';
import { z } from 'zod';
import type { AttemptRecord, RowFacts } from '../usage/index.ts';

export const storedScopeSchema = z.object({
  /** Arrival of the request, inclusive. */
  fromMs: z.int(),
  /** Exclusive. */
  toMs: z.int(),
  prices: z.enum(repricePrices),
  models: z.array(z.string()).nullable(),
  keyIds: z.array(z.string()).nullable(),
  accountIds: z.array(z.string()).nullable(),
  priceListId: z.string(),
  /** When it was previewed: requests that ended later were not in the preview, and are not in the run. */
  endedBeforeMs: z.int(),
});
export type StoredScope = z.output<typeof storedScopeSchema>;

/** What the index says of a request: whether its rows have to be opened. */
export function concernsRequest(
  scope: StoredScope,
  { model, keyId, outcome, durationMs }: RowFacts,
  atMs: number,
): boolean {
  if (outcome === 'refused' || atMs + durationMs >= scope.endedBeforeMs) return false;
  if (scope.models !== null && !scope.models.includes(model)) return false;
  return scope.keyIds === null || scope.keyIds.includes(keyId);
}

/** A request may have asked several accounts. */
export function concernsAttempt({ accountIds }: StoredScope, { accountId }: AttemptRecord): boolean {
  return accountIds === null || accountIds.includes(accountId);
}

export function scopeAnswer(scope: StoredScope): RepriceScope {
  const { prices, models, keyIds, accountIds, priceListId } = scope;
  const [from, to] = [scope.fromMs, scope.toMs].map((ms) => new Date(ms).toISOString());
  return { from: from ?? '', to: to ?? '', prices, models, keyIds, accountIds, priceListId };
}
