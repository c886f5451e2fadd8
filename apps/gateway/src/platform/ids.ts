// Owns how things are named. Documents carry UUIDs, as v1's did, so that migrated ones keep theirs.
import { randomBytes, randomUUID } from 'node:crypto';

export function newId(): string {
  return randomUUID();
}

/** `req_` + 12 hex digits of the time + 16 random ones: sorts by time as text. */
export function newRequestId(nowMs: number): string {
  return `req_${nowMs.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
}
