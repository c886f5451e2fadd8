// Owns what lists of keys need of each key.
import type { Budget, WeeklyReset } from '@crs/shared';
import { z } from 'zod';
import { type ExpirationTimes, keyDocumentSchema, readExpiration } from './document.ts';

export interface KeySummary extends ExpirationTimes {
  readonly id: string;
  readonly version: number;
  readonly userId: string | null;
  readonly name: string;
  /** Lower case. */
  readonly sortName: string;
  /** Everything the search looks at, lower case. */
  readonly text: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  /** What the key is bound to, as `bindTarget` names it. */
  readonly boundTo: readonly string[];
  readonly budgets: readonly Budget[];
  readonly weeklyReset: WeeklyReset;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly deletedAtMs: number | null;
}

/** Shared by the many keys without budgets, of which this says nothing. */
const NO_BUDGETS: readonly Budget[] = [];
const NO_RESET: WeeklyReset = { day: 1, hour: 0 };

/** Name of what a key is bound to, for finding the keys of a target. */
export function bindTarget(bind: { readonly accountId: string } | { readonly groupId: string }): string {
  return 'groupId' in bind ? `group:${bind.groupId}` : `account:${bind.accountId}`;
}

/** Reads of a stored key only what lists need, so that a hundred thousand of them stay small. */
export const keySummarySchema = z
  .object(
    keyDocumentSchema.pick({
      id: true,
      version: true,
      userId: true,
      name: true,
      description: true,
      tags: true,
      hint: true,
      enabled: true,
      expiration: true,
      binds: true,
      budgets: true,
      weeklyReset: true,
      createdAt: true,
      updatedAt: true,
      deletedAt: true,
    }).shape,
  )
  .transform(
    ({
      id,
      version,
      userId,
      name,
      description,
      tags,
      hint,
      enabled,
      expiration,
      binds,
      budgets,
      weeklyReset,
      ...times
    }): KeySummary => ({
      id,
      version,
      userId,
      name,
      sortName: name.toLowerCase(),
      text: [name, description, ...tags, hint, id].join('\n').toLowerCase(),
      tags,
      enabled,
      boundTo: binds.map(bindTarget),
      budgets: budgets.length === 0 ? NO_BUDGETS : budgets,
      weeklyReset: budgets.length === 0 ? NO_RESET : weeklyReset,
      ...readExpiration(expiration),
      createdAtMs: Date.parse(times.createdAt),
      updatedAtMs: Date.parse(times.updatedAt),
      deletedAtMs: times.deletedAt === null ? null : Date.parse(times.deletedAt),
    }),
  );
