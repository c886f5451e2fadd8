// Owns the counts above the request list: how many requests of a range ended with which class of status, bar by bar.
// Counted from the columns of the range; no row is opened.
import type { RequestHistogram } from '@crs/shared';
import { fieldsOf, maskOf, type RequestFilterQuery, readFilters, type TimeRange } from './filters.ts';
import type { ListSources } from './list.ts';

const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** Lengths of a bar that people can read. */
const steps = [
  SECOND_MS,
  5 * SECOND_MS,
  10 * SECOND_MS,
  30 * SECOND_MS,
  MINUTE_MS,
  5 * MINUTE_MS,
  10 * MINUTE_MS,
  30 * MINUTE_MS,
  HOUR_MS,
  3 * HOUR_MS,
  6 * HOUR_MS,
  12 * HOUR_MS,
  DAY_MS,
  2 * DAY_MS,
  7 * DAY_MS,
  28 * DAY_MS,
];

/** The shortest with which the range has no more than `most` bars. */
function stepFor(lengthMs: number, most: number): number {
  return steps.find((step) => lengthMs / step <= most) ?? Math.ceil(lengthMs / most / DAY_MS) * DAY_MS;
}

/** `range` has two ends; bars begin at multiples of their length, the first and the last may reach beyond the range. */
export async function countByStatusClass(
  { slices }: ListSources,
  query: RequestFilterQuery,
  range: TimeRange,
  mostBars: number,
): Promise<RequestHistogram> {
  const stepMs = stepFor(range.toMs - range.fromMs, mostBars - 1);
  const firstMs = Math.floor(range.fromMs / stepMs) * stepMs;
  const bars = Array.from(
    { length: Math.max(1, Math.ceil((range.toMs - firstMs) / stepMs)) },
    (_, index) => ({
      at: new Date(firstMs + index * stepMs).toISOString(),
      success: 0,
      clientError: 0,
      serverError: 0,
      none: 0,
    }),
  );
  const filters = readFilters(query);
  let total = 0;
  for await (const { columns } of slices.read(range, 'oldest-first', [
    'at',
    'status',
    ...fieldsOf(filters),
  ])) {
    const mask = maskOf(columns, range, filters);
    const [at, status] = [columns.numbers('at'), columns.numbers('status')];
    const offsetMs = columns.startMs - firstMs;
    for (let row = 0; row < mask.length; row += 1) {
      if (mask[row] !== 1) continue;
      const bar = bars[Math.floor((offsetMs + (at[row] ?? 0)) / stepMs)];
      if (bar === undefined) continue;
      bar[classOf(status[row] ?? 0)] += 1;
      total += 1;
    }
  }
  return {
    from: new Date(range.fromMs).toISOString(),
    to: new Date(range.toMs).toISOString(),
    stepMs,
    total,
    bars,
  };
}

/** A request whose process died was answered nothing. */
function classOf(status: number): 'success' | 'clientError' | 'serverError' | 'none' {
  if (status >= 500) return 'serverError';
  if (status >= 400) return 'clientError';
  return status >= 100 ? 'success' : 'none';
}
