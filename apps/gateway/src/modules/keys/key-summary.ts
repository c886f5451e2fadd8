// Owns what lists of keys need of each key.
import { z } from 'zod';
import { type ExpirationTimes, keyDocumentSchema, readExpiration } from './document.ts';

export interface KeySummary extends ExpirationTimes {
  readonly id: string;
  readonly version: number;
  readonly name: string;
  /** Lower case. */
  readonly sortName: string;
  /** Everything the search looks at, lower case. */
  readonly text: string;
  readonly tags: readonly string[];
  readonly enabled: boolean;
  readonly createdAtMs: number;
  readonly updatedAtMs: number;
  readonly deletedAtMs: number | null;
}

/** Reads of a stored key only what lists need, so that a hundred thousand of them stay small. */
export const keySummarySchema = z
  .object(
    keyDocumentSchema.pick({
      id: true,
      version: true,
      name: true,
      description: true,
      tags: true,
      hint: true,
      enabled: true,
      expiration: true,
      createdAt: true,
      updatedAt: true,
      deletedAt: true,
    }).shape,
  )
  .transform(
    ({ id, version, name, description, tags, hint, enabled, expiration, ...times }): KeySummary => ({
      id,
      version,
      name,
      sortName: name.toLowerCase(),
      text: [name, description, ...tags, hint, id].join('\n').toLowerCase(),
      tags,
      enabled,
      ...readExpiration(expiration),
      createdAtMs: Date.parse(times.createdAt),
      updatedAtMs: Date.parse(times.updatedAt),
      deletedAtMs: times.deletedAt === null ? null : Date.parse(times.deletedAt),
    }),
  );
