// Owns `apikey:<id>`, the record of a relay key, and how its secret was hashed.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { decimal, flag, integer, json, optionalText, text, time } from './fields.ts';

/** The value `apiKey` of the record and field of `apikey:hash_map`: 64 hex digits. The encryption key is the pepper. */
export function hashApiKey(secret: string, encryptionKey: string): string {
  return createHash('sha256')
    .update(secret + encryptionKey, 'utf8')
    .digest('hex');
}

/** Services of `permissions`; "all" was written as `[]`, `all` or nothing, a choice as JSON, one word or words with commas. */
const permissions = text.transform((value, context): 'all' | string[] => {
  const words = value.startsWith('[') ? parseWords(value) : value.split(',').map((word) => word.trim());
  if (words === null) {
    context.addIssue({ code: 'custom', message: 'not a list of services' });
    return z.NEVER;
  }
  const chosen = words.filter((word) => word !== '');
  return chosen.length === 0 || chosen.includes('all') ? 'all' : chosen;
});

function parseWords(value: string): string[] | null {
  try {
    return z.array(z.string()).nullable().catch(null).parse(JSON.parse(value));
  } catch {
    return null;
  }
}

const words = json(z.array(z.string()), []);

export const apiKeyRecord = z.object({
  id: z.uuid(),
  name: text,
  description: text,
  icon: text,
  /** See `hashApiKey`. */
  apiKey: z.string().regex(/^[0-9a-f]{64}$/u),

  /** Tokens per rate window; where it is set v1 does not look at `rateLimitCost`. 0 = off, as everywhere below. */
  tokenLimit: integer(0),
  concurrencyLimit: integer(0),
  /** Minutes; a fixed window that starts at its first request. */
  rateLimitWindow: integer(0),
  rateLimitRequests: integer(0),
  /** US dollars, rated. */
  rateLimitCost: decimal('0'),
  dailyCostLimit: decimal('0'),
  totalCostLimit: decimal('0'),
  /** Counts the Claude family in a week of the key's own. */
  weeklyOpusCostLimit: decimal('0'),
  /** 1 is Monday, 7 is Sunday; local time. */
  weeklyResetDay: integer(1),
  weeklyResetHour: integer(0),
  /** Factors per service on top of the global ones. */
  serviceRates: json(z.record(z.string(), z.number()), {}),

  isActive: flag(false),
  isDeleted: flag(false),
  permissions,
  enableModelRestriction: flag(false),
  /** A deny list. */
  restrictedModels: words,
  enableClientRestriction: flag(false),
  allowedClients: words,
  tags: words,

  expirationMode: z
    .enum(['fixed', 'activation', ''])
    .default('')
    .transform((mode) => mode || 'fixed'),
  isActivated: flag(false),
  /** Counted in `activationUnit`s from the first relayed request; 0 means 30 in mode `activation`. */
  activationDays: integer(0),
  activationUnit: z
    .enum(['days', 'hours', ''])
    .default('')
    .transform((unit) => unit || 'days'),
  activatedAt: time,
  expiresAt: time,

  /** Ids; `group:<id>` names a group, `responses:<id>` and `api:<id>` another kind than the field's. */
  claudeAccountId: text,
  claudeConsoleAccountId: text,
  geminiAccountId: text,
  openaiAccountId: text,
  azureOpenaiAccountId: text,
  bedrockAccountId: text,
  droidAccountId: text,

  enableOpenAIResponsesCodexAdaptation: flag(true),
  enableOpenAIResponsesPayloadRules: flag(false),
  openaiResponsesPayloadRules: json(
    z.array(z.object({ path: z.string(), valueType: z.string(), value: z.unknown() })),
    [],
  ),

  userId: optionalText,
  userUsername: optionalText,
  createdBy: optionalText,
  createdAt: time,
  updatedAt: time,
  lastUsedAt: time,
  deletedAt: time,
  deletedBy: optionalText,
  deletedByType: optionalText,
});
export type ApiKeyRecord = z.output<typeof apiKeyRecord>;
