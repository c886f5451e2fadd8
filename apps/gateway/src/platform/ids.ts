// Owns how things are named. Documents carry UUIDs, as v1's did, so that migrated ones keep theirs.
import { randomBytes, randomUUID } from 'node:crypto';

export function newId(): string {
  return randomUUID();
}

/** When a request began, from its id; null for one that does not say. */
export function requestTimeMs(requestId: string): number | null {
  const hex = /^req_([0-9a-f]{12})/.exec(requestId)?.[1];
  return hex === undefined ? null : Number.parseInt(hex, 16);
}

/** `req_` + 12 hex digits of the time + 16 random ones: sorts by time as text. */
export function newRequestId(nowMs: number): string {
  return `req_${nowMs.toString(16).padStart(12, '0')}${randomBytes(8).toString('hex')}`;
}
