// Owns how a query for requests is read: a range of time, and what of the rows' columns must say what.
import { type requestExportQuery, usdToNano } from '@crs/shared';
import type { z } from 'zod';
import { ProblemError } from '../../platform/problem.ts';
import type { RowFacts } from '../usage/index.ts';
import {
  codeOf,
  type Columns,
  type Field,
  isStream,
  type NumberField,
  outcomeOf,
  type WordField,
} from './columns.ts';

/** Every filter, and the text that is searched for. */
export type RequestFilterQuery = z.output<typeof requestExportQuery>;

export interface TimeRange {
  /** Inclusive. */
  readonly fromMs: number;
  /** Exclusive. */
  readonly toMs: number;
}

/** One condition: takes rows that do not meet it out of the mask (1 = still in). */
export interface RowFilter {
  readonly fields: readonly Field[];
  narrow(columns: Columns, mask: Uint8Array): void;
  /** The same for one row. */
  matches(facts: RowFacts): boolean;
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

/** What is searched for, lower case; null where nothing is. */
export function readSearch({ search }: RequestFilterQuery): string | null {
  return search === undefined || search === '' ? null : search.toLowerCase();
}

export function readFilters(query: RequestFilterQuery): RowFilter[] {
  const { outcome, status, stream, minCostUsd, maxCostUsd, minDurationMs, maxDurationMs } = query;
  const filters: RowFilter[] = [];
  const words: [WordField, string | undefined, (facts: RowFacts) => string | null][] = [
    ['key', query.keyId, ({ keyId }) => keyId],
    ['user', query.userId, ({ userId }) => userId],
    ['account', query.accountId, ({ accountId }) => accountId],
    ['kind', query.kind, ({ kind }) => kind],
    ['model', query.model, ({ model }) => model],
    ['client', query.client, ({ client }) => client],
  ];
  for (const [field, word, read] of words) if (word !== undefined) filters.push(wordIs(field, word, read));
  if (status !== undefined) filters.push(statusIs(status));
  if (outcome !== undefined) {
    filters.push(
      numberFilter(
        'flags',
        (flags) => outcomeOf(flags) === outcome,
        (facts) => facts.outcome === outcome,
      ),
    );
  }
  if (stream !== undefined) {
    filters.push(
      numberFilter(
        'flags',
        (flags) => isStream(flags) === stream,
        (facts) => facts.stream === stream,
      ),
    );
  }
  const cost = [minCostUsd, maxCostUsd].map((usd) =>
    usd === undefined ? undefined : Number(usdToNano(usd)),
  );
  filters.push(...between('cost', cost, ({ costNanoUsd }) => costNanoUsd, 'minCostUsd'));
  filters.push(
    ...between('duration', [minDurationMs, maxDurationMs], ({ durationMs }) => durationMs, 'minDurationMs'),
  );
  return filters;
}

function wordIs(field: WordField, word: string, read: (facts: RowFacts) => string | null): RowFilter {
  return {
    fields: [field],
    narrow(columns, mask) {
      const words = columns.words(field);
      const code = codeOf(words, word);
      const { codes } = words;
      if (code === null) mask.fill(0);
      else for (let row = 0; row < mask.length; row += 1) if (codes[row] !== code) mask[row] = 0;
    },
    matches: (facts) => (read(facts) ?? '') === word,
  };
}

/** `429`, or `4xx` for all of a class. */
function statusIs(text: string): RowFilter {
  const first = text.endsWith('xx') ? Number(text.charAt(0)) * 100 : Number(text);
  const last = text.endsWith('xx') ? first + 99 : first;
  const isIn = (status: number): boolean => status >= first && status <= last;
  return numberFilter('status', isIn, ({ status }) => isIn(status));
}

function numberFilter(
  field: NumberField,
  test: (value: number) => boolean,
  matches: (facts: RowFacts) => boolean,
): RowFilter {
  return {
    fields: [field],
    narrow(columns, mask) {
      const values = columns.numbers(field);
      for (let row = 0; row < mask.length; row += 1) if (!test(values[row] ?? 0)) mask[row] = 0;
    },
    matches,
  };
}

/** Both ends inclusive. Throws ProblemError where they are upside down. */
function between(
  field: NumberField,
  [min, max]: readonly (number | undefined)[],
  read: (facts: RowFacts) => number,
  path: string,
): RowFilter[] {
  if (min === undefined && max === undefined) return [];
  const [least, most] = [min ?? Number.NEGATIVE_INFINITY, max ?? Number.POSITIVE_INFINITY];
  if (least > most) {
    throw new ProblemError('validation_failed', `The range is empty: ${path} is more than its counterpart.`, {
      errors: [{ path, message: 'give a number that is not above the other end' }],
    });
  }
  const isIn = (value: number): boolean => value >= least && value <= most;
  return [numberFilter(field, isIn, (facts) => isIn(read(facts)))];
}

/** Columns that the filters look at. */
export function fieldsOf(filters: readonly RowFilter[]): Field[] {
  return [...new Set(filters.flatMap(({ fields }) => fields))];
}

/** 1 for every row of the columns that is in the range and meets all filters. */
export function maskOf(columns: Columns, range: TimeRange, filters: readonly RowFilter[]): Uint8Array {
  const mask = new Uint8Array(columns.count).fill(1);
  const [fromMs, toMs] = [range.fromMs - columns.startMs, range.toMs - columns.startMs];
  const at = columns.numbers('at');
  if ((at[0] ?? 0) < fromMs || (at[at.length - 1] ?? 0) >= toMs) {
    for (let row = 0; row < mask.length; row += 1) {
      const offset = at[row] ?? 0;
      if (offset < fromMs || offset >= toMs) mask[row] = 0;
    }
  }
  for (const filter of filters) filter.narrow(columns, mask);
  return mask;
}
