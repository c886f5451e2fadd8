// Owns how prices are worded for the admin API: USD per million tokens, in force and as listed, and over time. Pure.
import {
  type ModelPrice,
  type Priced,
  type PriceHistory,
  type PriceOverride,
  picoToUsdPerMTok,
  priceBuckets,
  type PriceProvider,
  type SetPrices,
  type UsdPerMTok,
} from '@crs/shared';
import type { PriceBook } from './book.ts';
import { overlay, standardPrices } from './cost.ts';
import type { PriceListDocument, StoredOverride, StoredPrices } from './document.ts';
import { keyOf } from './overridden-rows.ts';
import type { Prices, PriceRow } from './pack.ts';

export function modelPrices(book: PriceBook, atMs: number): ModelPrice[] {
  return book.rowsAt(atMs).map(({ listed, row, overrideId }) => ({
    id: row.id,
    provider: row.provider,
    ...pricedAt(row, atMs),
    overrideId,
    listed: listed === null ? null : pricedAt(listed, atMs),
  }));
}

/** Standard prices and tiers of a row at that time. */
export function pricedAt(row: PriceRow, atMs: number): Priced {
  const prices = standardPrices(row, atMs);
  return {
    usdPerMTok: usdOf(prices),
    tiers: row.tiers.toReversed().map((tier) => ({
      aboveInputTokens: tier.aboveTokens,
      usdPerMTok: usdOf(overlay(prices, tier.prices)),
    })),
  };
}

/** At most 12 digits, which a number holds exactly. */
function usdOf(prices: Prices): UsdPerMTok {
  const read = (pico: bigint | null): number | null =>
    pico === null ? null : Number(picoToUsdPerMTok(pico));
  return {
    input: read(prices.input),
    output: read(prices.output),
    cacheWrite5m: read(prices.cacheWrite5m),
    cacheWrite1h: read(prices.cacheWrite1h),
    cacheRead: read(prices.cacheRead),
  };
}

function overrideAnswer(override: StoredOverride): PriceOverride {
  const { id, model, provider, fromMs, prices, tiers, note, createdAt, createdBy } = override;
  return {
    id,
    model,
    provider,
    from: new Date(fromMs).toISOString(),
    usdPerMTok: onlySet(prices),
    tiers:
      tiers?.map((tier) => ({ aboveInputTokens: tier.aboveTokens, usdPerMTok: onlySet(tier.prices) })) ??
      null,
    note,
    createdAt,
    createdBy,
  };
}

function onlySet(prices: StoredPrices): SetPrices {
  return Object.fromEntries(
    priceBuckets.flatMap((bucket) => {
      const pico = prices[bucket];
      return pico === undefined ? [] : [[bucket, Number(picoToUsdPerMTok(pico))]];
    }),
  );
}

/** By model, then by time. */
export function overrideAnswers(overrides: readonly StoredOverride[]): PriceOverride[] {
  return overrides
    .toSorted((a, b) => {
      const [one, other] = [keyOf(a), keyOf(b)];
      return one === other ? a.fromMs - b.fromMs : one < other ? -1 : 1;
    })
    .map(overrideAnswer);
}

/** Periods of one model as the book says now, and what was set for it once; null where it never had a price. */
export function priceHistory(
  book: PriceBook,
  document: PriceListDocument | null,
  { provider, model }: { readonly provider: PriceProvider; readonly model: string },
): PriceHistory | null {
  const key = keyOf({ provider, model });
  const own = (document?.overrides ?? []).filter((override) => keyOf(override) === key);
  const inForce = new Map(book.state.overrides.map((override) => [override.id, override]));
  const listed = book.listedRow(key);
  if (listed === null && own.length === 0) return null;
  const starts = startsOf(
    listed,
    book.state.overrides.filter((override) => keyOf(override) === key),
  );
  const periods: PriceHistory['periods'] = [];
  for (const fromMs of starts) {
    const found = book.rowAt(key, fromMs);
    if (found === null) continue;
    const override = found.overrideId === null ? undefined : inForce.get(found.overrideId);
    const priced = pricedAt(found.row, fromMs);
    const last = periods.at(-1);
    const isSame =
      last !== undefined &&
      (last.override?.id ?? null) === found.overrideId &&
      JSON.stringify([last.usdPerMTok, last.tiers]) === JSON.stringify([priced.usdPerMTok, priced.tiers]);
    if (isSame) continue;
    const from = fromMs === BEFORE_EVERYTHING_MS ? null : new Date(fromMs).toISOString();
    if (last !== undefined) last.to = from;
    periods.push({
      ...priced,
      from,
      to: null,
      source: override === undefined ? 'list' : 'override',
      override: override === undefined ? null : overrideAnswer(override),
    });
  }
  const withdrawn = own.flatMap((override) =>
    override.withdrawn === null
      ? []
      : [
          {
            ...overrideAnswer(override),
            withdrawnAt: override.withdrawn.at,
            withdrawnBy: override.withdrawn.by,
          },
        ],
  );
  return { model, provider, periods, withdrawn: withdrawn.toReversed() };
}

const BEFORE_EVERYTHING_MS = Date.parse('1970-01-01T00:00:00Z');
const DAY_MS = 86_400_000;

/** Every moment at which the price of a row may change, earliest first. */
function startsOf(listed: PriceRow | null, overrides: readonly StoredOverride[]): number[] {
  const starts = [
    BEFORE_EVERYTHING_MS,
    ...(listed?.history ?? []).map(({ until }) => Date.parse(until) + DAY_MS),
    ...(listed?.scheduled ?? []).map(({ from }) => Date.parse(from)),
    ...overrides.map(({ fromMs }) => fromMs),
  ];
  return [...new Set(starts)].toSorted((a, b) => a - b);
}

/** For the audit log: one line a setting, so that only what differs is written down. */
export function forAudit(book: PriceBook): object {
  const overrides = overrideAnswers(book.state.overrides).map(
    ({ provider, model, from, usdPerMTok, tiers, note }) => [
      `${provider}/${model} from ${from}`,
      { usdPerMTok, tiers, note },
    ],
  );
  return { pack: book.pack.id, rates: book.state.rates, overrides: Object.fromEntries(overrides) as object };
}
