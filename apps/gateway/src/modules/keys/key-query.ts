// Owns what a list of keys is narrowed and sorted by. Pure.
import { type KeyStatus, keyStatuses, usdToNano } from '@crs/shared';
import type { FigureName, KeyFigures } from './key-figures.ts';
import { bindTarget, type KeySummary } from './key-summary.ts';

const DAY_MS = 86_400_000;

export interface KeyFilters {
  readonly search?: string | undefined;
  readonly status?: KeyStatus | undefined;
  readonly tag?: string | undefined;
  readonly enabled?: boolean | undefined;
  readonly userId?: string | undefined;
  /** Bound to this account itself. */
  readonly accountId?: string | undefined;
  /** Bound to this group. */
  readonly groupId?: string | undefined;
  /** Ends within so many days, and has not ended. */
  readonly expiresWithinDays?: number | undefined;
  /** A budget of its own is used to so many per cent or more. */
  readonly budgetUsedPercent?: number | undefined;
  readonly neverUsed?: boolean | undefined;
  readonly usedWithinDays?: number | undefined;
  /** Never used is longer than that. */
  readonly unusedForDays?: number | undefined;
  readonly createdWithinDays?: number | undefined;
  readonly updatedWithinDays?: number | undefined;
  /** Decimal USD. */
  readonly minSpendTodayUsd?: string | undefined;
  readonly minSpendTotalUsd?: string | undefined;
  readonly minRequestsToday?: number | undefined;
  readonly minRequestsTotal?: number | undefined;
  readonly minTokensToday?: number | undefined;
}

export interface SortedKeyQuery extends KeyFilters {
  /** Name of a field, descending with a leading `-`. */
  readonly sort: string;
}

export interface KeyQuery extends SortedKeyQuery {
  readonly page: number;
  readonly pageSize: number;
}

/** What is known of keys beside what is stored of them. */
export interface KeyFacts {
  readonly nowMs: number;
  readonly figures: Pick<KeyFigures, 'lastUse' | 'figure' | 'budgetShare'>;
  expiryOf(key: KeySummary): number | null;
  statusOf(key: KeySummary): KeyStatus;
}

export interface Row {
  readonly id: string;
  readonly rank: number | string;
}

export interface UseNeeds {
  readonly uses: boolean;
  readonly figures: boolean;
  readonly budgets: boolean;
}

/** What of the uses of keys has to be up to date for this. */
export function needsOf(query: SortedKeyQuery): UseNeeds {
  const field = fieldOf(query.sort);
  const budgets = field === 'budgetUsed' || query.budgetUsedPercent !== undefined;
  const figures = isFigure(field) || leastFigures(query).length > 0;
  return {
    budgets,
    figures,
    uses:
      budgets ||
      figures ||
      field === 'lastUsedAt' ||
      query.neverUsed !== undefined ||
      query.usedWithinDays !== undefined ||
      query.unusedForDays !== undefined,
  };
}

/** Everything but the status. */
export function filterOf(query: KeyFilters, facts: KeyFacts): (key: KeySummary) => boolean {
  const { nowMs, figures } = facts;
  const { tag, enabled, accountId, groupId, userId, expiresWithinDays, budgetUsedPercent, neverUsed } = query;
  const needle = query.search?.toLowerCase() ?? '';
  const tests: ((key: KeySummary) => boolean)[] = [];
  if (needle !== '') tests.push(({ text }) => text.includes(needle));
  if (tag !== undefined) tests.push(({ tags }) => tags.includes(tag));
  if (enabled !== undefined) tests.push((key) => key.enabled === enabled);
  if (userId !== undefined) tests.push((key) => key.userId === userId);
  for (const target of [
    ...(accountId === undefined ? [] : [bindTarget({ accountId })]),
    ...(groupId === undefined ? [] : [bindTarget({ groupId })]),
  ]) {
    tests.push(({ boundTo }) => boundTo.includes(target));
  }
  if (expiresWithinDays !== undefined) {
    const untilMs = nowMs + expiresWithinDays * DAY_MS;
    tests.push((key) => {
      const endMs = facts.expiryOf(key);
      return endMs !== null && endMs > nowMs && endMs <= untilMs;
    });
  }
  if (budgetUsedPercent !== undefined) {
    tests.push((key) => (figures.budgetShare(key, nowMs) ?? 0) * 100 >= budgetUsedPercent);
  }
  if (neverUsed !== undefined) tests.push(({ id }) => (figures.lastUse(id) === 0) === neverUsed);
  tests.push(...timeTests(query, facts));
  for (const [name, least] of leastFigures(query)) tests.push(({ id }) => figures.figure(id, name) >= least);
  return (key) => tests.every((test) => test(key));
}

/** By how long ago a key was used, made, changed. */
function timeTests(query: KeyFilters, { nowMs, figures }: KeyFacts): ((key: KeySummary) => boolean)[] {
  const { usedWithinDays, unusedForDays, createdWithinDays, updatedWithinDays } = query;
  const since = (days: number): number => nowMs - days * DAY_MS;
  const tests: ((key: KeySummary) => boolean)[] = [];
  if (usedWithinDays !== undefined) {
    const sinceMs = since(usedWithinDays);
    tests.push(({ id }) => figures.lastUse(id) >= sinceMs);
  }
  if (unusedForDays !== undefined) {
    const sinceMs = since(unusedForDays);
    tests.push(({ id }) => figures.lastUse(id) < sinceMs);
  }
  if (createdWithinDays !== undefined) {
    const sinceMs = since(createdWithinDays);
    tests.push(({ createdAtMs }) => createdAtMs >= sinceMs);
  }
  if (updatedWithinDays !== undefined) {
    const sinceMs = since(updatedWithinDays);
    tests.push(({ updatedAtMs }) => updatedAtMs >= sinceMs);
  }
  return tests;
}

/** Least figures that are asked for; money in nano-USD. */
function leastFigures(query: KeyFilters): [FigureName, number][] {
  const nano = (usd: string | undefined): number | undefined =>
    usd === undefined ? undefined : Number(usdToNano(usd));
  const asked: [FigureName, number | undefined][] = [
    ['spendToday', nano(query.minSpendTodayUsd)],
    ['spendTotal', nano(query.minSpendTotalUsd)],
    ['requestsToday', query.minRequestsToday],
    ['requestsTotal', query.minRequestsTotal],
    ['tokensToday', query.minTokensToday],
  ];
  return asked.filter((entry): entry is [FigureName, number] => entry[1] !== undefined);
}

/**
 * What a sort compares. A key that never ends comes after all that do, one that was never used or has no budget before
 * all others.
 */
export function rankingOf(sort: string, facts: KeyFacts): (key: KeySummary) => number | string {
  const { nowMs, figures } = facts;
  const field = fieldOf(sort);
  if (isFigure(field)) return ({ id }) => figures.figure(id, field);
  switch (field) {
    case 'name':
      return (key) => key.sortName;
    case 'updatedAt':
      return (key) => key.updatedAtMs;
    case 'deletedAt':
      return (key) => key.deletedAtMs ?? 0;
    case 'lastUsedAt':
      return (key) => figures.lastUse(key.id);
    case 'budgetUsed':
      return (key) => figures.budgetShare(key, nowMs) ?? -1;
    case 'expiresAt':
      return (key) => facts.expiryOf(key) ?? Number.POSITIVE_INFINITY;
    case 'status':
      return (key) => keyStatuses.indexOf(facts.statusOf(key));
    default:
      return (key) => key.createdAtMs;
  }
}

export function comparison(sort: string): (a: Row, b: Row) => number {
  return sort.startsWith('-') ? (a, b) => compareRows(b, a) : compareRows;
}

const figureNames: readonly string[] = [
  'spendToday',
  'spendTotal',
  'requestsToday',
  'requestsTotal',
  'tokensToday',
] satisfies readonly FigureName[];

function isFigure(field: string): field is FigureName {
  return figureNames.includes(field);
}

function fieldOf(sort: string): string {
  return sort.replace(/^-/, '');
}

function compareRows(a: Row, b: Row): number {
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
