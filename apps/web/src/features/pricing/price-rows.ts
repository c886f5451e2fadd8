// Owns the rows of the list of prices: narrowed, sorted and cut into pages. Pure: the gateway answers all prices at once.
import type { ModelPrice, PriceOverride, PricingAnswer } from '@crs/shared';
import type { ListState } from '@/lib/url-state';
import type { pricingListDefinition } from './list-definition';

export type PricingListState = ListState<(typeof pricingListDefinition)['filters']>;

export interface PriceRow extends ModelPrice {
  /** `anthropic/claude-opus-5-5`. */
  readonly key: string;
  /** Next override that has not begun. */
  readonly next: PriceOverride | null;
}

export function keyOf({ provider, id }: Pick<ModelPrice, 'provider' | 'id'>): string {
  return `${provider}/${id}`;
}

export function overridesOf(overrides: readonly PriceOverride[], key: string): PriceOverride[] {
  return overrides.filter(({ provider, model }) => `${provider}/${model}` === key);
}

export function allRows({ models, overrides }: PricingAnswer, nowMs: number): PriceRow[] {
  const coming = new Map<string, PriceOverride>();
  // They come by model, then by time: the first that has not begun is the next.
  for (const override of overrides) {
    const key = `${override.provider}/${override.model}`;
    if (Date.parse(override.from) > nowMs && !coming.has(key)) coming.set(key, override);
  }
  return models.map((model) => ({ ...model, key: keyOf(model), next: coming.get(keyOf(model)) ?? null }));
}

export function pageOfRows(
  rows: readonly PriceRow[],
  state: PricingListState,
): { items: PriceRow[]; total: number } {
  const { page, pageSize, sort, search, filters } = state;
  const words = search.trim().toLowerCase().split(/\s+/);
  const found = rows.filter(
    (row) =>
      (filters.provider === '' || row.provider === filters.provider) &&
      (filters.state !== 'overridden' || row.overrideId !== null) &&
      (filters.state !== 'scheduled' || row.next !== null) &&
      words.every((word) => row.key.toLowerCase().includes(word)),
  );
  const direction = sort.startsWith('-') ? -1 : 1;
  const field = sort.replace(/^-/, '');
  found.sort(
    (a, b) =>
      direction *
        (field === 'input' || field === 'output'
          ? (a.usdPerMTok[field] ?? 0) - (b.usdPerMTok[field] ?? 0)
          : a.id.localeCompare(b.id, 'en', { numeric: true })) || a.key.localeCompare(b.key),
  );
  return { items: found.slice((page - 1) * pageSize, page * pageSize), total: found.length };
}
