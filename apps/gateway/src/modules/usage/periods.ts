// Owns how figures are cut: by minute, hour and day, and in each by every single dimension and by all together; by
// quarters of an hour for the health of accounts alone.
import type { Calendar } from '../../platform/calendar.ts';
import type { Cell } from './roll-entry.ts';

export type Resolution = 'minute' | 'quarter' | 'hour' | 'day';

/** One hash per period and projection; `all` has the one field '', `cell` one for each combination. */
export type Projection = 'all' | Dimension | 'cell';
export type Dimension = 'key' | 'user' | 'account' | 'model' | 'kind';

export const MINUTE_MS = 60_000;
const QUARTER_MS = 15 * MINUTE_MS;
export const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/**
 * Minutes serve the ragged ends of a range: two days and the two before them are compared to the minute. Days are kept
 * for good.
 */
export const keptMs: Record<Resolution, number | null> = {
  minute: 4 * DAY_MS,
  quarter: 2 * DAY_MS,
  hour: 400 * DAY_MS,
  day: null,
};

export const dimensions = ['key', 'user', 'account', 'model', 'kind'] as const satisfies Dimension[];

export const projectionsOf: Record<Resolution, readonly Projection[]> = {
  minute: ['cell'],
  quarter: ['account'],
  hour: ['all', ...dimensions, 'cell'],
  day: ['all', ...dimensions, 'cell'],
};

const lengthMs = { minute: MINUTE_MS, quarter: QUARTER_MS, hour: HOUR_MS } as const;

/** How a period is named in its key. */
export function periodName(resolution: Resolution, atMs: number, calendar: Calendar): string {
  if (resolution === 'day') return calendar.dayKey(atMs);
  return String(Math.floor(atMs / lengthMs[resolution]));
}

/** When the figures of that period may go; null = never. */
export function periodExpiryMs(resolution: Resolution, atMs: number): number | null {
  const kept = keptMs[resolution];
  return kept === null ? null : atMs + kept;
}

/** Member of a dimension; '' stands for none (a key without owner, a request that reached no account). */
export function memberOf(cell: Cell, dimension: Dimension): string {
  switch (dimension) {
    case 'key':
      return cell.keyId;
    case 'user':
      return cell.userId ?? '';
    case 'account':
      return cell.accountId ?? '';
    case 'model':
      return cell.model;
    case 'kind':
      return cell.kind ?? '';
  }
}

export function projectionField(cell: Cell, projection: Projection): string {
  if (projection === 'all') return '';
  return projection === 'cell' ? cellField(cell) : memberOf(cell, projection);
}

function cellField(cell: Cell): string {
  return JSON.stringify([cell.keyId, cell.userId, cell.accountId, cell.kind, cell.model]);
}

export function readCellField(field: string): Cell {
  const [keyId, userId, accountId, kind, model] = JSON.parse(field) as (string | null)[];
  return {
    keyId: keyId ?? '',
    userId: userId ?? null,
    accountId: accountId ?? null,
    kind: kind ?? null,
    model: model ?? '',
  };
}
