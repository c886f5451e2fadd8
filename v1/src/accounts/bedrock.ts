// Owns `bedrock_account:<id>`: the one account that v1 kept as a JSON document, with real types.
import { z } from 'zod';
import { accountTypes } from './common.ts';

const sealed = z.object({ encrypted: z.string(), iv: z.string() });
const awsCredentials = z.object({
  accessKeyId: z.string(),
  secretAccessKey: z.string(),
  sessionToken: z.string().nullish(),
});

export const bedrockAccountRecord = z.object({
  id: z.uuid(),
  name: z.string(),
  description: z.string().default(''),
  region: z.string(),
  defaultModel: z.string().nullish(),
  isActive: z.boolean(),
  accountType: z.enum(accountTypes).default('shared'),
  priority: z.number().int().default(50),
  schedulable: z.boolean().default(true),
  /** `default` is the name older records use. */
  credentialType: z.enum(['access_key', 'bearer_token', 'default']),
  /** Sealed JSON (`bedrockAwsCredentials`); v1 also took the pair in clear. */
  awsCredentials: z.union([sealed, awsCredentials]).nullish(),
  /** Sealed JSON (`bedrockBearerToken`). */
  bearerToken: sealed.nullish(),
  subscriptionExpiresAt: z.string().nullish(),
  disableAutoProtection: z.boolean().default(false),
  createdAt: z.string().nullish(),
  updatedAt: z.string().nullish(),
});
export type BedrockAccountRecord = z.output<typeof bedrockAccountRecord>;

/** `awsCredentials`, once opened. */
export const bedrockAwsCredentials = awsCredentials;
/** `bearerToken`, once opened. */
export const bedrockBearerToken = z.object({ token: z.string() });
