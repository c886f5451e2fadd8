// Owns how things are named. Documents carry UUIDs, as v1's did, so that migrated ones keep theirs.
import { randomBytes, randomUUID } from 'node:crypto';

export function newId(): string {
  return randomUUID();
}

/** When a request began, from its id; null for one that does not say. */
export function requestTimeMs(requestId: string): number | null {
  if (!requestId.startsWith(PREFIX)) return null;
  const digits = requestId.slice(PREFIX.length, PREFIX.length + TIME_DIGITS);
  const timeMs = digits.length === TIME_DIGITS ? Number(`0x${digits}`) : Number.NaN;
  return Number.isNaN(timeMs) ? null : timeMs;
}

const PREFIX = 'req_';
const TIME_DIGITS = 12;
/** Random bytes are drawn for many ids at once: one draw costs more than all the rest of an id. */
const POOL_BYTES = 4096;
const ID_BYTES = 8;
let pool = Buffer.alloc(0);
let drawn = 0;

/** `req_` + 12 hex digits of the time + 16 random ones: sorts by time as text. */
export function newRequestId(nowMs: number): string {
  if (drawn === pool.length) {
    pool = randomBytes(POOL_BYTES);
    drawn = 0;
  }
  drawn += ID_BYTES;
  return `${PREFIX}${nowMs.toString(16).padStart(TIME_DIGITS, '0')}${pool.toString('hex', drawn - ID_BYTES, drawn)}`;
}
