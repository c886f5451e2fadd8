// Owns what a relay key is in the contract: what an administrator sets, what a key answers, what lists filter by.
import { z } from 'zod';
import { clientIds, keyStatuses, services } from '../vocabulary.ts';
import { budgetModes, limitFields, limitStateSchema, queueSchema, ratesSchema } from './limits.ts';
import {
  idSchema,
  isoTimeSchema,
  listQuery,
  queryBoolean,
  usageSummarySchema,
  usdTextSchema,
} from './common.ts';

const durationSchema = z.union([
  z.strictObject({ days: z.int().min(1).max(36_500) }),
  z.strictObject({ hours: z.int().min(1).max(876_000) }),
]);

export const expirationSchema = z.union([
  z.strictObject({ at: isoTimeSchema }),
  z.strictObject({ afterFirstUse: durationSchema }),
]);
export type Expiration = z.output<typeof expirationSchema>;

export const modelRuleSchema = z.strictObject({
  mode: z.enum(['deny', 'allow']),
  /** Model ids or patterns with `*` (`claude-*`). */
  list: z.array(z.string().trim().min(1).max(200)).max(200),
});

/** An address or a CIDR range, version 4 or 6. */
export const ipRangeSchema = z
  .string()
  .trim()
  .refine(
    (text) => z.union([z.ipv4(), z.ipv6(), z.cidrv4(), z.cidrv6()]).safeParse(text).success,
    'give an IP address or a range such as 10.0.0.0/24',
  );

/** One account, or all members of a group. */
export const bindSchema = z.union([
  z.strictObject({ kind: idSchema, accountId: idSchema }),
  z.strictObject({ groupId: idSchema }),
]);
export type Bind = z.output<typeof bindSchema>;

/** Which bodies are kept. */
export const captureSchema = z.strictObject({ request: z.boolean(), response: z.boolean() });

export const keyFields = z.strictObject({
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1000),
  tags: z.array(z.string().trim().min(1).max(50)).max(50),
  enabled: z.boolean(),
  permissions: z.union([z.literal('all'), z.array(z.enum(services)).min(1)]),
  models: modelRuleSchema,
  clients: z.array(z.enum(clientIds)),
  ipAllow: z.array(ipRangeSchema).max(200),
  ...limitFields,
  /** `strict` reserves the most a call can cost, `expected` what such calls cost lately. */
  budgetMode: z.enum(budgetModes),
  /** Charged = cost times the rate of the service. */
  rates: ratesSchema,
  /** What a request does when its key has no free place; null = it is refused. */
  queue: queueSchema.nullable(),
  /** Owner, whose limits hold for all of his keys together; null = the house. */
  userId: idSchema.nullable(),
  expiration: expirationSchema.nullable(),
  /** Accounts or groups that answer this key's requests; empty = the shared pool. */
  binds: z.array(bindSchema).max(100),
  /** Whether the shared pool may answer when no bound account can. */
  bindFallback: z.boolean(),
  /** Adds x-relay-* headers to the answers of this key. */
  debug: z.boolean(),
  /** Keeps the bodies of its requests for a while, encrypted, for administrators to read. */
  capture: captureSchema,
});

export const keyCreateBody = keyFields.partial().required({ name: true });
/** The owner is said when the key is made: what it has spent was spent on his account. */
export const keyUpdateBody = keyFields.omit({ userId: true }).partial().extend({
  /** The version the change is based on; a stale one is refused with 409. */
  version: z.int().optional(),
});

export const keySchema = keyFields.extend({
  id: z.string(),
  /** First and last characters of the secret, to recognise it. */
  hint: z.string(),
  status: z.enum(keyStatuses),
  expiresAt: isoTimeSchema.nullable(),
  activatedAt: isoTimeSchema.nullable(),
  createdAt: isoTimeSchema,
  updatedAt: isoTimeSchema,
  deletedAt: isoTimeSchema.nullable(),
  deletedBy: z.string().nullable(),
  lastUsedAt: isoTimeSchema.nullable(),
  /** The secret before the last rotation, while it still works. */
  previousSecret: z.object({ hint: z.string(), endsAt: isoTimeSchema }).nullable(),
  version: z.int(),
  usage: usageSummarySchema,
  limits: z.array(limitStateSchema),
});
export type Key = z.output<typeof keySchema>;

const daysSchema = z.coerce.number().int().min(1).max(36_500);
const countSchema = z.coerce.number().int().min(1).max(Number.MAX_SAFE_INTEGER);

const keyFilters = {
  status: z.enum(keyStatuses).optional(),
  tag: z.string().max(50).optional(),
  enabled: queryBoolean.optional(),
  /** Keys of this owner. */
  userId: idSchema.optional(),
  /** Keys bound to this account itself; those bound to one of its groups are not meant. */
  accountId: idSchema.optional(),
  /** Keys bound to this group. */
  groupId: idSchema.optional(),
  /** Keys that end within so many days; those that have ended are not meant. */
  expiresWithinDays: daysSchema.optional(),
  /** Keys of which a budget is used to so many per cent or more. */
  budgetUsedPercent: z.coerce.number().int().min(1).max(1000).optional(),
  /** `true`: keys that no request has used so far. */
  neverUsed: queryBoolean.optional(),
  /** Used within so many days. */
  usedWithinDays: daysSchema.optional(),
  /** Not used for so many days; keys that were never used are meant too. */
  unusedForDays: daysSchema.optional(),
  createdWithinDays: daysSchema.optional(),
  /** Changed by somebody within so many days. */
  updatedWithinDays: daysSchema.optional(),
  /** Decimal USD of the price list, inclusive, as are all that follow. */
  minSpendTodayUsd: usdTextSchema.optional(),
  minSpendTotalUsd: usdTextSchema.optional(),
  minRequestsToday: countSchema.optional(),
  minRequestsTotal: countSchema.optional(),
  minTokensToday: countSchema.optional(),
};
export const keySorts = [
  'createdAt',
  'updatedAt',
  'name',
  'status',
  'expiresAt',
  'lastUsedAt',
  'spendToday',
  'spendTotal',
  'requestsToday',
  'requestsTotal',
  'tokensToday',
  'budgetUsed',
] as const;
export const keyListQuery = listQuery(keySorts, '-createdAt').extend(keyFilters);
export const keyExportQuery = keyListQuery.omit({ page: true, pageSize: true }).extend({
  format: z.enum(['csv', 'xlsx']).default('csv'),
});
export const deletedKeyListQuery = listQuery(['deletedAt', 'createdAt', 'name'], '-deletedAt').extend({
  tag: keyFilters.tag,
});
