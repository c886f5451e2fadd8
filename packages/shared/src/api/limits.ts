// Owns the contract of limits, of keys and of their owners alike: what may be set, and how full each one is.
import { z } from 'zod';
import { usdToNano } from '../money.ts';
import { services } from '../vocabulary.ts';
import { isoTimeSchema } from './common.ts';

export const windowSpans = ['minute', 'hour', 'day', 'week', 'month'] as const;
export type WindowSpan = (typeof windowSpans)[number];
export const budgetPeriods = ['day', 'week', 'month', 'total'] as const;
export type BudgetPeriod = (typeof budgetPeriods)[number];
export const budgetModes = ['strict', 'expected'] as const;
export type BudgetMode = (typeof budgetModes)[number];

/** More would not fit the integers that money is counted in. */
const MAX_USD = 9_000_000;
const MAX_COUNT = 1_000_000_000_000;

/** Decimal USD with at most nine places. */
export const usdAmountSchema = z
  .number()
  .positive()
  .max(MAX_USD)
  .refine((usd) => isNano(usd), 'give an amount in USD with at most 9 decimal places');

function isNano(usd: number): boolean {
  try {
    return usdToNano(usd) > 0n;
  } catch {
    return false;
  }
}

/** Model ids or patterns with `*` (`claude-*`): only requests of such models count. Absent: all do. */
export const modelPatternsSchema = z.array(z.string().trim().min(1).max(200)).min(1).max(50);

/** Slides: what the last `count` units saw. A month is 30 days. */
export const windowSchema = z
  .strictObject({
    every: z.enum(windowSpans),
    count: z.int().min(1).max(1000).default(1),
    requests: z.int().min(1).max(MAX_COUNT).optional(),
    /** All of a request's tokens: input, cache writes and reads, output. */
    tokens: z.int().min(1).max(MAX_COUNT).optional(),
    usd: usdAmountSchema.optional(),
    models: modelPatternsSchema.optional(),
  })
  .refine(
    ({ requests, tokens, usd }) => requests !== undefined || tokens !== undefined || usd !== undefined,
    'a window needs requests, tokens or usd',
  );
export type Window = z.output<typeof windowSchema>;

/** By the calendar of the server's time zone; `total` never ends. */
export const budgetSchema = z.strictObject({
  every: z.enum(budgetPeriods),
  usd: usdAmountSchema,
  models: modelPatternsSchema.optional(),
});
export type Budget = z.output<typeof budgetSchema>;

/** When weekly budgets begin anew: 1 is Monday, 7 is Sunday. */
export const weeklyResetSchema = z.strictObject({
  day: z.int().min(1).max(7),
  hour: z.int().min(0).max(23),
});
export type WeeklyReset = z.output<typeof weeklyResetSchema>;

export const rateSchema = z
  .number()
  .min(0)
  .max(1000)
  .refine((rate) => /^\d+(\.\d{1,6})?$/.test(String(rate)), 'give a factor with at most 6 decimal places');

/** What a dollar of cost counts as, by service; 1 unless given. */
export const ratesSchema = z.partialRecord(z.enum(services), rateSchema);
export type Rates = z.output<typeof ratesSchema>;

/** A request that finds no free place waits its turn. */
export const queueSchema = z.strictObject({
  /** Requests that may wait at the same time. */
  size: z.int().min(1).max(10_000),
  waitSeconds: z.int().min(1).max(600),
});
export type Queue = z.output<typeof queueSchema>;

/** What a key and its owner may be limited by. */
export const limitFields = {
  /** Requests at the same time; 0 = no limit. */
  concurrency: z.int().min(0).max(100_000),
  windows: z.array(windowSchema).max(20),
  budgets: z.array(budgetSchema).max(20),
  weeklyReset: weeklyResetSchema,
};

export const limitStateSchema = z.object({
  limit: z.enum(['concurrency', 'requests', 'tokens', 'usd', 'budget']),
  /** Unit of the window, period of the budget; null for concurrency. */
  every: z.enum([...windowSpans, 'total']).nullable(),
  /** Units of the window. */
  count: z.int().optional(),
  models: z.array(z.string()).optional(),
  /** Whose limit it is; the user is the key's owner. */
  owner: z.enum(['key', 'user']),
  /** Money in nano-USD, as `used` and `held`. */
  max: z.number(),
  used: z.number(),
  /** Reserved by requests that run. */
  held: z.number(),
  /** When a budget begins anew; when a window that has been used is empty again, if nothing more comes. */
  resetsAt: isoTimeSchema.nullable(),
});
export type LimitState = z.output<typeof limitStateSchema>;
