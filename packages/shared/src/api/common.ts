// Owns the pieces that many resources share: ids, times, lists, usage figures.
import { z } from 'zod';

export const idSchema = z.string().min(1).max(100);
export const isoTimeSchema = z.iso.datetime({ offset: true });
export const idParams = z.strictObject({ id: idSchema });

/** Integer nano-USD; safe up to USD 9 million per figure. */
export const nanoUsdSchema = z.int();

/** Decimal USD in a query string. */
export const usdTextSchema = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'give USD as a decimal such as 0.25');

export const usageBucketsSchema = z.object({
  input: z.int().nonnegative(),
  cacheWrite5m: z.int().nonnegative(),
  cacheWrite1h: z.int().nonnegative(),
  cacheRead: z.int().nonnegative(),
  output: z.int().nonnegative(),
});
/** Disjoint token counts of one call or of many. */
export type UsageBuckets = z.output<typeof usageBucketsSchema>;

export const figuresSchema = usageBucketsSchema.extend({
  requests: z.int().nonnegative(),
  attempts: z.int().nonnegative(),
  errors: z.int().nonnegative(),
  costNanoUsd: nanoUsdSchema,
  chargedNanoUsd: nanoUsdSchema,
});
/** Summed figures of a key, an account, a period. */
export type Figures = z.output<typeof figuresSchema>;

export const usageSummarySchema = z.object({ today: figuresSchema, total: figuresSchema });

/** Page, search and sort of a list; `sort` is a field name, descending with a leading `-`. */
export function listQuery<const Fields extends readonly [string, ...string[]]>(
  sortable: Fields,
  defaultSort: Fields[number] | `-${Fields[number]}`,
) {
  const sorts = sortable.flatMap((field) => [field, `-${field}`]) as [string, ...string[]];
  return z.strictObject({
    page: z.coerce.number().int().min(1).default(1),
    pageSize: z.coerce.number().int().min(1).max(500).default(20),
    sort: z.enum(sorts).default(defaultSort),
    search: z.string().trim().max(200).optional(),
  });
}

/** A list as every list is answered. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    total: z.int().nonnegative(),
    page: z.int().min(1),
    pageSize: z.int().min(1),
  });
}

/** `true`/`false` in a query string. */
export const queryBoolean = z.enum(['true', 'false']).transform((value) => value === 'true');

/** Ids for a call about many, each named once. */
export function batchIdsSchema(most: number, noun: string) {
  return z
    .array(idSchema)
    .min(1)
    .max(most)
    .refine((ids) => new Set(ids).size === ids.length, `name each ${noun} once`);
}

/** What a call about many answers of each. */
export const batchResultSchema = z.object({
  dryRun: z.boolean(),
  changed: z.int(),
  unchanged: z.int(),
  failed: z.int(),
  /** In the order of the ids. */
  results: z.array(
    z.object({
      id: z.string(),
      /** Null for one that is gone. */
      name: z.string().nullable(),
      outcome: z.enum(['changed', 'unchanged', 'failed']),
      /** After the change; of a dry run, the version that was looked at. */
      version: z.int().nullable(),
      /** Field by field, as it has them. */
      changes: z.array(z.object({ field: z.string(), before: z.unknown(), after: z.unknown() })),
      error: z.object({ code: z.string(), detail: z.string() }).nullable(),
    }),
  ),
});
export type BatchResult = z.output<typeof batchResultSchema>;
