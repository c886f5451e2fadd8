// Owns the contract of figures: usage by group, and the dashboard.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { accountStatuses, groupings } from '../vocabulary.ts';
import { figuresSchema, isoTimeSchema, nanoUsdSchema } from './common.ts';

export const usageRowSchema = figuresSchema.extend({
  /** Start of the period (ISO time) or the id of the key, user, account, model or kind. */
  group: z.string(),
  /** Name to show for the group, where it has one. */
  label: z.string(),
});
export type UsageRow = z.output<typeof usageRowSchema>;

export const usageAnswerSchema = z.object({ rows: z.array(usageRowSchema), total: figuresSchema });

export const statsQuery = z.strictObject({
  from: isoTimeSchema.optional(),
  to: isoTimeSchema.optional(),
  groupBy: z.enum(groupings).default('day'),
  keyId: z.string().optional(),
  userId: z.string().optional(),
  accountId: z.string().optional(),
  kind: z.string().optional(),
  model: z.string().optional(),
});

export const dashboardSchema = z.object({
  from: isoTimeSchema,
  to: isoTimeSchema,
  current: figuresSchema,
  /** The period of the same length before. */
  previous: figuresSchema,
  trendBy: z.enum(['hour', 'day']),
  trend: z.array(usageRowSchema),
  topKeys: z.array(usageRowSchema),
  topModels: z.array(usageRowSchema),
  topAccounts: z.array(usageRowSchema),
  accounts: z.object({ total: z.int(), byStatus: z.record(z.enum(accountStatuses), z.int()) }),
  keys: z.object({ total: z.int(), active: z.int() }),
  /** What an operator should look at now. */
  attention: z.array(
    z.object({
      kind: z.enum(['account', 'model-without-price', 'key-expiring']),
      id: z.string(),
      /** Kind of the account, for its link. */
      accountKind: z.string().nullable(),
      name: z.string(),
      status: z.string(),
      reason: z.string(),
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

export const statsRoutes = {
  usage: defineRoute({
    method: 'GET',
    path: '/stats/usage',
    access: view,
    summary: 'Tokens and cost by period, key, user, account, model or kind',
    query: statsQuery,
    response: usageAnswerSchema,
  }),
};

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
