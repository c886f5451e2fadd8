// Owns the rows of the ledger. One `attempt` per upstream attempt: money. One `request` per relayed or refused request:
// what the request list shows. Both are written once, by id.
import { requestOutcomes, usageBucketsSchema, usageSources } from '@crs/shared';
import { z } from 'zod';

const priceSchema = z.object({
  /** Id of the price pack that was in force. */
  packId: z.string(),
  /** Row of the pack (`anthropic/claude-opus-5-5`), null where nothing was priced. */
  row: z.string().nullable(),
  /** The model was unknown: the dearest price of its family was taken. */
  isFallback: z.boolean(),
  multipliers: z.array(z.string()),
});

/** What beside the prices a cost came from: the same call can be priced again by other ones. */
const basisSchema = z.object({
  /** What a dollar of cost counted as for the key, and for the service. */
  keyRate: z.number(),
  serviceRate: z.number(),
  serviceTier: z.string().nullable(),
  speed: z.string().nullable(),
  inferenceGeo: z.string().nullable(),
  /** List of the market it was bought in; null: by the model's own vendor. */
  list: z.enum(['azure', 'bedrock']).nullable(),
  isRegional: z.boolean(),
});
export type PriceBasis = z.output<typeof basisSchema>;

/** Of a call of which nothing is known but its rates. */
export function standardBasis(keyRate: number, serviceRate: number): PriceBasis {
  return {
    keyRate,
    serviceRate,
    serviceTier: null,
    speed: null,
    inferenceGeo: null,
    list: null,
    isRegional: false,
  };
}

export const attemptRecordSchema = z.object({
  /** `<requestId>.<number>`, from 1. */
  id: z.string(),
  requestId: z.string(),
  keyId: z.string(),
  userId: z.string().nullable(),
  accountId: z.string(),
  accountName: z.string(),
  kind: z.string(),
  dialect: z.string(),
  /** As the client asked. */
  model: z.string(),
  servedModel: z.string().nullable(),
  startedAtMs: z.int(),
  outcome: z.enum(['ok', 'failed', 'client_left', 'crashed']),
  /** HTTP status of the upstream, 0 when it was not reached. */
  status: z.int(),
  reason: z.string().nullable(),
  upstreamRequestId: z.string().nullable(),
  firstEventMs: z.int().nullable(),
  durationMs: z.int(),
  usage: usageBucketsSchema,
  webSearches: z.int(),
  usageSource: z.enum(usageSources),
  costNanoUsd: z.int(),
  chargedNanoUsd: z.int(),
  /** Limits that count it, beside those that count everything: `key|b:week:1:0`. */
  counters: z.array(z.string()).default([]),
  price: priceSchema,
  /** Null in rows of earlier versions. */
  basis: basisSchema.nullable().default(null),
  /** What it was charged at first, where it was priced again since. */
  original: z
    .object({
      costNanoUsd: z.int(),
      chargedNanoUsd: z.int(),
      cacheSavingsNanoUsd: z.int().default(0),
      price: priceSchema,
    })
    .nullable()
    .default(null),
  /** What its tokens would have cost without a cache less what they cost: negative where writing cost more. */
  cacheSavingsNanoUsd: z.int().default(0),
});
export type AttemptRecord = z.output<typeof attemptRecordSchema>;

export const requestRecordSchema = z.object({
  id: z.string(),
  atMs: z.int(),
  keyId: z.string(),
  keyName: z.string(),
  userId: z.string().nullable(),
  /** Of the last attempt; null where there was none. */
  accountId: z.string().nullable(),
  accountName: z.string().nullable(),
  kind: z.string().nullable(),
  dialect: z.string(),
  operation: z.string(),
  model: z.string(),
  servedModel: z.string().nullable(),
  stream: z.boolean(),
  /** What the client was answered. */
  status: z.int(),
  outcome: z.enum(requestOutcomes),
  errorCode: z.string().nullable(),
  client: z.string(),
  /** Sums over the attempts. */
  usage: usageBucketsSchema,
  usageSource: z.enum(usageSources),
  costNanoUsd: z.int(),
  chargedNanoUsd: z.int(),
  /** Limits that count it, beside those that count everything: `key|b:week:1:0`. */
  counters: z.array(z.string()).default([]),
  firstEventMs: z.int().nullable(),
  durationMs: z.int(),
  timeline: z.array(z.object({ event: z.string(), atMs: z.number(), detail: z.string().nullable() })),
  attemptIds: z.array(z.string()),
  decision: z.object({
    candidates: z.array(
      z.object({
        accountId: z.string(),
        accountName: z.string(),
        eligible: z.boolean(),
        reason: z.string(),
        score: z.number().nullable(),
      }),
    ),
    chosen: z.string().nullable(),
  }),
});
export type RequestRecord = z.output<typeof requestRecordSchema>;

export type LedgerEntry =
  | { readonly type: 'attempt'; readonly record: AttemptRecord; text?: string }
  | { readonly type: 'request'; readonly record: RequestRecord; text?: string };

/** Where the hash of a request has the request itself; attempts are under their ids. */
export const REQUEST_FIELD = 'request';
