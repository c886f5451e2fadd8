// Owns which sorted sets (score: time) lead to requests. Dimensions that tell many requests apart have one; what the
// facts in every member say (status, kind, client, stream) is filtered while a set is walked.
import type { RequestRecord } from './records.ts';
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
export function requestIndexNames({ keyId, model, userId, accountId, outcome }: RequestRecord): string[] {
  const names = [EVERY_REQUEST, requestIndexName('key', keyId), requestIndexName('model', model)];
  if (userId !== null) names.push(requestIndexName('user', userId));
  if (accountId !== null) names.push(requestIndexName('account', accountId));
  if (isOutcomeIndexed(outcome)) names.push(requestIndexName('outcome', outcome));
  return names;
}
