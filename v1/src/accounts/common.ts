// Owns what every account record of v1 has.
import { z } from 'zod';
import { decimal, flag, integer, json, optionalText, text, time } from '../fields.ts';

/** Stored in clear. Some records hold the port as text. */
const proxySchema = z.object({
  type: z.enum(['http', 'https', 'socks5']),
  host: z.string(),
  port: z.coerce.number().int(),
  username: z.string().nullish(),
  password: z.string().nullish(),
});

const proxyField = json(proxySchema.nullable(), null);
export const accountTypes = ['shared', 'dedicated', 'group'] as const;

export const commonFields = {
  id: z.uuid(),
  name: text,
  description: text,
  isActive: flag(true),
  accountType: z
    .enum([...accountTypes, ''])
    .default('')
    .transform((type) => type || 'shared'),
  /** 1 to 100, lower first. */
  priority: integer(50),
  schedulable: flag(true),
  status: text,
  errorMessage: optionalText,
  proxy: proxyField,
  /** The admin's own date; what a record calls `expiresAt` is its token's. */
  subscriptionExpiresAt: time,
  disableAutoProtection: flag(false),
  createdAt: time,
  updatedAt: time,
  lastUsedAt: time,
  rateLimitedAt: time,
  rateLimitStatus: text,
} as const;

/** Dollars a day after which v1 stopped using the account, and when its day begins (HH:mm, local). */
export const quotaFields = {
  dailyQuota: decimal('0'),
  quotaResetTime: text,
} as const;
