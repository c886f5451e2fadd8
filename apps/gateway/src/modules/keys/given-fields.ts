// Owns fields of a key as they were given, made fit to be stored. Pure.
import type { Bind, keyUpdateBody } from '@crs/shared';
import type { z } from 'zod';
import type { KeyDocument } from './document.ts';

export type KeyPatch = z.output<typeof keyUpdateBody>;

/** Fields that were given, lists without doubles, times in UTC. */
export function normalised(fields: Omit<KeyPatch, 'version'>): Partial<KeyDocument> {
  const { tags, clients, permissions, expiration } = fields;
  const given: Omit<KeyPatch, 'version'> = {
    ...fields,
    tags: tags && unique(tags),
    clients: clients && unique(clients),
    permissions: Array.isArray(permissions) ? unique(permissions) : permissions,
    expiration: expiration && 'at' in expiration ? { at: new Date(expiration.at).toISOString() } : expiration,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** What is said of a bind to something that is not there. */
export function missing(bind: Bind): string {
  return 'groupId' in bind
    ? `there is no group with the id ${bind.groupId}`
    : `there is no account of kind ${bind.kind} with the id ${bind.accountId}`;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}
