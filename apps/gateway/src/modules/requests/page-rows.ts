// Owns which rows of those that match are on one page: by time as they come, or the best by a figure without ever sorting
// all of them. Pure.
import { type NumberField, NO_FIRST_EVENT } from './columns.ts';
import type { Direction } from './requests.repository.ts';
import type { LoadedSlice } from './slices.ts';

const SPARE_ROWS = 1000;

export interface Place {
  readonly from: LoadedSlice;
  readonly row: number;
}

export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

type SortedColumn = 'cost' | 'duration' | 'first';

export const columnOf = {
  costNanoUsd: 'cost',
  durationMs: 'duration',
  firstEventMs: 'first',
} as const satisfies Record<Exclude<Sort['field'], 'at'>, NumberField>;

export interface Sort {
  readonly field: 'at' | 'costNanoUsd' | 'durationMs' | 'firstEventMs';
  readonly descending: boolean;
}

const sortFields = ['at', 'costNanoUsd', 'durationMs', 'firstEventMs'] as const;

export function readSort(sort: string): Sort {
  const descending = sort.startsWith('-');
  const name = descending ? sort.slice(1) : sort;
  return { field: sortFields.find((field) => field === name) ?? 'at', descending };
}

export function directionOf(sort: Sort): Direction {
  return sort.descending ? 'newest-first' : 'oldest-first';
}

/** Rows without the value come last either way. */
export function comparator({ descending }: Sort): (one: number | null, other: number | null) => number {
  return (one, other) => {
    if (one === other) return 0;
    if (one === null) return 1;
    if (other === null) return -1;
    return descending ? other - one : one - other;
  };
}

/** Counts all matches, keeps those of one page. */
export class Window {
  readonly places: Place[] = [];
  total = 0;
  readonly #slice: Slice;

  constructor(slice: Slice) {
    this.#slice = slice;
  }

  push(from: LoadedSlice, mask: Uint8Array, direction: Direction): void {
    const { offset, limit } = this.#slice;
    let count = 0;
    for (const bit of mask) count += bit;
    const [first, last] = [offset - this.total, offset + limit - this.total];
    this.total += count;
    if (count === 0 || last <= 0 || first >= count) return;
    let seen = 0;
    for (let step = 0; step < mask.length && seen < last; step += 1) {
      const row = direction === 'newest-first' ? mask.length - 1 - step : step;
      if (mask[row] !== 1) continue;
      if (seen >= first) this.places.push({ from, row });
      seen += 1;
    }
  }
}

interface Candidate extends Place {
  readonly value: number | null;
  /** Of its coming: newest first. */
  readonly order: number;
}

/** Counts all matches, keeps those that come before the end of one page: never sorts more than it has to in one go. */
export class Best {
  total = 0;
  #kept: Candidate[] = [];
  /** What the last of a full choice has: anything behind it need not be looked at. */
  #worst: number | null | undefined;
  readonly #slice: Slice;
  readonly #field: SortedColumn;
  readonly #order: (one: number | null, other: number | null) => number;

  constructor(slice: Slice, { field, descending }: Sort) {
    this.#slice = slice;
    this.#field = field === 'at' ? 'cost' : columnOf[field];
    this.#order = comparator({ field, descending });
  }

  push(from: LoadedSlice, mask: Uint8Array): void {
    const values = from.columns.numbers(this.#field);
    for (let row = mask.length - 1; row >= 0; row -= 1) {
      if (mask[row] !== 1) continue;
      this.total += 1;
      const number = values[row] ?? 0;
      const value = this.#field === 'first' && number === NO_FIRST_EVENT ? null : number;
      // One of equal value came before it, and is newer.
      if (this.#worst !== undefined && this.#order(value, this.#worst) >= 0) continue;
      this.#kept.push({ from, row, value, order: this.total });
      if (this.#kept.length >= 2 * this.#wanted + SPARE_ROWS) this.#cut();
    }
  }

  get places(): Place[] {
    this.#cut();
    return this.#kept.slice(this.#slice.offset);
  }

  get #wanted(): number {
    return this.#slice.offset + this.#slice.limit;
  }

  #cut(): void {
    this.#kept.sort((one, other) => this.#order(one.value, other.value) || one.order - other.order);
    if (this.#kept.length < this.#wanted) return;
    this.#kept = this.#kept.slice(0, this.#wanted);
    this.#worst = this.#kept.at(-1)?.value;
  }
}
