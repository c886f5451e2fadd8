// Owns the period of the dashboard as its address says it: one of three lengths up to now, or a custom one.

export const rangeLengths = ['24h', '7d', '30d'] as const;
type RangeLength = (typeof rangeLengths)[number];

export type DashboardRange =
  | { name: RangeLength }
  /** ISO times; `from` inclusive, `to` exclusive. */
  | { name: 'custom'; from: string; to: string };

const HOUR_MS = 3_600_000;
const lengthsMs: Record<RangeLength, number> = {
  '24h': 24 * HOUR_MS,
  '7d': 7 * 24 * HOUR_MS,
  '30d': 30 * 24 * HOUR_MS,
};
const initial: DashboardRange = { name: '24h' };

function isoTime(text: string | null): string | null {
  const ms = Date.parse(text ?? '');
  return Number.isNaN(ms) ? null : new Date(ms).toISOString();
}

/** What an address says; anything unreadable is the last 24 hours. */
export function parseRange(search: URLSearchParams): DashboardRange {
  const name = search.get('range');
  const length = rangeLengths.find((known) => known === name);
  if (length !== undefined) return { name: length };
  const from = isoTime(search.get('from'));
  const to = isoTime(search.get('to'));
  if (name !== 'custom' || from === null || to === null || from >= to) return initial;
  return { name: 'custom', from, to };
}

/** The address of a period; the default is left out, parameters of others are kept. */
export function formatRange(range: DashboardRange, present: URLSearchParams): URLSearchParams {
  const search = new URLSearchParams(present);
  for (const name of ['range', 'from', 'to']) search.delete(name);
  if (range.name !== initial.name) search.set('range', range.name);
  if (range.name === 'custom') {
    search.set('from', range.from);
    search.set('to', range.to);
  }
  return search;
}

/** The period as the gateway wants it, seen from `nowMs`. */
export function rangeBounds(range: DashboardRange, nowMs: number): { from: string; to: string } {
  if (range.name === 'custom') return { from: range.from, to: range.to };
  return {
    from: new Date(nowMs - lengthsMs[range.name]).toISOString(),
    to: new Date(nowMs).toISOString(),
  };
}
