// Owns what a change of prices asks for: numbers into whole pico-USD, names into rows of the list, and what contradicts
// itself refused with its field.
import {
  type PriceBucket,
  priceBuckets,
  type pricingUpdateBody,
  priceProviders,
  usdPerMTokToPico,
} from '@crs/shared';
import type { z } from 'zod';
import { newId } from '../../platform/ids.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { PriceBook } from './book.ts';
import type { StoredPrices } from './document.ts';
import { keyOf } from './overridden-rows.ts';
import type { WantedOverride } from './price-list.ts';

export type PricingPatch = z.output<typeof pricingUpdateBody>;
type GivenOverride = NonNullable<PricingPatch['overrides']>[number];
type GivenPrices = GivenOverride['usdPerMTok'];

interface FieldError {
  readonly path: string;
  readonly message: string;
}

const EARLIEST_MS = Date.parse('2000-01-01T00:00:00Z');
const LATEST_AFTER_MS = 10 * 366 * 86_400_000;

/** Throws `validation_failed` with every field that is wrong. */
export function wantedOverrides(
  given: readonly GivenOverride[],
  book: PriceBook,
  nowMs: number,
): WantedOverride[] {
  const errors: FieldError[] = [];
  const ids = new Set<string>();
  const times = new Set<string>();
  const wanted = given.map((override, index): WantedOverride => {
    const path = `overrides.${index}`;
    const refuse = (field: string, message: string): void =>
      void errors.push({ path: `${path}.${field}`, message });
    const provider = override.provider ?? providerOf(override.model, book);
    if (provider === undefined)
      refuse(
        'provider',
        `the list does not know ${override.model}; give one of ${priceProviders.join(', ')}`,
      );
    const fromMs = override.from === undefined ? nowMs : Date.parse(override.from);
    if (fromMs < EARLIEST_MS || fromMs > nowMs + LATEST_AFTER_MS)
      refuse('from', 'give a time from the year 2000 to ten years from now');
    const id = override.id ?? newId();
    if (ids.has(id)) refuse('id', 'is named twice');
    ids.add(id);
    const row = { provider: provider ?? 'anthropic', model: override.model };
    const time = `${keyOf(row)} ${fromMs}`;
    if (times.has(time)) refuse('from', `${override.model} has another override from the same time`);
    times.add(time);
    const prices = storedPrices(override.usdPerMTok);
    if (provider !== undefined && book.listedRow(keyOf(row)) === null) {
      for (const bucket of ['input', 'output'] as const) {
        if (prices[bucket] === undefined)
          refuse(`usdPerMTok.${bucket}`, 'required: the list has no price for this model');
      }
    }
    const tiers = override.tiers ?? null;
    const thresholds = new Set<number>();
    for (const [number, { aboveInputTokens, usdPerMTok }] of (tiers ?? []).entries()) {
      if (thresholds.has(aboveInputTokens))
        refuse(`tiers.${number}.aboveInputTokens`, 'another tier begins there');
      thresholds.add(aboveInputTokens);
      if (Object.keys(storedPrices(usdPerMTok)).length === 0)
        refuse(`tiers.${number}.usdPerMTok`, 'give at least one price');
    }
    return {
      id,
      ...row,
      fromMs,
      prices,
      tiers:
        tiers?.map((tier) => ({
          aboveTokens: tier.aboveInputTokens,
          prices: storedPrices(tier.usdPerMTok),
        })) ?? null,
      note: override.note ?? '',
    };
  });
  const [first] = errors;
  if (first !== undefined)
    throw new ProblemError('validation_failed', `\`${first.path}\`: ${first.message}.`, { errors });
  return wanted;
}

/** The vendor's own list before those who sell its models. */
function providerOf(model: string, book: PriceBook): WantedOverride['provider'] | undefined {
  return priceProviders.find((provider) => book.listedRow(keyOf({ provider, model })) !== null);
}

function storedPrices(given: GivenPrices): StoredPrices {
  return Object.fromEntries(
    priceBuckets.flatMap((bucket: PriceBucket) => {
      const value = given[bucket];
      return value === undefined ? [] : [[bucket, usdPerMTokToPico(value)]];
    }),
  );
}
