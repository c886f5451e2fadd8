'use client';
// Owns how the explorer is read: the rows of the table, the figures of the whole range and of the one before, and the
// series that rows are split into.
import type { StatsFigures, UsageRow } from '@crs/shared';
import { keepPreviousData, useQuery, type UseQueryResult } from '@tanstack/react-query';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { wholeDayBounds } from '@/lib/time-range';
import { filterQuery, isPeriod, type UsageState, type View } from './definition';

const REFRESH_MS = 60_000;
/** More cannot be told apart; the rest is added up. */
const SERIES = 5;

export interface UsageTableRow extends UsageRow {
  /** Of the cost against the range before, or the period before; null where there was none. */
  change: number | null;
  /** Figures of each series, in their order; absent where nothing is split. */
  parts?: readonly (StatsFigures | null)[];
}

interface UsageSeries {
  /** Null for all the others together. */
  id: string | null;
  label: string;
}

export interface UsageAnswer {
  from: string;
  to: string;
  previousFrom: string;
  previousTo: string;
  rows: readonly UsageTableRow[];
  series: readonly UsageSeries[];
  total: StatsFigures;
  previous: StatsFigures;
  /** What these rows are: while the next answer is on its way the address already says something else. */
  by: View['by'];
  split: View['split'];
}

export function useUsage(state: UsageState, view: View, timeZone: string): UseQueryResult<UsageAnswer> {
  const { by, split, range } = view;
  const filters = filterQuery(state);
  return useQuery({
    queryKey: ['usage', by, split, range, filters, timeZone],
    placeholderData: keepPreviousData,
    refetchInterval: range.name === 'custom' ? false : REFRESH_MS,
    queryFn: async ({ signal }) => {
      const query = { ...filters, ...wholeDayBounds(range, serverNow(), timeZone), groupBy: by };
      return { ...(await read(query, split, signal)), by, split };
    },
  });
}

type Plain = Omit<UsageAnswer, 'by' | 'split'>;
interface Query extends ReturnType<typeof filterQuery> {
  from: string;
  to: string;
  groupBy: View['by'];
}

function read(query: Query, split: View['split'], signal: AbortSignal): Promise<Plain> {
  if (split === null) return readPlain(query, signal);
  return isPeriod(query.groupBy)
    ? readOverTime({ ...query, splitBy: split }, signal)
    : readByModel(query, signal);
}

async function readPlain(query: Query, signal: AbortSignal): Promise<Plain> {
  const answer = await callApi((client) => client.stats.cost({ query }, { signal }));
  return { ...answer, series: [] };
}

async function readOverTime(
  query: Query & { splitBy: NonNullable<View['split']> },
  signal: AbortSignal,
): Promise<Plain> {
  const { rows, series, ...rest } = await callApi((client) =>
    client.stats.trends({ query: { ...query, top: SERIES } }, { signal }),
  );
  return { ...rest, series, rows: rows.map((row) => ({ ...row, change: null })) };
}

/** Each entry with its models; the dearest models are series, the others are left to the difference. */
async function readByModel(query: Query, signal: AbortSignal): Promise<Plain> {
  const [plain, models] = await callApi((client) =>
    Promise.all([client.stats.cost({ query }, { signal }), client.stats.models({ query }, { signal })]),
  );
  const spent = new Map<string, number>();
  for (const { model, costNanoUsd } of models.rows) spent.set(model, (spent.get(model) ?? 0) + costNanoUsd);
  const named = [...spent.entries()]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, SERIES)
    .map(([model]) => model);
  const parts = new Map(models.rows.map((row) => [`${row.group} ${row.model}`, row]));
  return {
    ...plain,
    series: named.map((model) => ({ id: model, label: model })),
    rows: plain.rows.map((row) => ({
      ...row,
      parts: named.map((model) => parts.get(`${row.group} ${model}`) ?? null),
    })),
  };
}
