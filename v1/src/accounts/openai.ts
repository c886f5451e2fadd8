// Owns the OpenAI family: `openai:account:<id>` (ChatGPT OAuth, Codex), `openai_responses_account:<id>`, `azure_openai:account:<id>`.
import { z } from 'zod';
import { integer, json, optionalText, text, time } from '../fields.ts';
import { commonFields, quotaFields } from './common.ts';

export const openaiAccountRecord = z.object({
  ...commonFields,
  /** Encrypted, each by itself. */
  idToken: text,
  accessToken: text,
  refreshToken: text,
  email: text,
  /** Encrypted JSON, see `openaiOauth`. */
  openaiOauth: text,
  /** The account at ChatGPT. */
  accountId: text,
  chatgptUserId: text,
  organizationId: text,
  planType: optionalText,
  /** Of the access token. */
  expiresAt: time,
  lastRefresh: time,
  /** Minutes. */
  rateLimitDuration: integer(60),
  rateLimitResetAt: time,
});
export type OpenaiAccountRecord = z.output<typeof openaiAccountRecord>;

/** `openaiOauth`, once opened. */
export const openaiOauth = z.object({
  idToken: z.string().nullish(),
  accessToken: z.string().nullish(),
  refreshToken: z.string().nullish(),
  /** Seconds. */
  expires_in: z.number().nullish(),
});

export const openaiResponsesAccountRecord = z.object({
  ...commonFields,
  ...quotaFields,
  baseApi: text,
  /** Encrypted. */
  apiKey: text,
  userAgent: text,
  providerEndpoint: z
    .enum(['responses', 'auto', ''])
    .default('')
    .transform((name) => name || 'responses'),
  /** Minutes. */
  rateLimitDuration: integer(60),
  rateLimitResetAt: time,
});
export type OpenaiResponsesAccountRecord = z.output<typeof openaiResponsesAccountRecord>;

export const azureOpenaiAccountRecord = z.object({
  ...commonFields,
  azureEndpoint: text,
  apiVersion: text.transform((version) => version || '2024-02-01'),
  deploymentName: text.transform((name) => name || 'gpt-4'),
  /** Encrypted. */
  apiKey: text,
  supportedModels: json(z.array(z.string()), []),
});
export type AzureOpenaiAccountRecord = z.output<typeof azureOpenaiAccountRecord>;
