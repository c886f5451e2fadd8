// Owns figures as they are kept: eleven integers, packed as text in one hash field. Every addition is exact or says that
// it is not: a sum that would leave the safe integers stays at their end instead of going quietly wrong.
import type { Figures } from '@crs/shared';

const sumFields = [
  'requests',
  'attempts',
  /** Requests that ended failed or crashed. */
  'failedRequests',
  'failedAttempts',
  'input',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheRead',
  'output',
  'costNanoUsd',
  'chargedNanoUsd',
] as const;

export type Sums = Record<(typeof sumFields)[number], number>;

export function emptySums(): Sums {
  return {
    requests: 0,
    attempts: 0,
    failedRequests: 0,
    failedAttempts: 0,
    input: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: 0,
    costNanoUsd: 0,
    chargedNanoUsd: 0,
  };
}

/** Adds `more` to `target` in place; false when a sum had to stop at 2^53 - 1 (USD 9 million of nano-USD). */
export function addSums(target: Sums, more: Readonly<Sums>): boolean {
  let isExact = true;
  for (const field of sumFields) {
    const sum = target[field] + more[field];
    if (Number.isSafeInteger(sum)) {
      target[field] = sum;
    } else {
      target[field] = sum < 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
      isExact = false;
    }
  }
  return isExact;
}

/** One of them, in the same way. */
export function addTo(target: Sums, field: keyof Sums, more: number): void {
  const sum = target[field] + more;
  target[field] = Number.isSafeInteger(sum) ? sum : Number.MAX_SAFE_INTEGER;
}

/** `3,4,0,1,…`; zeros at the end are left away. */
export function packSums(sums: Readonly<Sums>): string {
  return sumValues(sums)
    .join(',')
    .replace(/(?:,0)+$/, '');
}

/** In the order in which they are kept. */
export function sumValues(sums: Readonly<Sums>): number[] {
  return sumFields.map((field) => sums[field]);
}

/** Back from `sumValues`; null for anything else. */
export function readSums(values: readonly unknown[]): Sums | null {
  if (values.length !== sumFields.length) return null;
  const sums = emptySums();
  for (const [index, field] of sumFields.entries()) {
    const value = values[index];
    if (typeof value !== 'number' || !Number.isSafeInteger(value)) return null;
    sums[field] = value;
  }
  return sums;
}

/** Null (no such field) is nothing counted. Throws on text that `packSums` did not write. */
export function unpackSums(text: string | null | undefined): Sums {
  const sums = emptySums();
  if (text === null || text === undefined) return sums;
  const values = text.split(',');
  for (const [index, value] of values.entries()) {
    const field = sumFields[index];
    const number = Number(value);
    if (field === undefined || value === '' || !Number.isSafeInteger(number)) {
      throw new Error(`not packed figures: ${text}`);
    }
    sums[field] = number;
  }
  return sums;
}

/** `errors` counts requests, or attempts where figures are about accounts: a retried request has failed there. */
export function toFigures(sums: Readonly<Sums>, errorsOf: 'requests' | 'attempts'): Figures {
  return {
    requests: sums.requests,
    attempts: sums.attempts,
    errors: errorsOf === 'requests' ? sums.failedRequests : sums.failedAttempts,
    input: sums.input,
    cacheWrite5m: sums.cacheWrite5m,
    cacheWrite1h: sums.cacheWrite1h,
    cacheRead: sums.cacheRead,
    output: sums.output,
    costNanoUsd: sums.costNanoUsd,
    chargedNanoUsd: sums.chargedNanoUsd,
  };
}
