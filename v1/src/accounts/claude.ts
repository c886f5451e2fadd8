// Owns `claude:account:<id>`, the OAuth subscriptions of Claude.
import { z } from 'zod';
import { epochMs, flag, integer, json, text, time } from '../fields.ts';
import { commonFields } from './common.ts';

export const claudeAccountRecord = z.object({
  ...commonFields,
  /** Encrypted, each by itself. */
  email: text,
  password: text,
  accessToken: text,
  refreshToken: text,
  /** Encrypted JSON, see `claudeOauth`. */
  claudeAiOauth: text,
  /** Separated by spaces; without `user:profile` it is a setup token. */
  scopes: text.transform((scopes) => scopes.split(' ').filter((scope) => scope !== '')),
  /** Of the access token. */
  expiresAt: epochMs,
  lastRefreshAt: time,
  autoStopOnWarning: flag(false),
  maxConcurrency: integer(0),
  subscriptionInfo: json(z.record(z.string(), z.unknown()).nullable(), null),
  rateLimitEndAt: time,
  sessionWindowStart: time,
  sessionWindowEnd: time,
});
export type ClaudeAccountRecord = z.output<typeof claudeAccountRecord>;

/** `claudeAiOauth`, once opened. */
export const claudeOauth = z.object({
  accessToken: z.string(),
  refreshToken: z.string().nullish(),
  expiresAt: z.number().nullish(),
  scopes: z.array(z.string()).default([]),
});
