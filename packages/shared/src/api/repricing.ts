// Owns the contract of pricing a past range again: a preview that changes nothing, the run of what was previewed, and how
// far it has come.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { idSchema, isoTimeSchema, nanoUsdSchema } from './common.ts';

/** Most requests that one range may have. */
export const MOST_REPRICED_REQUESTS = 500_000;
/** Models and keys that an answer names, those with the greatest difference first. */
export const REPRICE_LINES = 200;

/** `current`: the prices in force, each as of the request's arrival. `original`: what was charged at first. */
export const repricePrices = ['current', 'original'] as const;
export type RepricePrices = (typeof repricePrices)[number];

export const repricePreviewBody = z
  .strictObject({
    /** Arrival of the request, inclusive. */
    from: isoTimeSchema,
    /** Exclusive. */
    to: isoTimeSchema,
    prices: z.enum(repricePrices).default('current'),
    /** As clients asked for them; absent: all. */
    models: z.array(z.string().min(1).max(200)).min(1).max(100).optional(),
    keyIds: z.array(idSchema).min(1).max(100).optional(),
    accountIds: z.array(idSchema).min(1).max(100).optional(),
  })
  .refine(({ from, to }) => Date.parse(from) < Date.parse(to), {
    path: ['to'],
    message: 'give a time after from',
  });
export type RepricePreviewInput = z.input<typeof repricePreviewBody>;

export const repriceStartBody = z.strictObject({
  /** Of the preview; it holds for half an hour, and only while the prices are those that it was made with. */
  fingerprint: z.string().regex(/^[0-9a-f]{32}$/, 'give the fingerprint of a preview'),
});

/** What is charged is the cost times the rates that held when the request was made. */
const moneySchema = z.object({
  requests: z.int(),
  attempts: z.int(),
  oldCostNanoUsd: nanoUsdSchema,
  newCostNanoUsd: nanoUsdSchema,
  oldChargedNanoUsd: nanoUsdSchema,
  newChargedNanoUsd: nanoUsdSchema,
});
export type RepriceMoney = z.output<typeof moneySchema>;

const totalsSchema = moneySchema.extend({
  /** Attempts that were charged by a fall-back, and have a price now. */
  becamePriced: z.int(),
});
export type RepriceTotals = z.output<typeof totalsSchema>;

const scopeSchema = z.object({
  from: isoTimeSchema,
  to: isoTimeSchema,
  prices: z.enum(repricePrices),
  models: z.array(z.string()).nullable(),
  keyIds: z.array(idSchema).nullable(),
  accountIds: z.array(idSchema).nullable(),
  /** The price list that is applied, as rows name it. */
  priceListId: z.string(),
});
export type RepriceScope = z.output<typeof scopeSchema>;

export const repricePreviewSchema = z.object({
  fingerprint: z.string(),
  expiresAt: isoTimeSchema,
  scope: scopeSchema,
  /** Requests of the range and the filters that were looked at. */
  checked: z.int(),
  /** What changes; requests and attempts that stay as they are count nowhere. */
  totals: totalsSchema,
  /** Attempts that a fall-back still prices, because their model has no price at that time. */
  stillWithoutPrice: z.int(),
  /** Attempts charged by what they had reserved, because nobody saw what they used: they stay. */
  chargedByReservation: z.int(),
  /** Requests from before this time are not kept any more. */
  keptSince: isoTimeSchema,
  byModel: z.array(moneySchema.extend({ model: z.string() })),
  byKey: z.array(moneySchema.extend({ keyId: z.string(), keyName: z.string().nullable() })),
  /** How many more models and keys there are. */
  moreModels: z.int(),
  moreKeys: z.int(),
});
export type RepricePreview = z.output<typeof repricePreviewSchema>;

export const repriceRunSchema = z.object({
  number: z.int(),
  fingerprint: z.string(),
  status: z.enum(['running', 'done', 'cancelled']),
  /** It ends before its next step. */
  isCancelling: z.boolean(),
  scope: scopeSchema,
  startedAt: isoTimeSchema,
  startedBy: z.string(),
  finishedAt: isoTimeSchema.nullable(),
  /** What the preview said. */
  previewed: totalsSchema,
  /** What was changed so far, exactly. */
  totals: totalsSchema,
  /** Requests of the range that were passed, of so many. */
  passed: z.int(),
  all: z.int(),
});
export type RepriceRun = z.output<typeof repriceRunSchema>;

export const repricingRoutes = {
  previewReprice: defineRoute({
    method: 'POST',
    path: '/pricing/reprice/preview',
    access: ['admin'],
    summary: 'What pricing a past range again would change; changes nothing',
    description: `Looks at up to ${MOST_REPRICED_REQUESTS} requests; a longer range is refused with the advice to narrow it.`,
    body: repricePreviewBody,
    response: repricePreviewSchema,
  }),
  startReprice: defineRoute({
    method: 'POST',
    path: '/pricing/reprice',
    access: ['admin'],
    summary: 'Price a range again as it was previewed; goes on in the background on one replica',
    body: repriceStartBody,
    response: repriceRunSchema,
    status: 202,
  }),
  repriceRun: defineRoute({
    method: 'GET',
    path: '/pricing/reprice',
    access: ['admin', 'operator', 'viewer'],
    summary: 'How far the last run has come',
    response: z.object({ run: repriceRunSchema.nullable() }),
  }),
  cancelReprice: defineRoute({
    method: 'DELETE',
    path: '/pricing/reprice',
    access: ['admin'],
    summary: 'End the run before its next step; what is done stays, and is exact',
    response: repriceRunSchema,
  }),
};
