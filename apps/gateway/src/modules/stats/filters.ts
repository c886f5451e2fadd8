// Owns how a query for figures is read: whose they are, and what only single requests can say.
import type { RequestOutcome } from '@crs/shared';
import { type Dimension, dimensions } from '../usage/index.ts';

/** What figures are not kept by. */
interface RowFilters {
  readonly status?: string | undefined;
  readonly outcome?: RequestOutcome | undefined;
  readonly client?: string | undefined;
}

export interface Filters {
  /** Members of a dimension that count; '' stands for none. A dimension that is not there is not asked about. */
  readonly members: ReadonlyMap<Dimension, ReadonlySet<string>>;
  readonly rows: RowFilters | null;
}

export const noFilters: Filters = { members: new Map(), rows: null };

export interface FilterQuery extends RowFilters {
  readonly keyId?: string | undefined;
  readonly userId?: string | undefined;
  readonly accountId?: string | undefined;
  readonly kind?: string | undefined;
  readonly model?: string | undefined;
  readonly tag?: string | undefined;
}

/** `keysWithTag`: keys that have the tag now. */
export async function readFilters(
  query: FilterQuery,
  keysWithTag: (tag: string) => Promise<readonly string[]>,
): Promise<Filters> {
  const { keyId, userId, accountId, kind, model, tag, status, outcome, client } = query;
  const asked: Record<Dimension, string | undefined> = {
    key: keyId,
    user: userId,
    account: accountId,
    kind,
    model,
  };
  const members = new Map<Dimension, ReadonlySet<string>>();
  for (const dimension of dimensions) {
    const member = asked[dimension];
    if (member !== undefined) members.set(dimension, new Set([member]));
  }
  if (tag !== undefined) {
    const tagged = await keysWithTag(tag);
    members.set('key', new Set(keyId === undefined ? tagged : tagged.filter((id) => id === keyId)));
  }
  const hasRowFilters = status !== undefined || outcome !== undefined || client !== undefined;
  return { members, rows: hasRowFilters ? { status, outcome, client } : null };
}

/** The same and those members only. */
export function narrowed(filters: Filters, dimension: Dimension, to: Iterable<string>): Filters {
  const known = filters.members.get(dimension);
  const members = [...to].filter((member) => known === undefined || known.has(member));
  return { ...filters, members: new Map(filters.members).set(dimension, new Set(members)) };
}
