// Owns the contract of upstream accounts over all kinds. What is special to a kind (settings, credential) is
// described by the kind's own JSON Schema, answered by `GET /accounts/kinds`.
import { z } from 'zod';
import { accountStatuses, clientIds, services } from '../vocabulary.ts';
import { serviceHoursSchema } from './account-hours.ts';
import { idSchema, isoTimeSchema, usageSummarySchema } from './common.ts';
import { usdAmountSchema } from './limits.ts';

const jsonObject = z.record(z.string(), z.unknown());

export const proxyTypes = ['http', 'https', 'socks5'] as const;

/** How the account's upstream is reached. */
export const accountProxySchema = z.strictObject({
  type: z.enum(proxyTypes),
  host: z
    .string()
    .trim()
    .min(1)
    .max(253)
    .regex(/^[^\s/@?#]+$/, 'a host name or address, without a scheme and without a port'),
  port: z.int().min(1).max(65_535),
  username: z.string().max(200).nullable().default(null),
  /** Left out where the user name stays: the password that is known. */
  password: z.string().max(500).nullable().optional(),
});
export type AccountProxy = z.output<typeof accountProxySchema>;

export const accountFields = z.strictObject({
  name: z.string().trim().min(1).max(100),
  description: z.string().trim().max(1000),
  settings: jsonObject,
  /** Lower comes first. */
  priority: z.int().min(0).max(1000),
  /** Share among accounts of the same priority. */
  weight: z.int().min(1).max(1000),
  /** Requests at the same time; 0 = no limit. */
  maxConcurrency: z.int().min(0).max(100_000),
  models: z.strictObject({
    /** Model ids or patterns with `*` this account serves; empty = all its kind knows. */
    allow: z.array(z.string().trim().min(1).max(200)).max(200).default([]),
    /** What the client asks for -> what is sent upstream. */
    map: z.record(z.string().min(1).max(200), z.string().min(1).max(200)).default({}),
  }),
  /** Clients this account serves; empty = all. */
  clients: z.array(z.enum(clientIds)),
  enabled: z.boolean(),
  /** False: serves only keys that are bound to it or to one of its groups. */
  shared: z.boolean(),
  groupIds: z.array(idSchema).max(50),
  /** USD its calls may cost per calendar day, by the price list; null = no limit. */
  dailyUsd: usdAmountSchema.nullable(),
  expiresAt: isoTimeSchema.nullable(),
  /** Serves nobody until then, and resumes by itself; null or over = not paused. */
  pausedUntil: isoTimeSchema.nullable(),
  /** Hours of the week in which it serves, in the gateway's time zone; empty = at all times. */
  serviceHours: serviceHoursSchema,
  /** Null: directly. */
  proxy: accountProxySchema.nullable(),
});

export const accountCreateBody = accountFields
  .partial()
  .required({ name: true })
  .extend({ credential: jsonObject });
export const accountUpdateBody = accountFields
  .partial()
  .extend({ credential: jsonObject.optional(), version: z.int().optional() });

export const accountSchema = accountFields.extend({
  /** Without its password, which is never answered. */
  proxy: accountProxySchema.omit({ password: true }).extend({ hasPassword: z.boolean() }).nullable(),
  id: z.string(),
  kind: z.string(),
  status: z.enum(accountStatuses),
  /** Why it is not ready, in words. */
  reason: z.string().nullable(),
  /** When it is tried again. */
  until: isoTimeSchema.nullable(),
  /** Model families that cool down on their own. */
  families: z.record(z.string(), z.object({ until: isoTimeSchema, reason: z.string() })),
  /** The vendor's own quota windows, as last reported. */
  windows: z.array(
    z.object({ name: z.string(), utilization: z.number().nullable(), resetsAt: isoTimeSchema.nullable() }),
  ),
  inFlight: z.int(),
  /** Of a login: when its access token ends, whether it is renewed by itself. */
  login: z.object({ expiresAt: isoTimeSchema.nullable(), isRenewable: z.boolean() }).nullable(),
  /** What the vendor sells it as (`pro`, `max`, …), null where that is not known. */
  subscription: z.string().nullable(),
  /** Keys outside the trash that name this account; those bound to one of its groups are not counted. */
  boundKeys: z.int(),
  usage: usageSummarySchema,
  lastUsedAt: isoTimeSchema.nullable(),
  createdAt: isoTimeSchema,
  updatedAt: isoTimeSchema,
  version: z.int(),
});
export type Account = z.output<typeof accountSchema>;

export const accountKindSchema = z.object({
  kind: z.string(),
  label: z.string(),
  service: z.enum(services),
  dialects: z.array(z.string()),
  defaultClients: z.array(z.enum(clientIds)),
  /** Vendor terms the operator should know before adding such an account. */
  termsNote: z.string().nullable(),
  settingsSchema: jsonObject,
  credentialSchema: jsonObject,
  /** Where an operator can sign in at the vendor instead of pasting tokens; `modes`: other ways beside the usual one. */
  login: z.object({ modes: z.array(z.string()) }).nullable(),
});
export type AccountKind = z.output<typeof accountKindSchema>;

export const accountTestResultSchema = z.object({
  ok: z.boolean(),
  /** HTTP status of the upstream; 0 when it was not reached. */
  status: z.int(),
  latencyMs: z.int(),
  model: z.string(),
  reply: z.string().optional(),
  error: z.object({ code: z.string(), message: z.string() }).optional(),
});
