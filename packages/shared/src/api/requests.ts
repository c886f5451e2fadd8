// Owns the contract of the request list: one row per relayed request, its attempts and its decision record.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { requestOutcomes, usageSources } from '../vocabulary.ts';
import {
  idParams,
  idSchema,
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
  /** Names of the accounts it was sent to, in their order; one that was asked again stands there again. */
  triedAccounts: z.array(z.string()),
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
  /** What it was charged at first, where it was priced again since. */
  original: z
    .object({ costNanoUsd: nanoUsdSchema, chargedNanoUsd: nanoUsdSchema, packId: z.string() })
    .nullable(),
  /** Whether the bodies of this request were kept, and until when they are. */
  bodies: z.object({ expiresAt: isoTimeSchema }).nullable(),
});
export type RequestDetail = z.output<typeof requestDetailSchema>;

const usdSchema = z.string().regex(/^\d{1,9}(\.\d{1,9})?$/, 'give USD as a decimal such as 0.25');
const msSchema = z.coerce.number().int().min(0);

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
  /** One status, or all of a class: `429`, `4xx`. */
  status: z
    .string()
    .regex(/^([1-5]\d\d|[1-5]xx|0)$/, 'give a status such as 429, or a class such as 4xx')
    .optional(),
  outcome: z.enum(requestOutcomes).optional(),
  client: z.string().optional(),
  stream: queryBoolean.optional(),
  /** Decimal USD, inclusive, as are all that follow. */
  minCostUsd: usdSchema.optional(),
  maxCostUsd: usdSchema.optional(),
  minDurationMs: msSchema.optional(),
  maxDurationMs: msSchema.optional(),
});

export const requestListQuery = listQuery(['at', 'costNanoUsd', 'durationMs', 'firstEventMs'], '-at').extend(
  requestFilters.shape,
);

export const requestExportQuery = requestFilters.extend({ search: z.string().trim().max(200).optional() });

/** Most rows of one export. */
export const MOST_EXPORTED_REQUESTS = 100_000;

export const requestHistogramQuery = requestFilters.extend({
  /** At most so many bars. */
  bars: z.coerce.number().int().min(2).max(240).default(60),
});

export const requestHistogramSchema = z.object({
  from: isoTimeSchema,
  to: isoTimeSchema,
  /** Length of a bar; bars begin at multiples of it. */
  stepMs: z.int(),
  total: z.int(),
  bars: z.array(
    z.object({
      at: isoTimeSchema,
      /** Status below 400. */
      success: z.int(),
      clientError: z.int(),
      serverError: z.int(),
      /** Ended without an answer, because the gateway's process did. */
      none: z.int(),
    }),
  ),
});
export type RequestHistogram = z.output<typeof requestHistogramSchema>;

/** A range of time makes no sense for what has not happened yet. */
export const requestLiveQuery = requestFilters.omit({ from: true, to: true }).extend({
  /** Goes on after that event; the header `Last-Event-ID` comes first. */
  lastEventId: z
    .string()
    .regex(/^\d+-\d+$/)
    .optional(),
});

/** Data of an event `requests`. */
export const requestNewsSchema = z.object({
  /** Oldest first. */
  items: z.array(requestRowSchema),
  /** Requests that ended as well and are left out, because there were more than a reader can follow. */
  skipped: z.int().nonnegative(),
});
export type RequestNews = z.output<typeof requestNewsSchema>;

/** Why a stream of requests ended: event `end`, `{reason}`. */
export const liveEndReasons = ['session-ended', 'shutting-down'] as const;

export const keptBodySchema = z.object({
  /** As it was sent, in bytes. */
  bytes: z.int().nonnegative(),
  /** What was kept of it, credentials taken out. */
  text: z.string(),
  isCut: z.boolean(),
});

export const requestBodiesSchema = z.object({
  capturedAt: isoTimeSchema,
  expiresAt: isoTimeSchema,
  /** Null where it was not to be kept. */
  request: keptBodySchema.nullable(),
  response: keptBodySchema.nullable(),
});
export type RequestBodies = z.output<typeof requestBodiesSchema>;

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
  histogram: defineRoute({
    method: 'GET',
    path: '/requests/histogram',
    access: view,
    summary: 'Number of requests over time by class of status, with the filters of the list',
    query: requestHistogramQuery,
    response: requestHistogramSchema,
  }),
  live: defineRoute({
    method: 'GET',
    path: '/requests/live',
    access: view,
    summary: 'Requests of all replicas as they end, as server-sent events',
    description:
      'Events: `ready`; `requests` with `{items, skipped}`, its id is where `Last-Event-ID` goes on; `ping`; `end` with `{reason}`, after which the server closes. Who reads slowly gets fewer rows, counted in `skipped`.',
    query: requestLiveQuery,
    events: true,
  }),
  export: defineRoute({
    method: 'GET',
    path: '/requests/export',
    access: view,
    summary: 'The filtered list as CSV, newest first',
    description: `Up to ${MOST_EXPORTED_REQUESTS} rows; more are refused with the advice to narrow the range.`,
    query: requestExportQuery,
    file: ['text/csv'],
  }),
  deleteAllBodies: defineRoute({
    method: 'DELETE',
    path: '/requests/bodies',
    access: ['admin'],
    summary: 'Delete kept bodies: of one key, or all',
    query: z.strictObject({ keyId: idSchema.optional() }),
    response: z.object({ deleted: z.int() }),
  }),
  get: defineRoute({
    method: 'GET',
    path: '/requests/:id',
    access: view,
    summary: 'One request: timeline, attempts, decision and price arithmetic',
    params: idParams,
    response: requestDetailSchema,
  }),
  bodies: defineRoute({
    method: 'GET',
    path: '/requests/:id/bodies',
    access: ['admin'],
    summary: 'The kept bodies of one request; reading them leaves an audit entry',
    params: idParams,
    response: requestBodiesSchema,
  }),
  deleteBodies: defineRoute({
    method: 'DELETE',
    path: '/requests/:id/bodies',
    access: ['admin'],
    summary: 'Delete the kept bodies of one request',
    params: idParams,
  }),
};
