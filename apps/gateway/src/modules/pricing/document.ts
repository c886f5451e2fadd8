// Owns what is stored of prices. One document has all that administrators ever set, each with the version it came with
// and the one it went with, so that the price list of every version can be had again; packs are documents of their own.
import { type PriceBucket, priceBuckets, priceProviders, type Service } from '@crs/shared';
import { z } from 'zod';

const pico = z.int().nonnegative().optional();
/** Pico-USD per token; absent: as in the list. */
const pricesSchema = z.object(
  Object.fromEntries(priceBuckets.map((bucket) => [bucket, pico])) as Record<PriceBucket, typeof pico>,
);
export type StoredPrices = z.output<typeof pricesSchema>;

const overrideSchema = z.object({
  id: z.string(),
  provider: z.enum(priceProviders),
  model: z.string(),
  fromMs: z.int(),
  prices: pricesSchema,
  /** null: those of the list. */
  tiers: z.array(z.object({ aboveTokens: z.int(), prices: pricesSchema })).nullable(),
  note: z.string(),
  createdAt: z.string(),
  createdBy: z.string(),
  sinceVersion: z.int(),
  /** The first version without it. */
  withdrawn: z.object({ version: z.int(), at: z.string(), by: z.string() }).nullable(),
});
export type StoredOverride = z.output<typeof overrideSchema>;

const rate = z.number();
const ratesSchema = z.object({ claude: rate, gemini: rate, openai: rate } satisfies Record<
  Service,
  typeof rate
>);
export type ServiceRates = z.output<typeof ratesSchema>;

export const PRICE_LIST_ID = 'current';

export const priceListDocumentSchema = z.object({
  id: z.literal(PRICE_LIST_ID),
  version: z.int(),
  updatedAt: z.string(),
  updatedBy: z.string(),
  packs: z.array(z.object({ id: z.string(), sinceVersion: z.int(), at: z.string(), by: z.string() })),
  overrides: z.array(overrideSchema),
  rates: z.array(z.object({ rates: ratesSchema, sinceVersion: z.int() })),
});
export type PriceListDocument = z.output<typeof priceListDocumentSchema>;

export const packDocumentSchema = z.object({
  id: z.string(),
  version: z.int(),
  text: z.string(),
  storedAt: z.string(),
});
export type PackDocument = z.output<typeof packDocumentSchema>;
