// Owns the contract of what a key tells whoever holds its secret: its own use, limits and rules; never asked by id.
import { z } from 'zod';
import { defineRoute } from '../contract/route.ts';
import { isoTimeSchema, usageSummarySchema } from './common.ts';
import { keySchema } from './keys.ts';
import { limitStateSchema } from './limits.ts';
import { usageRowSchema } from './stats.ts';

/** Days of figures that are answered, today included. */
export const KEY_STATS_DAYS = 30;

export const keyStatsBody = z.strictObject({
  /** The whole secret. */
  apiKey: z.string().trim().min(1).max(500),
  /** Leaves out the figures by day and by model: for whoever asks often. */
  brief: z.boolean().default(false),
});

const shownOfKey = keySchema.pick({
  name: true,
  hint: true,
  status: true,
  expiration: true,
  expiresAt: true,
  activatedAt: true,
  createdAt: true,
  lastUsedAt: true,
  permissions: true,
  models: true,
  clients: true,
});

/** Not strict: whatever else is known of the key is left out of the answer. */
export const keyStatsSchema = z.object({
  ...shownOfKey.shape,
  usage: usageSummarySchema,
  limits: z.array(limitStateSchema),
  /** By day of the server's zone, without holes; empty where `brief` was asked for, as `usageByModel`. */
  usageByDay: z.array(usageRowSchema),
  /** By model over the same days, the dearest first. */
  usageByModel: z.array(usageRowSchema),
  server: z.object({ now: isoTimeSchema, timezone: z.string() }),
});
export type KeyStats = z.output<typeof keyStatsSchema>;

export const keyStatsRoutes = {
  keyStats: defineRoute({
    method: 'POST',
    path: '/public/key-stats',
    access: 'public',
    summary: 'What a key has used, what it may, and when it ends; for whoever holds its secret',
    description: 'Wrong secrets are counted by address. The secret goes into the body only.',
    body: keyStatsBody,
    response: keyStatsSchema,
  }),
};
