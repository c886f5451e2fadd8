// Owns what one key becomes by a change of many, and what that changes. Pure.
import { type Budget, type keyBatchUpdateBody, type BatchResult, keyFields } from '@crs/shared';
import type { z } from 'zod';
import { ProblemError } from '../../platform/problem.ts';
import type { KeyDocument } from './document.ts';
import { renewed } from './renewal.ts';

export type BatchChange = Pick<
  z.output<typeof keyBatchUpdateBody>,
  'set' | 'addTags' | 'removeTags' | 'setBudgets' | 'renew'
>;
type BudgetChange = NonNullable<BatchChange['setBudgets']>[number];
type FieldChange = BatchResult['results'][number]['changes'][number];

const MAX_TAGS = 50;
const MAX_BUDGETS = 20;

/** What an administrator sets of many keys; everything else follows from it. */
const fields = keyFields.omit({ name: true, userId: true }).keyof().options;

/** `set` as `normalised` fields. Throws a ProblemError where the key does not allow it. */
export function changed(
  key: KeyDocument,
  { addTags = [], removeTags = [], setBudgets = [], renew }: BatchChange,
  set: Partial<KeyDocument>,
  times: { readonly activatedAtMs: number | null; readonly nowMs: number },
): KeyDocument {
  const next = { ...key, ...set };
  const removed = new Set(removeTags);
  const tags = [...new Set([...next.tags.filter((tag) => !removed.has(tag)), ...addTags])];
  const budgets = setBudgets.reduce(withBudget, next.budgets);
  if (tags.length > MAX_TAGS) throw tooMany('tags', MAX_TAGS);
  if (budgets.length > MAX_BUDGETS) throw tooMany('budgets', MAX_BUDGETS);
  return {
    ...next,
    tags,
    budgets,
    expiration: renew === undefined ? next.expiration : renewed(key, renew, times.activatedAtMs, times.nowMs),
  };
}

function tooMany(what: string, most: number): ProblemError {
  return new ProblemError(
    'validation_failed',
    `The key would have more than ${most} ${what}; take some away`,
  );
}

/** In its place where there is one for the same time and models, else after the others. */
function withBudget(budgets: readonly Budget[], { usd, ...which }: BudgetChange): Budget[] {
  const isMeant = (budget: Budget): boolean => nameOf(budget) === nameOf(which);
  if (usd === null) return budgets.filter((budget) => !isMeant(budget));
  const budget: Budget = { ...which, usd };
  return budgets.some(isMeant)
    ? budgets.map((present) => (isMeant(present) ? budget : present))
    : [...budgets, budget];
}

function nameOf({ every, models }: Pick<Budget, 'every' | 'models'>): string {
  return JSON.stringify([every, models === undefined ? null : [...new Set(models)].toSorted()]);
}

/** Field by field; empty where nothing would be another. */
export function differences(before: KeyDocument, after: KeyDocument): FieldChange[] {
  return fields.flatMap((field) =>
    JSON.stringify(before[field]) === JSON.stringify(after[field])
      ? []
      : [{ field, before: before[field], after: after[field] }],
  );
}
