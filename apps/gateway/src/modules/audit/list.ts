// Owns looking into the audit trail: the smallest set that holds all matches is walked, everything else is checked
// against it; a single filter is answered by rank.
import type { auditFilters, auditListQuery } from '@crs/shared';
import type { z } from 'zod';
import { ProblemError } from '../../platform/problem.ts';
import { auditIndex, type AuditRepository, type TimeRange } from './audit.repository.ts';
import type { AuditEntry } from './entry.ts';

export type AuditFilters = z.output<typeof auditFilters> & { readonly search?: string | undefined };

/** A search by text opens every entry it looks at. */
const MOST_SEARCHED = 20_000;
const MOST_EXPORTED = 100_000;
const CHUNK = 1000;

export async function listEntries(
  repository: AuditRepository,
  query: z.output<typeof auditListQuery>,
): Promise<{ items: AuditEntry[]; total: number }> {
  const range = rangeOf(query);
  const newestFirst = query.sort.startsWith('-');
  const slice = { offset: (query.page - 1) * query.pageSize, limit: query.pageSize };
  const { index, count, others } = await smallestIndex(repository, query, range);
  const search = query.search?.toLowerCase() ?? '';
  if (others.length === 0 && search === '') {
    const ids = await repository.ids(index, range, { newestFirst, ...slice });
    return { items: await repository.entries(ids), total: count };
  }
  if (search !== '') refuseTooMany(count);
  const matches: string[] = [];
  for await (const ids of walk(repository, { index, others, range, newestFirst, search })) {
    matches.push(...ids);
  }
  const page = matches.slice(slice.offset, slice.offset + slice.limit);
  return { items: await repository.entries(page), total: matches.length };
}

/** Newest first, in pieces; no more than an export is to hold. */
export async function* exportedEntries(
  repository: AuditRepository,
  filters: AuditFilters,
): AsyncGenerator<readonly AuditEntry[]> {
  const range = rangeOf(filters);
  const { index, count, others } = await smallestIndex(repository, filters, range);
  const search = filters.search?.toLowerCase() ?? '';
  if (search !== '') refuseTooMany(count);
  let left = MOST_EXPORTED;
  for await (const ids of walk(repository, { index, others, range, newestFirst: true, search })) {
    yield await repository.entries(ids.slice(0, left));
    left -= ids.length;
    if (left <= 0) return;
  }
}

interface Walk {
  readonly index: string;
  readonly others: readonly string[];
  readonly range: TimeRange;
  readonly newestFirst: boolean;
  readonly search: string;
}

async function* walk(repository: AuditRepository, walked: Walk): AsyncGenerator<string[]> {
  const { index, others, range, newestFirst, search } = walked;
  for (let offset = 0; ; offset += CHUNK) {
    const ids = await repository.ids(index, range, { newestFirst, offset, limit: CHUNK });
    let left = ids;
    for (const other of others) {
      const isIn = await repository.areIn(other, left);
      left = left.filter((_, at) => isIn[at] === true);
    }
    if (search !== '') {
      const entries = await repository.entries(left);
      left = entries.filter((entry) => contains(entry, search)).map(({ id }) => id);
    }
    if (left.length > 0) yield left;
    if (ids.length < CHUNK) return;
  }
}

function contains({ id: _id, changes: _changes, ...entry }: AuditEntry, search: string): boolean {
  return JSON.stringify(entry).toLowerCase().includes(search);
}

async function smallestIndex(
  repository: AuditRepository,
  { actorId, action, targetType, targetId }: AuditFilters,
  range: TimeRange,
): Promise<{ index: string; count: number; others: string[] }> {
  const named = [
    actorId === undefined ? null : auditIndex.actor(actorId),
    action === undefined ? null : auditIndex.action(action),
    targetType === undefined ? null : auditIndex.type(targetType),
    targetId === undefined ? null : auditIndex.target(targetId),
  ].filter((index) => index !== null);
  const counted = await Promise.all(
    (named.length === 0 ? [auditIndex.all] : named).map(async (index) => ({
      index,
      count: await repository.count(index, range),
    })),
  );
  const [smallest, ...others] = counted.sort((one, other) => one.count - other.count);
  if (smallest === undefined) throw new Error('no index to look in');
  return { ...smallest, others: others.map(({ index }) => index) };
}

function rangeOf({ from, to }: Pick<AuditFilters, 'from' | 'to'>): TimeRange {
  const range = {
    fromMs: from === undefined ? 0 : Date.parse(from),
    toMs: to === undefined ? Number.POSITIVE_INFINITY : Date.parse(to),
  };
  if (range.fromMs < range.toMs) return range;
  throw new ProblemError('validation_failed', '`to`: must be later than `from`.', {
    errors: [{ path: 'to', message: 'must be later than `from`' }],
  });
}

function refuseTooMany(count: number): void {
  if (count <= MOST_SEARCHED) return;
  throw new ProblemError(
    'validation_failed',
    `Searching works on up to ${MOST_SEARCHED} entries, and ${count} are in this range: narrow it with from and to, or with a filter.`,
    { errors: [{ path: 'search', message: `narrow the range to ${MOST_SEARCHED} entries or fewer` }] },
  );
}
