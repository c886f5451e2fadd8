// Owns the price list over time: what was in force at a version, and how a change makes the next one. Pure.
import { type PriceBucket, priceBuckets, services } from '@crs/shared';
import type { PriceListDocument, ServiceRates, StoredOverride, StoredPrices } from './document.ts';
import { PRICE_LIST_ID } from './document.ts';
import type { Prices } from './pack.ts';

const RATES_OF_ONE: ServiceRates = { claude: 1, gemini: 1, openai: 1 };

/** What lies on top of a pack. */
export interface PriceListState {
  readonly version: number;
  /** Installed by an operator; null: none. */
  readonly pack: PriceListDocument['packs'][number] | null;
  readonly overrides: readonly StoredOverride[];
  readonly rates: ServiceRates;
}

/** Of an installation where nobody has set anything. */
export const UNTOUCHED: PriceListState = { version: 0, pack: null, overrides: [], rates: RATES_OF_ONE };

/** As it was at a version; the document's own unless given. */
export function stateOf(
  document: PriceListDocument | null,
  version = document?.version ?? 0,
): PriceListState {
  if (document === null) return UNTOUCHED;
  return {
    version,
    pack: document.packs.findLast(({ sinceVersion }) => sinceVersion <= version) ?? null,
    overrides: document.overrides.filter(
      ({ sinceVersion, withdrawn }) =>
        sinceVersion <= version && (withdrawn === null || withdrawn.version > version),
    ),
    rates: document.rates.findLast(({ sinceVersion }) => sinceVersion <= version)?.rates ?? RATES_OF_ONE,
  };
}

/** What an administrator wants an override to be. */
export type WantedOverride = Omit<StoredOverride, 'createdAt' | 'createdBy' | 'sinceVersion' | 'withdrawn'>;

interface Wanted {
  readonly overrides?: readonly WantedOverride[];
  readonly rates?: ServiceRates;
  readonly packId?: string;
}

/** The next document; null where nothing would differ. */
export function changed(
  document: PriceListDocument | null,
  wanted: Wanted,
  { at, by }: { readonly at: string; readonly by: string },
): PriceListDocument | null {
  const now = stateOf(document);
  const version = now.version + 1;
  const next: PriceListDocument = {
    id: PRICE_LIST_ID,
    version,
    updatedAt: at,
    updatedBy: by,
    packs: [...(document?.packs ?? [])],
    overrides: [...(document?.overrides ?? [])],
    rates: [...(document?.rates ?? [])],
  };
  let differs = false;
  if (wanted.packId !== undefined && wanted.packId !== now.pack?.id) {
    differs = true;
    next.packs.push({ id: wanted.packId, sinceVersion: version, at, by });
  }
  const { rates } = wanted;
  if (rates !== undefined && services.some((service) => rates[service] !== now.rates[service])) {
    differs = true;
    next.rates.push({ rates, sinceVersion: version });
  }
  if (wanted.overrides !== undefined) {
    const left = new Map(wanted.overrides.map((override) => [contentOf(override), override]));
    next.overrides = next.overrides.map((override) => {
      if (override.withdrawn !== null || left.delete(contentOf(override))) return override;
      differs = true;
      return { ...override, withdrawn: { version, at, by } };
    });
    for (const override of left.values()) {
      differs = true;
      next.overrides.push({
        ...override,
        createdAt: at,
        createdBy: by,
        sinceVersion: version,
        withdrawn: null,
      });
    }
  }
  return differs ? next : null;
}

/** Two overrides of the same content are the same one. */
function contentOf({ id, provider, model, fromMs, prices, tiers, note }: WantedOverride): string {
  return JSON.stringify([
    id,
    provider,
    model,
    fromMs,
    priceBuckets.map((bucket) => prices[bucket] ?? null),
    tiers?.map(({ aboveTokens, prices: tier }) => [
      aboveTokens,
      priceBuckets.map((bucket) => tier[bucket] ?? null),
    ]) ?? null,
    note,
  ]);
}

/** As the arithmetic takes them: null where nothing was set. */
export function pricesFrom(stored: StoredPrices): Prices {
  const read = (bucket: PriceBucket): bigint | null => {
    const value = stored[bucket];
    return value === undefined ? null : BigInt(value);
  };
  return {
    input: read('input'),
    output: read('output'),
    cacheWrite5m: read('cacheWrite5m'),
    cacheWrite1h: read('cacheWrite1h'),
    cacheRead: read('cacheRead'),
  };
}
