// Owns the rows that come while one looks: those at the top of the list, and those that wait until the reader is back
// there. Pure.
import type { RequestNews, RequestRow } from '@crs/shared';

/** A page with more rows is slow and no easier to read. */
export const MOST_LIVE_ROWS = 500;

export interface LiveRows {
  /** Newest first. */
  shown: readonly RequestRow[];
  waiting: readonly RequestRow[];
  /** Requests that ended as well, and of which only the number is known. */
  skipped: number;
}

export const noLiveRows: LiveRows = { shown: [], waiting: [], skipped: 0 };

/** `holds`: the reader is further down, and what he reads must not move. */
export function addNews(rows: LiveRows, { items, skipped }: RequestNews, holds: boolean): LiveRows {
  const next = holds
    ? { ...rows, waiting: newestFirst(items, rows.waiting) }
    : { ...rows, shown: newestFirst(items, newestFirst(rows.waiting, rows.shown)), waiting: [] };
  return { ...next, skipped: rows.skipped + skipped };
}

export function showWaiting(rows: LiveRows): LiveRows {
  return { ...rows, shown: newestFirst(rows.waiting, rows.shown), waiting: [] };
}

/** Rows of two lists, each once, as the gateway sorts them. */
export function newestFirst(
  one: readonly RequestRow[],
  other: readonly RequestRow[],
  most = MOST_LIVE_ROWS,
): RequestRow[] {
  const byId = new Map([...other, ...one].map((row) => [row.id, row]));
  return [...byId.values()].sort((a, b) => compare(b.at, a.at) || compare(b.id, a.id)).slice(0, most);
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0;
}
