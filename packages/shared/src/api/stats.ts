// Owns the contract of figures: usage, cost and models by group, trends, and their export.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { groupings, requestOutcomes, services, splits } from '../vocabulary.ts';
import { figuresSchema, isoTimeSchema, nanoUsdSchema } from './common.ts';
import { XLSX_TYPE } from './files.ts';

/** In ms. Half, 95 and 99 of 100 requests were as fast or faster. Never more than 10 % off, see docs/api.md. */
export const percentilesSchema = z.object({ p50: z.int(), p95: z.int(), p99: z.int() });
export type Percentiles = z.output<typeof percentilesSchema>;

export const latencySchema = z.object({
  /** Requests that were answered in full: only these are measured. */
  requests: z.int().nonnegative(),
  /** From the request to the end of the answer; null where nothing was measured. */
  durationMs: percentilesSchema.nullable(),
  /** From the request to the first meaningful event. */
  firstEventMs: percentilesSchema.nullable(),
});
export type Latency = z.output<typeof latencySchema>;

/** What `errors` consist of: they add up to it. */
export const errorClassesSchema = z.object({
  /** Status 429. */
  rateLimited: z.int().nonnegative(),
  /** Another status from 400 on. */
  clientError: z.int().nonnegative(),
  serverError: z.int().nonnegative(),
  /** The upstream was not reached, its answer broke off, or the gateway's process ended. */
  noAnswer: z.int().nonnegative(),
});
export type ErrorClasses = z.output<typeof errorClassesSchema>;

export const statsFiguresSchema = figuresSchema.extend({
  /** What the same tokens would have cost without a cache less what they cost; negative where writing cost more. */
  cacheSavingsNanoUsd: nanoUsdSchema,
  errorsByClass: errorClassesSchema,
  latency: latencySchema,
});
export type StatsFigures = z.output<typeof statsFiguresSchema>;

const groupFields = {
  /** Start of the period (ISO time), or the id of the key, user, account, model or kind, or the tag; '' for none. */
  group: z.string(),
  /** Name to show for the group, where it has one. */
  label: z.string(),
};

export const usageRowSchema = statsFiguresSchema.extend(groupFields);
export type UsageRow = z.output<typeof usageRowSchema>;

/** The range as it was counted: where single requests are not kept any more, ends are those of hours or days. */
const countedRange = { from: isoTimeSchema, to: isoTimeSchema };
/** The range of the same length before it: as many months or days where it is of whole ones. */
const rangeBefore = { previousFrom: isoTimeSchema, previousTo: isoTimeSchema };

/** A key with two tags counts in both rows, and once in `total`. */
export const usageAnswerSchema = z.object({
  ...countedRange,
  rows: z.array(usageRowSchema),
  total: statsFiguresSchema,
});

export const costRowSchema = usageRowSchema.extend({
  /** Part of the total cost, 0 to 1. */
  share: z.number(),
  /** Of the same group in the range before; of a period: what the period before it cost. */
  previousCostNanoUsd: nanoUsdSchema,
  /** 0.5 for half as much again; null where there was no cost before. */
  change: z.number().nullable(),
});
export type CostRow = z.output<typeof costRowSchema>;

export const costAnswerSchema = z.object({
  ...countedRange,
  ...rangeBefore,
  rows: z.array(costRowSchema),
  total: statsFiguresSchema,
  previous: statsFiguresSchema,
});

export const modelRowSchema = usageRowSchema.extend({
  model: z.string(),
  /** Whose model it is by its name; null where the name does not say. */
  service: z.enum(services).nullable(),
  /** Part of the tokens of prompts that was read from a cache, 0 to 1. */
  cacheShare: z.number(),
  /** It is not in the price list, and is charged as the row that `chargedAs` names. */
  unpriced: z.boolean(),
  chargedAs: z.string().nullable(),
});
export type ModelRow = z.output<typeof modelRowSchema>;

export const modelsAnswerSchema = z.object({
  ...countedRange,
  rows: z.array(modelRowSchema),
  total: statsFiguresSchema,
});

export const trendSeriesSchema = z.object({
  /** Member of the dimension that is split by, '' for none; null for all the others together, always the last. */
  id: z.string().nullable(),
  label: z.string(),
  total: statsFiguresSchema,
});

/** `parts` stand in the order of `series`. */
export const trendRowSchema = usageRowSchema.extend({ parts: z.array(statsFiguresSchema) });
export type TrendRow = z.output<typeof trendRowSchema>;

export const trendsAnswerSchema = z.object({
  ...countedRange,
  ...rangeBefore,
  /** The dearest first. */
  series: z.array(trendSeriesSchema),
  /** Periods in order and without holes. */
  rows: z.array(trendRowSchema),
  total: statsFiguresSchema,
  previous: statsFiguresSchema,
});
export type Trends = z.output<typeof trendsAnswerSchema>;

const statsFilters = {
  /** Inclusive. */
  from: isoTimeSchema.optional(),
  /** Exclusive. */
  to: isoTimeSchema.optional(),
  keyId: z.string().optional(),
  userId: z.string().optional(),
  accountId: z.string().optional(),
  kind: z.string().optional(),
  model: z.string().optional(),
  /** Keys that have the tag now. */
  tag: z.string().optional(),
  /** These three are answered from single requests, for as many as can be looked at. */
  status: z
    .string()
    .regex(/^([1-5]\d\d|[1-5]xx|0)$/, 'give a status such as 429, or a class such as 4xx')
    .optional(),
  outcome: z.enum(requestOutcomes).optional(),
  client: z.string().optional(),
};

export const statsQuery = z.strictObject({ ...statsFilters, groupBy: z.enum(groupings).default('day') });

export const costQuery = z.strictObject({ ...statsFilters, groupBy: z.enum(groupings).default('key') });

/** By anything but `model`: a row for each model of each group. */
export const modelsQuery = z.strictObject({ ...statsFilters, groupBy: z.enum(groupings).default('model') });

const splitFields = {
  splitBy: z.enum(splits).default('model'),
  /** Series of their own; the others are added up. */
  top: z.coerce.number().int().min(1).max(20).default(5),
};

/** Grouped by something else than a period: as split by it, by day. */
export const trendsQuery = z.strictObject({
  ...statsFilters,
  ...splitFields,
  groupBy: z.enum(groupings).default('day'),
});

export const statsFiles = ['usage', 'cost', 'models', 'trends'] as const;

export const statsExportQuery = z.strictObject({
  ...statsFilters,
  ...splitFields,
  /** Unless given, that of the figures the file is of. */
  groupBy: z.enum(groupings).optional(),
  /** Which figures: those of the route of that name. Trends are a line for each series of each period. */
  file: z.enum(statsFiles).default('usage'),
  format: z.enum(['csv', 'xlsx']).default('csv'),
});

const view = ['admin', 'operator', 'viewer'] as const;

export const statsRoutes = {
  usage: defineRoute({
    method: 'GET',
    path: '/stats/usage',
    access: view,
    summary: 'Tokens, cost, errors and latency by period, key, user, account, model, kind or tag',
    query: statsQuery,
    response: usageAnswerSchema,
  }),
  cost: defineRoute({
    method: 'GET',
    path: '/stats/cost',
    access: view,
    summary: 'Cost by group, its share, and its change against the range before',
    query: costQuery,
    response: costAnswerSchema,
  }),
  models: defineRoute({
    method: 'GET',
    path: '/stats/models',
    access: view,
    summary: 'Figures by model, with the share of cache reads and whether it has a price',
    query: modelsQuery,
    response: modelsAnswerSchema,
  }),
  trends: defineRoute({
    method: 'GET',
    path: '/stats/trends',
    access: view,
    summary:
      'Figures by period, split by key, user, account, model, kind or tag, and the total of the range before',
    query: trendsQuery,
    response: trendsAnswerSchema,
  }),
  export: defineRoute({
    method: 'GET',
    path: '/stats/export',
    access: view,
    summary: 'The same figures as CSV or Excel',
    query: statsExportQuery,
    file: ['text/csv', XLSX_TYPE],
  }),
};
