// Owns `gemini_account:<id>` (OAuth of Gemini CLI or Antigravity) and `gemini_api_account:<id>` (API key).
import { z } from 'zod';
import { integer, json, optionalText, text, time } from '../fields.ts';
import { commonFields } from './common.ts';

export const geminiAccountRecord = z.object({
  ...commonFields,
  oauthProvider: z
    .enum(['gemini-cli', 'antigravity', ''])
    .default('')
    .transform((name) => name || 'gemini-cli'),
  /** Encrypted, each by itself. */
  accessToken: text,
  refreshToken: text,
  /** Encrypted JSON, see `geminiOauth`. */
  geminiOauth: text,
  scopes: text,
  /** Of the access token. */
  expiresAt: time,
  projectId: optionalText,
  tempProjectId: optionalText,
  /** The one list that v1 joined with commas. */
  supportedModels: text.transform((models) => models.split(',').filter((model) => model !== '')),
  lastRefreshAt: time,
  rateLimitEndAt: time,
});
export type GeminiAccountRecord = z.output<typeof geminiAccountRecord>;

/** `geminiOauth`, once opened. */
export const geminiOauth = z.object({
  access_token: z.string(),
  refresh_token: z.string().nullish(),
  scope: z.string().nullish(),
  token_type: z.string().nullish(),
  /** Milliseconds since the epoch. */
  expiry_date: z.number().nullish(),
});

export const geminiApiAccountRecord = z.object({
  ...commonFields,
  baseUrl: text,
  /** Encrypted. */
  apiKey: text,
  supportedModels: json(z.array(z.string()), []),
  /** Minutes. */
  rateLimitDuration: integer(60),
  rateLimitResetAt: time,
});
export type GeminiApiAccountRecord = z.output<typeof geminiApiAccountRecord>;
