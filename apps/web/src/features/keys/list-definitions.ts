// Owns what the two lists of keys can be narrowed and sorted by, and which of their columns are hidden at first.
import { keyStatuses } from '@crs/shared';
import { param } from '@/lib/url-state';

/** Deleted keys are a list of their own. */
export const listedStatuses = keyStatuses.filter((status) => status !== 'deleted');

/** Ends to look out for. */
export const expiryDays = ['7', '30', '90'] as const;
/** How much of a budget is gone. */
export const budgetPercents = ['50', '80', '100'] as const;

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
