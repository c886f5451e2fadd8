// Owns `claude_console_account:<id>` and `ccr_account:<id>`: Anthropic's API, or another relay of it, by address and key.
import { z } from 'zod';
import { integer, json, text, time } from '../fields.ts';
import { commonFields, quotaFields } from './common.ts';

/** Requested model to the upstream's; an old list reads as a map of each to itself, `{}` means every model. */
const modelMap = json(
  z.union([
    z.record(z.string(), z.string()),
    z.array(z.string()).transform((models) => Object.fromEntries(models.map((model) => [model, model]))),
  ]),
  {},
);

const relayFields = {
  ...commonFields,
  ...quotaFields,
  apiUrl: text,
  /** Encrypted. */
  apiKey: text,
  supportedModels: modelMap,
  userAgent: text,
  /** Minutes. */
  rateLimitDuration: integer(60),
} as const;

export const claudeConsoleAccountRecord = z.object({
  ...relayFields,
  /** 0 = off. */
  maxConcurrentTasks: integer(0),
});
export type ClaudeConsoleAccountRecord = z.output<typeof claudeConsoleAccountRecord>;

export const ccrAccountRecord = z.object({ ...relayFields, rateLimitExpireAt: time });
export type CcrAccountRecord = z.output<typeof ccrAccountRecord>;
