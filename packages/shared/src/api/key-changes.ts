// Owns the contract of what is done with relay keys beside editing one: many made, changed or deleted at once, an end
// that moves on, a secret that is replaced.
import { z } from 'zod';
import { batchIdsSchema, idSchema, isoTimeSchema } from './common.ts';
import { keyCreateBody, keyFields, keySchema } from './keys.ts';
import { budgetPeriods, modelPatternsSchema, usdAmountSchema } from './limits.ts';

/** So many keys are made, changed or deleted by one call. */
export const MAX_KEYS_AT_ONCE = 500;
/** An old secret may work on for 30 days. */
export const MAX_GRACE_SECONDS = 30 * 86_400;

/** Two to five hundred keys from one template. */
export const keyBatchCreateBody = keyCreateBody.extend({
  /** `{n}` is the number of the key, `{nn}` and `{nnn}` with zeros in front; without it, ` 1`, ` 2`, … are added. */
  name: z.string().trim().min(1).max(90),
  count: z.int().min(2).max(MAX_KEYS_AT_ONCE),
  /** Number of the first key. */
  startAt: z.int().min(0).max(1_000_000).default(1),
});

export const keyBatchCreated = z.object({
  /** In the order of their numbers. The secrets are answered this once. */
  items: z.array(z.object({ key: keySchema, secret: z.string() })),
  /** Keys that could not be stored; there are none of them. */
  failed: z.array(z.object({ name: z.string(), code: z.string(), detail: z.string() })),
});

/** So much later than it would end, or than now where it has ended; or at a moment. */
export const keyRenewBody = z.union([
  z.strictObject({ days: z.int().min(1).max(36_500) }),
  z.strictObject({ hours: z.int().min(1).max(876_000) }),
  z.strictObject({ at: isoTimeSchema }),
]);

export const keyRotateBody = z.strictObject({
  /** How long the old secret works beside the new one; 0: it ends at once. */
  graceSeconds: z.int().min(0).max(MAX_GRACE_SECONDS).default(0),
});

const idsSchema = batchIdsSchema(MAX_KEYS_AT_ONCE, 'key');

/** One budget of each key, whatever its others are; `usd` null takes it away. */
const budgetChangeSchema = z.strictObject({
  every: z.enum(budgetPeriods),
  models: modelPatternsSchema.optional(),
  usd: usdAmountSchema.nullable(),
});

export const keyBatchUpdateBody = z
  .strictObject({
    ids: idsSchema,
    /** Fields that all of them are to have. */
    set: keyFields.omit({ name: true, userId: true }).partial().optional(),
    addTags: keyFields.shape.tags.optional(),
    removeTags: keyFields.shape.tags.optional(),
    setBudgets: z.array(budgetChangeSchema).max(20).optional(),
    renew: keyRenewBody.optional(),
    /** The version of each key that the change is based on, by id; a key that is newer is left as it is. */
    versions: z.record(idSchema, z.int()).optional(),
    /** Answers what would change, and changes nothing. */
    dryRun: z.boolean().default(false),
  })
  .refine(
    ({ set = {}, addTags, removeTags, setBudgets, renew }) =>
      Object.keys(set).length > 0 ||
      [addTags, removeTags, setBudgets, renew].some((change) => change !== undefined),
    'say what to change: set, addTags, removeTags, setBudgets or renew',
  )
  .refine(({ set, renew }) => set?.expiration === undefined || renew === undefined, {
    path: ['renew'],
    message: 'give either an expiration or a renewal',
  });

export const keyBatchDeleteBody = z.strictObject({ ids: idsSchema });
