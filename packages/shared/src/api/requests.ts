// Owns the contract of the request list: one row per relayed request, its attempts and its decision record.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { requestOutcomes, usageSources } from '../vocabulary.ts';
import {
  idParams,
  isoTimeSchema,
  listQuery,
  nanoUsdSchema,
  pageOf,
  queryBoolean,
  usageBucketsSchema,
} from './common.ts';

export const requestRowSchema = z.object({
  id: z.string(),
  at: isoTimeSchema,
  keyId: z.string(),
  keyName: z.string(),
  userId: z.string().nullable(),
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  kind: z.string().nullable(),
  dialect: z.string(),
  operation: z.string(),
  model: z.string(),
  servedModel: z.string().nullable(),
  stream: z.boolean(),
  status: z.int(),
  outcome: z.enum(requestOutcomes),
  /** Code of the refusal or failure, null when it went well. */
  errorCode: z.string().nullable(),
  client: z.string(),
  usage: usageBucketsSchema,
  usageSource: z.enum(usageSources),
  costNanoUsd: nanoUsdSchema,
  chargedNanoUsd: nanoUsdSchema,
  attempts: z.int().nonnegative(),
  firstEventMs: z.int().nullable(),
  durationMs: z.int(),
});
export type RequestRow = z.output<typeof requestRowSchema>;

export const attemptRowSchema = z.object({
  id: z.string(),
  accountId: z.string(),
  accountName: z.string(),
  kind: z.string(),
  startedAt: isoTimeSchema,
  outcome: z.enum(['ok', 'failed', 'client_left', 'crashed']),
  status: z.int(),
  reason: z.string().nullable(),
  upstreamRequestId: z.string().nullable(),
  firstEventMs: z.int().nullable(),
  durationMs: z.int(),
  usage: usageBucketsSchema,
  usageSource: z.enum(usageSources),
  costNanoUsd: nanoUsdSchema,
});
export type AttemptRow = z.output<typeof attemptRowSchema>;

export const candidateSchema = z.object({
  accountId: z.string(),
  accountName: z.string(),
  eligible: z.boolean(),
  /** One verdict in words: why it was passed over, or where it stands. */
  reason: z.string(),
  score: z.number().nullable(),
});

export const priceLineSchema = z.object({
  bucket: z.string(),
  tokens: z.int(),
  usdPerMTok: z.string(),
  costNanoUsd: nanoUsdSchema,
});

export const requestDetailSchema = requestRowSchema.extend({
  timeline: z.array(z.object({ event: z.string(), atMs: z.number(), detail: z.string().nullable() })),
  attempts: z.array(attemptRowSchema),
  decision: z.object({ candidates: z.array(candidateSchema), chosen: z.string().nullable() }),
  price: z.object({
    packId: z.string(),
    model: z.string().nullable(),
    /** True when the model is unknown and the dearest price of its family was taken. */
    fallback: z.boolean(),
    lines: z.array(priceLineSchema),
    multipliers: z.array(z.string()),
  }),
});
export type RequestDetail = z.output<typeof requestDetailSchema>;

export const requestFilters = z.strictObject({
  /** Inclusive. */
  from: isoTimeSchema.optional(),
  /** Exclusive. */
  to: isoTimeSchema.optional(),
  keyId: z.string().optional(),
  userId: z.string().optional(),
  accountId: z.string().optional(),
  kind: z.string().optional(),
  model: z.string().optional(),
  status: z.coerce.number().int().optional(),
  outcome: z.enum(requestOutcomes).optional(),
  client: z.string().optional(),
  stream: queryBoolean.optional(),
});

export const requestListQuery = listQuery(['at', 'costNanoUsd', 'durationMs', 'firstEventMs'], '-at').extend(
  requestFilters.shape,
);

const view = ['admin', 'operator', 'viewer'] as const;

export const requestRoutes = {
  list: defineRoute({
    method: 'GET',
    path: '/requests',
    access: view,
    summary: 'List relayed requests, newest first',
    query: requestListQuery,
    response: pageOf(requestRowSchema),
  }),
  get: defineRoute({
    method: 'GET',
    path: '/requests/:id',
    access: view,
    summary: 'One request: timeline, attempts, decision and price arithmetic',
    params: idParams,
    response: requestDetailSchema,
  }),
};
