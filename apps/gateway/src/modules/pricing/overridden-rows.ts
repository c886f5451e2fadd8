// Owns what overrides make of the rows of a pack: for each model the rows by the time from which they hold.
import type { PriceProvider } from '@crs/shared';
import type { StoredOverride } from './document.ts';
import type { Prices, PriceRow } from './pack.ts';
import { pricesFrom } from './price-list.ts';

interface OverriddenRow {
  readonly fromMs: number;
  readonly overrideId: string;
  readonly row: PriceRow;
}

export interface OverriddenRows {
  /** By key of the row, latest first. */
  readonly byKey: ReadonlyMap<string, readonly OverriddenRow[]>;
  /** Rows of models that the pack does not know. */
  readonly added: readonly PriceRow[];
  /** When those begin. */
  readonly beginsAtMs: ReadonlyMap<string, number>;
}

const NOTHING: Prices = {
  input: null,
  output: null,
  cacheWrite5m: null,
  cacheWrite1h: null,
  cacheRead: null,
};

export function keyOf({ provider, model }: { provider: string; model: string }): string {
  return `${provider}/${model}`;
}

/** A model that the pack does not know begins with the first override that has both input and output. */
export function overriddenRows(
  rows: readonly PriceRow[],
  overrides: readonly StoredOverride[],
): OverriddenRows {
  const listed = new Map(rows.map((row) => [row.key, row]));
  const byKey = new Map<string, OverriddenRow[]>();
  const added = new Map<string, PriceRow>();
  const beginsAtMs = new Map<string, number>();
  for (const override of overrides.toSorted((a, b) => b.fromMs - a.fromMs)) {
    const key = keyOf(override);
    const isWhole = override.prices.input !== undefined && override.prices.output !== undefined;
    if (!listed.has(key) && !isWhole) continue;
    const base = listed.get(key) ?? added.get(key) ?? unlistedRow(override.provider, override.model);
    if (!listed.has(key)) {
      added.set(key, base);
      beginsAtMs.set(key, override.fromMs);
    }
    const known = byKey.get(key) ?? [];
    known.push({ fromMs: override.fromMs, overrideId: override.id, row: overridden(base, override) });
    byKey.set(key, known);
  }
  return { byKey, added: [...added.values()], beginsAtMs };
}

function overridden(row: PriceRow, { prices, tiers }: StoredOverride): PriceRow {
  return {
    ...row,
    overridden: pricesFrom(prices),
    tiers:
      tiers === null
        ? row.tiers
        : tiers
            .map((tier) => ({ aboveTokens: tier.aboveTokens, prices: pricesFrom(tier.prices) }))
            .toSorted((a, b) => b.aboveTokens - a.aboveTokens),
  };
}

function unlistedRow(provider: PriceProvider, id: string): PriceRow {
  return {
    key: keyOf({ provider, model: id }),
    id,
    provider,
    aliases: [],
    base: NOTHING,
    overridden: null,
    tiers: [],
    serviceTiers: new Map(),
    multipliers: new Map(),
    webSearchPicoUsd: null,
    history: [],
    scheduled: [],
    contextWindow: null,
    maxOutput: null,
    released: null,
    deprecationDate: null,
  };
}
