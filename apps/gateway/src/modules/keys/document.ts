// Owns what is stored of a relay key and what follows from it: the gate that admission reads, status and expiry.
import { type Expiration, keyFields, type KeyStatus } from '@crs/shared';
import { z } from 'zod';

const HOUR_MS = 3_600_000;

/** Tolerant of fields it does not know: during an upgrade newer replicas write them. */
export const keyDocumentSchema = z.object({
  ...keyFields.shape,
  windows: keyFields.shape.windows.default([]),
  budgets: keyFields.shape.budgets.default([]),
  weeklyReset: keyFields.shape.weeklyReset.default({ day: 1, hour: 0 }),
  budgetMode: keyFields.shape.budgetMode.default('expected'),
  rates: keyFields.shape.rates.default({}),
  queue: keyFields.shape.queue.default(null),
  binds: keyFields.shape.binds.default([]),
  bindFallback: keyFields.shape.bindFallback.default(false),
  capture: keyFields.shape.capture.default({ request: false, response: false }),
  id: z.string(),
  secretHash: z.string(),
  /** First and last characters of the secret. */
  hint: z.string(),
  /** The secret before the last rotation: works until `endsAt`. */
  previousSecret: z
    .object({ hash: z.string(), hint: z.string(), endsAt: z.string() })
    .nullable()
    .default(null),
  createdAt: z.string(),
  updatedAt: z.string(),
  deletedAt: z.string().nullable(),
  /** Name of the user who moved it to the trash. */
  deletedBy: z.string().nullable(),
  version: z.int(),
});
/** First and last use are not in here: a request never rewrites an administrator's document. */
export type KeyDocument = z.output<typeof keyDocumentSchema>;

/** Whether this is the hash of a secret that opens the key now. */
export function opensWith(key: KeyDocument, secretHash: string, nowMs: number): boolean {
  if (key.secretHash === secretHash) return true;
  return graceOf(key, nowMs)?.hash === secretHash;
}

/** The replaced secret while it still works. */
export function graceOf({ previousSecret }: KeyDocument, nowMs: number): KeyDocument['previousSecret'] {
  return previousSecret !== null && Date.parse(previousSecret.endsAt) > nowMs ? previousSecret : null;
}

/** What a key is when the administrator names nothing but it. */
export const keyDefaults: Omit<z.output<typeof keyFields>, 'name'> = {
  description: '',
  tags: [],
  enabled: true,
  permissions: 'all',
  models: { mode: 'deny', list: [] },
  clients: [],
  ipAllow: [],
  concurrency: 0,
  windows: [],
  budgets: [],
  weeklyReset: { day: 1, hour: 0 },
  budgetMode: 'expected',
  rates: {},
  queue: null,
  userId: null,
  expiration: null,
  binds: [],
  bindFallback: false,
  debug: false,
  capture: { request: false, response: false },
};

/** Whose limits hold for a key, and whose keys live together in Redis: its owner, or the key itself. */
export function ownerTag(key: { readonly id: string; readonly userId: string | null }): string {
  return key.userId ?? key.id;
}

/** Fields of the hash that admission's script reads; `activatedAtMs` is its own and stays. */
export function gateFields(key: KeyDocument): Record<string, string> {
  const { expiresAtMs, afterFirstUseMs } = readExpiration(key.expiration);
  return {
    version: String(key.version),
    state: key.deletedAt !== null ? 'deleted' : key.enabled ? 'active' : 'disabled',
    expiresAtMs: expiresAtMs === null ? '' : String(expiresAtMs),
    afterFirstUseMs: afterFirstUseMs === null ? '' : String(afterFirstUseMs),
  };
}

export interface ExpirationTimes {
  /** Fixed end, epoch ms. */
  readonly expiresAtMs: number | null;
  /** Life from the first use on, ms. */
  readonly afterFirstUseMs: number | null;
}

export function readExpiration(expiration: Expiration | null): ExpirationTimes {
  if (expiration === null) return { expiresAtMs: null, afterFirstUseMs: null };
  if ('at' in expiration) return { expiresAtMs: Date.parse(expiration.at), afterFirstUseMs: null };
  const life = expiration.afterFirstUse;
  return {
    expiresAtMs: null,
    afterFirstUseMs: 'days' in life ? life.days * 24 * HOUR_MS : life.hours * HOUR_MS,
  };
}

/** When the key ends, epoch ms; null = never, or not before it is used. */
export function expiryMs(times: ExpirationTimes, activatedAtMs: number | null): number | null {
  if (times.expiresAtMs !== null) return times.expiresAtMs;
  if (times.afterFirstUseMs === null || activatedAtMs === null) return null;
  return activatedAtMs + times.afterFirstUseMs;
}

export interface KeyFacts extends ExpirationTimes {
  readonly isDeleted: boolean;
  readonly enabled: boolean;
  readonly activatedAtMs: number | null;
}

/** The first that holds of: deleted, disabled, expired, not-activated, active. */
export function keyStatus(key: KeyFacts, nowMs: number): KeyStatus {
  if (key.isDeleted) return 'deleted';
  if (!key.enabled) return 'disabled';
  const endMs = expiryMs(key, key.activatedAtMs);
  if (endMs !== null && endMs <= nowMs) return 'expired';
  return key.afterFirstUseMs !== null && key.activatedAtMs === null ? 'not-activated' : 'active';
}
