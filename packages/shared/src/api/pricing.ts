// Owns the contract of prices: the list in force, an administrator's own prices on top of it, rates, and models that the
// list does not know. Money is USD per million tokens, exact to a pico-dollar a token.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { usdPerMTokToPico } from '../money.ts';
import { priceProviders, services } from '../vocabulary.ts';
import { idSchema, isoTimeSchema } from './common.ts';
import { rateSchema, ratesSchema } from './limits.ts';

const PRICE_WORDS = 'give USD per million tokens from 0 to 1000000 with at most 6 decimal places';

/** A decimal, as a number or as text. */
export const usdPerMTokInput = z.union([z.number(), z.string().max(20)]).refine(isPrice, PRICE_WORDS);

function isPrice(value: string | number): boolean {
  try {
    usdPerMTokToPico(value);
    return true;
  } catch {
    return false;
  }
}

const priceInput = usdPerMTokInput.optional();
const pricesInput = z.strictObject({
  input: priceInput,
  output: priceInput,
  cacheWrite5m: priceInput,
  cacheWrite1h: priceInput,
  cacheRead: priceInput,
});

/** Strictly above so many tokens of prompt (cache included) these prices hold for every token of the call. */
const tierInput = z.strictObject({
  aboveInputTokens: z.int().min(1).max(100_000_000),
  usdPerMTok: pricesInput,
});

export const priceOverrideInput = z.strictObject({
  /** Of one that is kept or changed; a new one needs none. */
  id: idSchema.optional(),
  model: z.string().trim().min(1).max(200).regex(/^\S+$/, 'give a model id without spaces'),
  /** Whose list it belongs to; may be left out where the list knows the model. */
  provider: z.enum(priceProviders).optional(),
  /** When it takes effect; absent: now. */
  from: isoTimeSchema.optional(),
  /** Prices that are not given stay those of the list. */
  usdPerMTok: pricesInput,
  /** Absent or null: the tiers of the list; empty: none. */
  tiers: z.array(tierInput).max(10).nullish(),
  note: z.string().trim().max(500).optional(),
  /** As answered; sending it back changes nothing. */
  createdAt: isoTimeSchema.optional(),
  createdBy: z.string().max(200).optional(),
});
export type PriceOverrideInput = z.input<typeof priceOverrideInput>;

export const pricingUpdateBody = z.strictObject({
  /** The version the change is based on; a stale one is refused with 409. */
  version: z.int().min(0).optional(),
  /** All that shall be: one that is not named is removed. */
  overrides: z.array(priceOverrideInput).max(1000).optional(),
  /** Services that are not named keep their rate. */
  rates: ratesSchema.optional(),
});

/** null: no price of its own, charged as input. */
const pricesSchema = z.object({
  input: z.number().nullable(),
  output: z.number().nullable(),
  cacheWrite5m: z.number().nullable(),
  cacheWrite1h: z.number().nullable(),
  cacheRead: z.number().nullable(),
});
/** USD per million tokens of every kind. */
export type UsdPerMTok = z.output<typeof pricesSchema>;

/** What an override sets. */
const setPricesSchema = z
  .object({
    input: z.number(),
    output: z.number(),
    cacheWrite5m: z.number(),
    cacheWrite1h: z.number(),
    cacheRead: z.number(),
  })
  .partial();
export type SetPrices = z.output<typeof setPricesSchema>;

const tierSchema = z.object({ aboveInputTokens: z.int(), usdPerMTok: pricesSchema });
export type PriceTier = z.output<typeof tierSchema>;

const pricedSchema = z.object({
  usdPerMTok: pricesSchema,
  /** Lowest threshold first; each with all prices that hold above it. */
  tiers: z.array(tierSchema),
});
/** Prices of a model at some time. */
export type Priced = z.output<typeof pricedSchema>;

const modelPriceSchema = pricedSchema.extend({
  id: z.string(),
  provider: z.enum(priceProviders),
  /** The override in force. */
  overrideId: z.string().nullable(),
  /** What the list alone says; null where only an override prices it. */
  listed: pricedSchema.nullable(),
});
export type ModelPrice = z.output<typeof modelPriceSchema>;

export const priceOverrideSchema = z.object({
  id: z.string(),
  model: z.string(),
  provider: z.enum(priceProviders),
  from: isoTimeSchema,
  /** Only what was set. */
  usdPerMTok: setPricesSchema,
  tiers: z.array(z.object({ aboveInputTokens: z.int(), usdPerMTok: setPricesSchema })).nullable(),
  note: z.string(),
  createdAt: isoTimeSchema,
  createdBy: z.string(),
});
export type PriceOverride = z.output<typeof priceOverrideSchema>;

const unknownModelSchema = z.object({
  service: z.enum(services),
  model: z.string(),
  firstSeenAt: isoTimeSchema,
  lastSeenAt: isoTimeSchema,
  requests: z.int(),
  /** The row of the list that was charged last: the dearest of its family for that call. */
  chargedAs: z.string(),
});
export type UnknownModel = z.output<typeof unknownModelSchema>;

export const pricingSchema = z.object({
  version: z.int(),
  updatedAt: isoTimeSchema.nullable(),
  updatedBy: z.string().nullable(),
  pack: z.object({
    id: z.string(),
    date: z.iso.date(),
    source: z.enum(['bundled', 'installed']),
    installedAt: isoTimeSchema.nullable(),
    installedBy: z.string().nullable(),
  }),
  /** What ledger rows name: the pack and the version of what lies on top of it. */
  priceListId: z.string(),
  models: z.array(modelPriceSchema),
  /** By model, then by time. */
  overrides: z.array(priceOverrideSchema),
  /** Charged = cost times the rate of the service times the key's own. */
  rates: z.object({ claude: rateSchema, gemini: rateSchema, openai: rateSchema }),
  /** Charged by a fall-back until they have a price; last seen first. */
  unknownModels: z.array(unknownModelSchema),
});
export type PricingAnswer = z.output<typeof pricingSchema>;

const pricePeriodSchema = pricedSchema.extend({
  /** null: since ever. */
  from: isoTimeSchema.nullable(),
  /** null: from then on. */
  to: isoTimeSchema.nullable(),
  source: z.enum(['list', 'override']),
  override: priceOverrideSchema.nullable(),
});
export type PricePeriod = z.output<typeof pricePeriodSchema>;

export const priceHistorySchema = z.object({
  model: z.string(),
  provider: z.enum(priceProviders),
  /** Oldest first, as the list and its overrides say now. */
  periods: z.array(pricePeriodSchema),
  /** Overrides that were changed or taken back, last first. */
  withdrawn: z.array(priceOverrideSchema.extend({ withdrawnAt: isoTimeSchema, withdrawnBy: z.string() })),
});
export type PriceHistory = z.output<typeof priceHistorySchema>;

const view = ['admin', 'operator', 'viewer'] as const;

export const pricingRoutes = {
  get: defineRoute({
    method: 'GET',
    path: '/pricing',
    access: view,
    summary: 'Read the price list in force, overrides, rates, and models without a price',
    response: pricingSchema,
  }),
  replace: defineRoute({
    method: 'PUT',
    path: '/pricing',
    access: ['admin'],
    summary: 'Change overrides or rates; they hold for requests that arrive from then on',
    body: pricingUpdateBody,
    response: pricingSchema,
  }),
  history: defineRoute({
    method: 'GET',
    path: '/pricing/history',
    access: view,
    summary: 'Read the prices of one model over time',
    query: z.strictObject({ provider: z.enum(priceProviders), model: z.string().min(1).max(200) }),
    response: priceHistorySchema,
  }),
};
