// Owns the contract of an account's health: how it is now, and how it was: the last day in quarters of an hour, its
// latest failures, its changes of state.
import { z } from 'zod';
import { accountStatuses } from '../vocabulary.ts';
import { accountSchema } from './accounts.ts';
import { isoTimeSchema } from './common.ts';

const historySchema = z.object({
  /** The last 24 hours by quarters of an hour, the oldest first. */
  quarters: z.array(
    z.object({
      at: isoTimeSchema,
      /** Attempts that were made on it; those of requests that began then. */
      requests: z.int().nonnegative(),
      failures: z.int().nonnegative(),
      /** The worst it was in that time; null where that is not known, and before it was added. */
      status: z.enum(accountStatuses).nullable(),
    }),
  ),
  /** The latest failed attempts and connection tests, the newest first. */
  errors: z.array(
    z.object({
      at: isoTimeSchema,
      /** Of the upstream; 0 when it was not reached. */
      status: z.int(),
      /** `rate_limited`, `credential_rejected`, … */
      code: z.string(),
      /** The vendor's words, without secrets. */
      message: z.string(),
      model: z.string(),
      /** Null: a connection test. */
      requestId: z.string().nullable(),
    }),
  ),
  /** The newest first. */
  changes: z.array(
    z.object({
      at: isoTimeSchema,
      from: z.enum(accountStatuses),
      to: z.enum(accountStatuses),
      reason: z.string().nullable(),
      /** Who did it; null: the gateway, by what it saw. */
      by: z.string().nullable(),
    }),
  ),
});

export const accountHealthSchema = accountSchema
  .pick({
    status: true,
    reason: true,
    until: true,
    families: true,
    windows: true,
    inFlight: true,
    login: true,
  })
  .extend({
    /** Failures in a row since it last delivered. */
    failures: z.int(),
    lastUsedAt: isoTimeSchema.nullable(),
    ...historySchema.shape,
  });
export type AccountHealthView = z.output<typeof accountHealthSchema>;
export type AccountHistory = z.output<typeof historySchema>;
