// Owns what a change of many needs to say of what it changes: names of fields, values, numbers, refusals.
import type { BatchResult } from '@crs/shared';

export interface BatchWords {
  name: (field: string) => string;
  value: (field: string, value: unknown) => string;
  /** How many would change, stay, be refused. */
  preview: (result: Pick<BatchResult, 'changed' | 'unchanged' | 'failed'>) => string;
  /** So many of them. */
  count: (count: number) => string;
  oneByOne: string;
  /** Names the list of those that were refused. */
  failed: string;
  reason: (error: { code: string; detail: string }) => string;
}
