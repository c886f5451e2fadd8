// Owns what one account becomes by a change of many, what that changes, and what is answered of each.
import {
  type accountBatchUpdateBody,
  accountFields,
  type accountUpdateBody,
  type AccountStatus,
  type BatchResult,
} from '@crs/shared';
import type { z } from 'zod';
import { inChunks, refusal } from '../../platform/batch.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { AccountDocument } from './document.ts';

type BatchBody = z.output<typeof accountBatchUpdateBody>;
type Result = BatchResult['results'][number];
type FieldChange = Result['changes'][number];

/** What became of one account of many. */
export type AccountOutcome =
  | {
      readonly type: 'done';
      readonly before: AccountDocument;
      readonly after: AccountDocument;
      readonly changes: readonly FieldChange[];
    }
  | {
      readonly type: 'refused';
      readonly id: string;
      /** Null where it is gone. */
      readonly account: AccountDocument | null;
      readonly error: unknown;
    };

const MAX_GROUPS = 50;

/** What an administrator sets of many accounts; everything else follows from it. */
const fields = accountFields.omit({ name: true, settings: true, proxy: true }).keyof().options;

export async function eachAccount(
  ids: readonly string[],
  stored: readonly (AccountDocument | null)[],
  change: (
    account: AccountDocument,
    index: number,
  ) => Promise<Omit<Extract<AccountOutcome, { type: 'done' }>, 'type'>>,
): Promise<AccountOutcome[]> {
  const outcomes: AccountOutcome[] = [];
  await inChunks(
    ids.map((_, index) => index),
    async (index) => {
      const account = stored[index] ?? null;
      if (account === null) throw new ProblemError('not_found', 'There is no such account');
      return change(account, index);
    },
    {
      done: (_, made) => outcomes.push({ type: 'done', ...made }),
      refused: (index, error) =>
        outcomes.push({ type: 'refused', id: ids[index] ?? '', account: stored[index] ?? null, error }),
    },
  );
  return outcomes;
}

/** The change as one of this account, and the version it is based on. Throws where that is an old one. */
export function wantedOf(
  account: AccountDocument,
  { set = {}, addGroups = [], removeGroups = [], versions = {} }: BatchBody,
): { patch: Omit<z.output<typeof accountUpdateBody>, 'version'>; seen: number | undefined } {
  const seen = versions[account.id];
  if (seen !== undefined && (seen < (account.editVersion || account.version) || seen > account.version)) {
    throw new ProblemError('conflict', 'The account was changed meanwhile; look at it again');
  }
  if (addGroups.length === 0 && removeGroups.length === 0) return { patch: set, seen };
  const kept = account.groupIds.filter((id) => !removeGroups.includes(id));
  const groupIds = [...new Set([...kept, ...addGroups])];
  if (groupIds.length > MAX_GROUPS) {
    throw new ProblemError('validation_failed', `The account would be in more than ${MAX_GROUPS} groups`);
  }
  return { patch: { ...set, groupIds }, seen };
}

/** Field by field; of a proxy's password only that there is another one. */
export function changesOf(
  before: AccountDocument,
  after: AccountDocument,
  set: BatchBody['set'],
  health: { before: AccountStatus; after: AccountStatus } | null,
): FieldChange[] {
  const changes: FieldChange[] = fields.flatMap((field) =>
    isSame(before[field], after[field]) ? [] : [{ field, before: before[field], after: after[field] }],
  );
  const isPasswordGiven = typeof set?.proxy?.password === 'string';
  const proxies = [before, after].map(
    ({ proxy, proxyPasswordSealed }) => proxy && { ...proxy, hasPassword: proxyPasswordSealed !== null },
  );
  if (isPasswordGiven || !isSame(proxies[0], proxies[1])) {
    changes.push({ field: 'proxy', before: proxies[0] ?? null, after: proxies[1] ?? null });
  }
  if (health !== null) changes.push({ field: 'health', ...health });
  return changes;
}

function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}

/** `isRemoval`: whoever is done is gone. */
export function resultOf(outcome: AccountOutcome, isRemoval: boolean): Result {
  if (outcome.type === 'refused') {
    const { id, account, error } = outcome;
    const about = { id, name: account?.name ?? null, version: account?.version ?? null };
    return { ...about, outcome: 'failed', changes: [], error: refusal(error) };
  }
  const { after, changes } = outcome;
  return {
    id: after.id,
    name: after.name,
    outcome: isRemoval || changes.length > 0 ? 'changed' : 'unchanged',
    version: after.version,
    changes: [...changes],
    error: null,
  };
}
