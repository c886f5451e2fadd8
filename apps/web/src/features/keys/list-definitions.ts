// Owns what the two lists of keys can be narrowed and sorted by, and which of their columns are hidden at first.
import { keyStatuses } from '@crs/shared';
import { param } from '@/lib/url-state';

/** Deleted keys are a list of their own. */
export const listedStatuses = keyStatuses.filter((status) => status !== 'deleted');

/** Ends to look out for. */
export const expiryDays = ['7', '30', '90'] as const;
/** How much of a budget is gone. */
export const budgetPercents = ['50', '80', '100'] as const;

/** How long ago a key was used, made, changed. */
export const pastDays = ['1', '7', '30', '90'] as const;
/** Figures of a key that may be asked to be so great at least. */
export const leastFigures = [
  'minSpendTodayUsd',
  'minSpendTotalUsd',
  'minRequestsToday',
  'minRequestsTotal',
  'minTokensToday',
] as const;
export type LeastFigure = (typeof leastFigures)[number];

/** What may stand in such a filter. */
export function isLeast(figure: LeastFigure, text: string): boolean {
  return figure.endsWith('Usd') ? /^\d{1,9}(\.\d{1,9})?$/.test(text) : /^[1-9]\d{0,11}$/.test(text);
}

export const keyListDefinition = {
  sortable: [
    'createdAt',
    'updatedAt',
    'name',
    'status',
    'expiresAt',
    'lastUsedAt',
    'spendToday',
    'spendTotal',
    'requestsToday',
    'requestsTotal',
    'tokensToday',
    'budgetUsed',
  ],
  defaultSort: '-createdAt',
  filters: {
    status: param.choice(listedStatuses),
    tag: param.text(50),
    accountId: param.text(100),
    groupId: param.text(100),
    expiresWithinDays: param.choice(expiryDays),
    budgetUsedPercent: param.choice(budgetPercents),
    neverUsed: param.choice(['true', 'false']),
    userId: param.text(100),
    usedWithinDays: param.choice(pastDays),
    unusedForDays: param.choice(pastDays),
    createdWithinDays: param.choice(pastDays),
    updatedWithinDays: param.choice(pastDays),
    minSpendTodayUsd: param.text(20),
    minSpendTotalUsd: param.text(20),
    minRequestsToday: param.text(12),
    minRequestsTotal: param.text(12),
    minTokensToday: param.text(15),
  },
  hiddenColumns: [
    'tokensToday',
    'spendTotal',
    'requestsTotal',
    'concurrency',
    'hint',
    'createdAt',
    'updatedAt',
  ],
} as const;

export const trashDefinition = {
  sortable: ['deletedAt', 'createdAt', 'name'],
  defaultSort: '-deletedAt',
  filters: { tag: param.text(50) },
} as const;
