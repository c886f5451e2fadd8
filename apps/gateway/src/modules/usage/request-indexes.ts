// Owns which sorted sets (score: time) lead to requests. Dimensions that tell many requests apart have one; what the
// facts in every member say (status, kind, client, stream) is filtered while a set is walked.
import type { Cell } from './roll-entry.ts';
import type { RowFacts } from './row-facts.ts';

export type IndexedDimension = 'key' | 'user' | 'account' | 'model' | 'outcome';

export const EVERY_REQUEST = 'all';

export function requestIndexName(dimension: IndexedDimension, value: string): string {
  return `${dimension}:${value}`;
}

/** Requests that went well are nearly all of them: no set of their own. */
export function isOutcomeIndexed(outcome: RowFacts['outcome']): boolean {
  return outcome !== 'ok';
}

/** Every index a request belongs to. */
export function requestIndexNames(cell: Cell, facts: RowFacts): string[] {
  const names = [EVERY_REQUEST, requestIndexName('key', cell.keyId), requestIndexName('model', cell.model)];
  if (cell.userId !== null) names.push(requestIndexName('user', cell.userId));
  if (cell.accountId !== null) names.push(requestIndexName('account', cell.accountId));
  if (isOutcomeIndexed(facts.outcome)) names.push(requestIndexName('outcome', facts.outcome));
  return names;
}
