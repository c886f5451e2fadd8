// Owns what the two lists of keys can be narrowed and sorted by, and which of their columns are hidden at first.
import { keyStatuses } from '@crs/shared';
import { param } from '@/lib/url-state';

/** Deleted keys are a list of their own. */
export const listedStatuses = keyStatuses.filter((status) => status !== 'deleted');

export const keyListDefinition = {
  sortable: ['createdAt', 'updatedAt', 'name', 'status', 'expiresAt', 'lastUsedAt'],
  defaultSort: '-createdAt',
  filters: { status: param.choice(listedStatuses), tag: param.text(50) },
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
