// Owns how a query for requests is read: a range of time, the sets to look in, and what the facts must say.
import type { requestListQuery } from '@crs/shared';
import type { z } from 'zod';
import { ProblemError } from '../../platform/problem.ts';
import { EVERY_REQUEST, isOutcomeIndexed, requestIndexName, type RowFacts } from '../usage/index.ts';

export type RequestListQuery = z.output<typeof requestListQuery>;

export interface TimeRange {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

export interface RequestFilters {
  /** A request that matches is in every one of these. */
  readonly indexes: readonly string[];
  /** Null where the sets say everything. */
  readonly matches: ((facts: RowFacts) => boolean) | null;
  /** Lower case. */
  readonly search: string | null;
}

/** `from` inclusive, `to` exclusive. Throws ProblemError where the range is upside down. */
export function readRange(
  query: { readonly from?: string | undefined; readonly to?: string | undefined },
  defaultFromMs: number,
): TimeRange {
  const fromMs = query.from === undefined ? defaultFromMs : Date.parse(query.from);
  const toMs = query.to === undefined ? Number.POSITIVE_INFINITY : Date.parse(query.to);
  if (query.from !== undefined && fromMs >= toMs) {
    throw new ProblemError('validation_failed', 'The range is empty: from has to be before to.', {
      errors: [{ path: 'from', message: 'give a time before to' }],
    });
  }
  return { fromMs, toMs };
}

export function readFilters(query: RequestListQuery): RequestFilters {
  const { keyId, userId, accountId, model, outcome, status, kind, client, stream, search } = query;
  const indexes: string[] = [];
  if (keyId !== undefined) indexes.push(requestIndexName('key', keyId));
  if (userId !== undefined) indexes.push(requestIndexName('user', userId));
  if (accountId !== undefined) indexes.push(requestIndexName('account', accountId));
  if (model !== undefined) indexes.push(requestIndexName('model', model));
  if (outcome !== undefined && isOutcomeIndexed(outcome)) indexes.push(requestIndexName('outcome', outcome));
  if (indexes.length === 0) indexes.push(EVERY_REQUEST);

  const tests: ((facts: RowFacts) => boolean)[] = [];
  if (outcome !== undefined && !isOutcomeIndexed(outcome)) tests.push((facts) => facts.outcome === outcome);
  if (status !== undefined) tests.push((facts) => facts.status === status);
  if (kind !== undefined) tests.push((facts) => facts.kind === kind);
  if (client !== undefined) tests.push((facts) => facts.client === client);
  if (stream !== undefined) tests.push((facts) => facts.stream === stream);
  return {
    indexes,
    matches: tests.length === 0 ? null : (facts) => tests.every((test) => test(facts)),
    search: search === undefined || search === '' ? null : search.toLowerCase(),
  };
}
