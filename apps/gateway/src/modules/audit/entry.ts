// Owns one act as it is written down, and the order of acts.
import { auditEntrySchema } from '@crs/shared';
import type { z } from 'zod';
import { newId } from '../../platform/ids.ts';

export { auditEntrySchema };
export type AuditEntry = z.output<typeof auditEntrySchema>;

const TIME_DIGITS = 9;
const COUNT_DIGITS = 3;
const COUNT_LIMIT = 36 ** COUNT_DIGITS;
const RANDOM_CHARACTERS = 6;

let lastCount = 0;

/** Ids of one process sort by the order in which they were made, those of several by their time. */
export function newEntryId(atMs: number): string {
  lastCount = (lastCount + 1) % COUNT_LIMIT;
  const time = atMs.toString(36).padStart(TIME_DIGITS, '0');
  const count = lastCount.toString(36).padStart(COUNT_DIGITS, '0');
  return `${time}${count}${newId().slice(-RANDOM_CHARACTERS)}`;
}
