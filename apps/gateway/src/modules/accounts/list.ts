// Owns one page of the accounts: filter, search and order, in memory.
import { type AccountStatus, accountStatuses } from '@crs/shared';
import type { AccountWindow } from '../../providers/provider.ts';
import type { AccountDocument } from './document.ts';
import type { Rest, Standing } from './health-state.ts';

/** An account with what is known of it at this moment. */
export interface AccountView {
  readonly document: AccountDocument;
  /** What the vendor sells it as, null where that is not known. */
  readonly subscription: string | null;
  readonly standing: Standing;
  /** Model families that rest on their own now. */
  readonly families: readonly (readonly [family: string, rest: Rest])[];
  readonly windows: readonly AccountWindow[];
  /** May be tried for some model at this moment. */
  readonly isSchedulable: boolean;
  /** Requests that this process has open on it. */
  readonly inFlight: number;
  /** In a row since it last delivered. */
  readonly failures: number;
  /** Of an account that signs in: when its token ends, whether it is renewed by itself. */
  readonly login: { readonly expiresAtMs: number | null; readonly isRenewable: boolean } | null;
  readonly lastUsedAtMs: number | null;
}

export interface AccountQuery {
  readonly page: number;
  readonly pageSize: number;
  /** Name of a field, descending with a leading `-`. */
  readonly sort: string;
  readonly search?: string | undefined;
  readonly kind?: string | undefined;
  readonly status?: AccountStatus | undefined;
  readonly enabled?: boolean | undefined;
  /** `none`: of no group. */
  readonly groupId?: string | undefined;
  readonly hasProxy?: boolean | undefined;
  readonly schedulable?: boolean | undefined;
  /** Only those that are named here, or are in one of these groups. */
  readonly bound?:
    | { readonly accountIds: readonly string[]; readonly groupIds: readonly string[] }
    | undefined;
}

/** A figure of each account today, in the order of the ids; asked for only where the list is sorted by it. */
export type AccountFigureOf = (ids: string[], figure: 'requests' | 'costNanoUsd') => Promise<number[]>;

export async function pageOfAccounts(
  views: readonly AccountView[],
  query: AccountQuery,
  figuresOf: AccountFigureOf,
): Promise<{ views: AccountView[]; total: number }> {
  const { kind, status, enabled, groupId, hasProxy, schedulable, bound } = query;
  const needle = query.search?.toLowerCase() ?? '';
  const found = views.filter(
    (view) =>
      (kind === undefined || view.document.kind === kind) &&
      (status === undefined || view.standing.status === status) &&
      (enabled === undefined || view.document.enabled === enabled) &&
      (groupId === undefined || isInGroup(view.document, groupId)) &&
      (hasProxy === undefined || hasProxy === (view.document.proxy !== null)) &&
      (schedulable === undefined || schedulable === view.isSchedulable) &&
      (bound === undefined || isBound(view.document, bound)) &&
      (needle === '' || textOf(view.document).includes(needle)),
  );
  const rank = await rankingOf(query.sort.replace(/^-/, ''), found, figuresOf);
  const direction = query.sort.startsWith('-') ? -1 : 1;
  found.sort(
    (a, b) =>
      direction * compare(rank(a), rank(b)) || compare(byName(a), byName(b)) || compare(byId(a), byId(b)),
  );
  const start = (query.page - 1) * query.pageSize;
  return { views: found.slice(start, start + query.pageSize), total: found.length };
}

type Ranking = (view: AccountView) => string | number;

function isInGroup({ groupIds }: AccountDocument, groupId: string): boolean {
  return groupId === 'none' ? groupIds.length === 0 : groupIds.includes(groupId);
}

function isBound({ id, groupIds }: AccountDocument, bound: NonNullable<AccountQuery['bound']>): boolean {
  return bound.accountIds.includes(id) || groupIds.some((groupId) => bound.groupIds.includes(groupId));
}

const figureSorts = { requestsToday: 'requests', costToday: 'costNanoUsd' } as const;

async function rankingOf(
  field: string,
  views: readonly AccountView[],
  figuresOf: AccountFigureOf,
): Promise<Ranking> {
  if (field !== 'requestsToday' && field !== 'costToday') return rankings[field] ?? byPriority;
  const ids = views.map(({ document }) => document.id);
  const figures = await figuresOf(ids, figureSorts[field]);
  const byAccount = new Map(ids.map((id, index) => [id, figures[index] ?? 0]));
  return ({ document }) => byAccount.get(document.id) ?? 0;
}

const byPriority: Ranking = ({ document }) => document.priority;
const byName: Ranking = ({ document }) => document.name.toLowerCase();
const byId: Ranking = ({ document }) => document.id;
const rankings: Readonly<Record<string, Ranking>> = {
  priority: byPriority,
  name: byName,
  kind: ({ document }) => document.kind,
  weight: ({ document }) => document.weight,
  inFlight: ({ inFlight }) => inFlight,
  createdAt: ({ document }) => Date.parse(document.createdAt),
  status: ({ standing }) => accountStatuses.indexOf(standing.status),
  lastUsedAt: ({ lastUsedAtMs }) => lastUsedAtMs ?? 0,
};

/** What the search looks at: names, and whatever text the settings hold, such as addresses. */
function textOf({ name, description, kind, id, settings, proxy }: AccountDocument): string {
  const texts = Object.values(settings).filter((value) => typeof value === 'string');
  return [name, description, kind, id, proxy?.host ?? '', ...texts].join('\n').toLowerCase();
}

function compare(a: string | number, b: string | number): number {
  return a === b ? 0 : a < b ? -1 : 1;
}
