// Owns the admin API of the audit trail.
import type { auditRoutes } from '@crs/shared';
import type { Handlers } from '../../entry/handlers.ts';
import type { Clock } from '../../platform/clock.ts';
import { csv } from '../../platform/csv.ts';
import type { Audit } from './audit.ts';
import type { AuditEntry } from './entry.ts';

const HEAD = [
  'time',
  'user',
  'action',
  'type',
  'id',
  'name',
  'field',
  'before',
  'after',
  'address',
  'request',
];

export function auditHandlers({
  audit,
  clock,
}: {
  readonly audit: Audit;
  readonly clock: Clock;
}): Handlers<typeof auditRoutes> {
  return {
    list: async ({ query }) => {
      const { items, total } = await audit.list(query);
      return { items, total, page: query.page, pageSize: query.pageSize };
    },
    facets: () => audit.facets(),
    export: ({ query }) => ({
      name: `audit-${new Date(clock.now()).toISOString().slice(0, 10)}.csv`,
      type: 'text/csv',
      pieces: csv(HEAD, rows(audit.entries(query))),
    }),
  };
}

async function* rows(pieces: AsyncIterable<readonly AuditEntry[]>): AsyncGenerator<string[][]> {
  for await (const entries of pieces) yield entries.flatMap(rowsOf);
}

/** A line per field; one without any where an act changed none. */
function rowsOf({ at, actor, action, target, changes, ip, requestId }: AuditEntry): string[][] {
  const told = changes.length === 0 ? [{ path: '' }] : changes;
  return told.map(({ path, ...change }) => [
    at,
    actor?.username ?? '',
    action,
    target.type,
    target.id,
    target.name ?? '',
    path,
    'before' in change ? textOf(change.before) : '',
    'after' in change ? textOf(change.after) : '',
    ip,
    requestId,
  ]);
}

function textOf(value: unknown): string {
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
