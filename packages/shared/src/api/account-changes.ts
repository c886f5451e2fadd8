// Owns the contract of changing and deleting many accounts at once.
import { z } from 'zod';
import { accountFields } from './accounts.ts';
import { batchIdsSchema, idSchema } from './common.ts';

/** So many accounts are changed or deleted by one call. */
export const MAX_ACCOUNTS_AT_ONCE = 500;

const accountIdsSchema = batchIdsSchema(MAX_ACCOUNTS_AT_ONCE, 'account');
const groupIds = accountFields.shape.groupIds;

export const accountBatchUpdateBody = z
  .strictObject({
    ids: accountIdsSchema,
    /** Fields that all of them are to have. */
    set: accountFields.omit({ name: true, settings: true, groupIds: true }).partial().optional(),
    /** Groups that all of them are to be in, whatever other ones they are in. */
    addGroups: groupIds.optional(),
    removeGroups: groupIds.optional(),
    /** Forgets cool-downs and errors. */
    reset: z.boolean().default(false),
    /** The version of each account that the change is based on, by id; one that is newer is left as it is. */
    versions: z.record(idSchema, z.int()).optional(),
    /** Answers what would change, and changes nothing. */
    dryRun: z.boolean().default(false),
  })
  .refine(
    ({ set = {}, addGroups = [], removeGroups = [], reset }) =>
      Object.keys(set).length > 0 || addGroups.length > 0 || removeGroups.length > 0 || reset,
    'say what to change: set, addGroups, removeGroups or reset',
  );

export const accountBatchDeleteBody = z.strictObject({ ids: accountIdsSchema });
