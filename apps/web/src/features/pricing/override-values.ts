// Owns what the form of an override holds, and what it sends: an empty price is the list's. Pure.
import {
  type ModelPrice,
  type PriceBucket,
  priceBuckets,
  type PriceOverride,
  type PriceOverrideInput,
  type PriceProvider,
  type SetPrices,
} from '@crs/shared';

export type PriceTexts = Record<PriceBucket, string>;

export interface OverrideValues {
  model: string;
  provider: PriceProvider;
  when: 'now' | 'at';
  /** ISO time. */
  from: string;
  usdPerMTok: PriceTexts;
  tierMode: 'listed' | 'none' | 'own';
  tiers: { aboveInputTokens: string; usdPerMTok: PriceTexts }[];
  note: string;
}

export const noPrices: PriceTexts = {
  input: '',
  output: '',
  cacheWrite5m: '',
  cacheWrite1h: '',
  cacheRead: '',
};

function textsOf(prices: SetPrices): PriceTexts {
  const entries = priceBuckets.map((bucket) => [bucket, String(prices[bucket] ?? '')]);
  return Object.fromEntries(entries) as PriceTexts;
}

/** Begins with what the override in force says. */
export function initialValues(
  model: { id: string; provider: PriceProvider },
  inForce: PriceOverride | undefined,
): OverrideValues {
  const tiers = inForce?.tiers ?? null;
  return {
    model: model.id,
    provider: model.provider,
    when: 'now',
    from: '',
    usdPerMTok: textsOf(inForce?.usdPerMTok ?? {}),
    tierMode: tiers === null ? 'listed' : tiers.length === 0 ? 'none' : 'own',
    tiers: (tiers ?? []).map((tier) => ({
      aboveInputTokens: String(tier.aboveInputTokens),
      usdPerMTok: textsOf(tier.usdPerMTok),
    })),
    note: inForce?.note ?? '',
  };
}

function given(texts: PriceTexts): Partial<Record<PriceBucket, string>> {
  return Object.fromEntries(
    priceBuckets.flatMap((bucket) => (texts[bucket].trim() === '' ? [] : [[bucket, texts[bucket].trim()]])),
  );
}

export function toBody(values: OverrideValues): PriceOverrideInput {
  const { model, provider, when, from, usdPerMTok, tierMode, tiers, note } = values;
  return {
    model: model.trim(),
    provider,
    ...(when === 'at' && { from }),
    usdPerMTok: given(usdPerMTok),
    ...(tierMode === 'none' && { tiers: [] }),
    ...(tierMode === 'own' && {
      tiers: tiers.map((tier) => ({
        aboveInputTokens: Number(tier.aboveInputTokens),
        usdPerMTok: given(tier.usdPerMTok),
      })),
    }),
    ...(note.trim() !== '' && { note: note.trim() }),
  };
}

export interface PriceChange {
  readonly bucket: PriceBucket;
  /** null: as input; undefined: no price yet. */
  readonly before: number | null | undefined;
  /** undefined: not a number yet. */
  readonly after: number | null | undefined;
  /** Of `before`: 0.25 is a quarter dearer; null where there is nothing to compare. */
  readonly share: number | null;
}

/** What the form would change of the prices in force, bucket by bucket. */
export function priceChanges(model: ModelPrice | null, values: OverrideValues): PriceChange[] {
  return priceBuckets.flatMap((bucket): PriceChange[] => {
    const text = values.usdPerMTok[bucket].trim();
    const before = model?.usdPerMTok[bucket];
    const listed = model?.listed?.usdPerMTok[bucket];
    const after = text === '' ? (listed ?? null) : /^\d+(\.\d+)?$/.test(text) ? Number(text) : undefined;
    if (before === after || (before === undefined && after === null)) return [];
    const share =
      typeof before === 'number' && typeof after === 'number' && before > 0 ? after / before - 1 : null;
    return [{ bucket, before, after, share }];
  });
}

export interface TierChange {
  readonly aboveInputTokens: number;
  /** Input and output above it; null: no such tier. */
  readonly before: readonly [number | null, number | null] | null;
  readonly after: readonly [number | null, number | null] | null;
}

/** What the form would change of the tiers in force, lowest threshold first. */
export function tierChanges(model: ModelPrice | null, values: OverrideValues): TierChange[] {
  const read = (text: string): number | null => (/^\d+(\.\d+)?$/.test(text.trim()) ? Number(text) : null);
  const standard = (bucket: PriceBucket): number | null =>
    read(values.usdPerMTok[bucket]) ?? model?.listed?.usdPerMTok[bucket] ?? null;
  const before = new Map(
    (model?.tiers ?? []).map((tier) => [
      tier.aboveInputTokens,
      [tier.usdPerMTok.input, tier.usdPerMTok.output] as const,
    ]),
  );
  const own = values.tiers.flatMap(({ aboveInputTokens, usdPerMTok: { input, output } }) => {
    const above = read(aboveInputTokens);
    if (above === null) return [];
    return [
      [above, [read(input) ?? standard('input'), read(output) ?? standard('output')] as const] as const,
    ];
  });
  const listed = (model?.listed?.tiers ?? []).map(
    (tier) => [tier.aboveInputTokens, [tier.usdPerMTok.input, tier.usdPerMTok.output] as const] as const,
  );
  const after = new Map(values.tierMode === 'own' ? own : values.tierMode === 'none' ? [] : listed);
  return [...new Set([...before.keys(), ...after.keys()])]
    .toSorted((a, b) => a - b)
    .map((above) => ({
      aboveInputTokens: above,
      before: before.get(above) ?? null,
      after: after.get(above) ?? null,
    }))
    .filter((change) => JSON.stringify(change.before) !== JSON.stringify(change.after));
}
