// Owns the contract of the dashboard.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { accountStatuses } from '../vocabulary.ts';
import { isoTimeSchema, nanoUsdSchema } from './common.ts';
import { limitStateSchema } from './limits.ts';
import { statsFiguresSchema, usageRowSchema } from './stats.ts';

export const dashboardSchema = z.object({
  from: isoTimeSchema,
  to: isoTimeSchema,
  current: statsFiguresSchema,
  /** The period of the same length before. */
  previous: statsFiguresSchema,
  trendBy: z.enum(['hour', 'day']),
  trend: z.array(usageRowSchema),
  topKeys: z.array(usageRowSchema),
  topModels: z.array(usageRowSchema),
  topAccounts: z.array(usageRowSchema),
  /** All kinds of accounts that were used, the dearest first; '' for requests that reached none. */
  kinds: z.array(usageRowSchema),
  accounts: z.object({ total: z.int(), byStatus: z.record(z.enum(accountStatuses), z.int()) }),
  keys: z.object({ total: z.int(), active: z.int() }),
  /** What an operator should look at now. */
  attention: z.array(
    z.object({
      kind: z.enum(['account', 'model-without-price', 'key-near-budget', 'key-expiring']),
      id: z.string(),
      /** Kind of the account, for its link. */
      accountKind: z.string().nullable(),
      name: z.string(),
      status: z.string(),
      /** Of an account: the words of the gateway, or of its vendor; null for everything else. */
      reason: z.string().nullable(),
      /** Of a model without a price: the row of the price list that is charged instead. */
      chargedAs: z.string().nullable(),
      /** Of a key near its budget: the fullest one. */
      limit: limitStateSchema.nullable(),
      until: isoTimeSchema.nullable(),
    }),
  ),
  /** Steps of the first start, each true once done. */
  setup: z.object({ account: z.boolean(), key: z.boolean(), request: z.boolean() }),
  /** Spend expected to the end of the month; null before three days of data. */
  forecast: z
    .object({
      monthToDateNanoUsd: nanoUsdSchema,
      lowNanoUsd: nanoUsdSchema,
      highNanoUsd: nanoUsdSchema,
      until: isoTimeSchema,
    })
    .nullable(),
});
export type Dashboard = z.output<typeof dashboardSchema>;

const view = ['admin', 'operator', 'viewer'] as const;

export const dashboardRoutes = {
  overview: defineRoute({
    method: 'GET',
    path: '/dashboard/overview',
    access: view,
    summary: 'What the dashboard shows; the last 24 hours unless a range is given',
    query: z.strictObject({ from: isoTimeSchema.optional(), to: isoTimeSchema.optional() }),
    response: dashboardSchema,
  }),
};
