// Owns who used v1: `user:<id>` (from LDAP, without a password), groups of accounts, and the first admin's file.
import { z } from 'zod';
import { text, time } from './fields.ts';

/** A JSON document; `apiKeyCount` and `totalUsage` in it are stale and left out. */
export const userRecord = z.object({
  id: z.string().regex(/^[0-9a-f]{32}$/u),
  /** Case counts. */
  username: z.string(),
  email: z.string().nullish(),
  displayName: z.string().nullish(),
  role: z.enum(['user', 'admin']),
  isActive: z.boolean(),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
  lastLoginAt: z.string().nullish(),
  deletedAt: z.string().nullish(),
});
export type UserRecord = z.output<typeof userRecord>;

/** A hash; its members are the set `account_group_members:<id>`, whose ids do not say their kind. */
export const groupRecord = z.object({
  id: z.uuid(),
  name: text,
  platform: z.enum(['claude', 'gemini', 'openai', 'droid']),
  description: text,
  createdAt: time,
  updatedAt: time,
});
export type GroupRecord = z.output<typeof groupRecord>;

/** `data/init.json`: the password stands there in clear. */
export const adminFile = z.object({
  adminUsername: z.string(),
  adminPassword: z.string(),
  initializedAt: z.string().nullish(),
});
