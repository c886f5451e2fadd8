// Owns figures as a table for spreadsheets: its columns, and a cell of each. Numbers are numbers, USD exact to the nano. Pure.
import {
  type CostRow,
  type ModelRow,
  nanoToUsd,
  type StatsFigures,
  type Trends,
  type UsageRow,
} from '@crs/shared';
import type { XlsxColumn } from '../../platform/xlsx.ts';

type Cell = string | number | boolean | null;

interface Column<Row> extends XlsxColumn {
  readonly cell: (row: Row) => Cell;
}

export interface Table {
  readonly sheet: string;
  readonly columns: readonly XlsxColumn[];
  readonly rows: readonly (readonly Cell[])[];
}

const USD = '0.00#######';
const SHARE = '0.0%';

export function usageTable(rows: readonly UsageRow[]): Table {
  return tableOf('Usage', rows, [...groupColumns, ...figureColumns]);
}

export function costTable(rows: readonly CostRow[]): Table {
  return tableOf('Cost', rows, [
    ...groupColumns,
    { name: 'share', width: 10, format: SHARE, cell: ({ share }: CostRow) => share },
    usdColumn('previousCostUsd', ({ previousCostNanoUsd }) => previousCostNanoUsd),
    { name: 'change', width: 10, format: SHARE, cell: ({ change }: CostRow) => change },
    ...figureColumns,
  ]);
}

export function modelsTable(rows: readonly ModelRow[]): Table {
  return tableOf('Models', rows, [
    ...groupColumns,
    { name: 'model', width: 28, cell: ({ model }: ModelRow) => model },
    { name: 'service', width: 10, cell: ({ service }: ModelRow) => service },
    { name: 'cacheShare', width: 10, format: SHARE, cell: ({ cacheShare }: ModelRow) => cacheShare },
    { name: 'unpriced', width: 10, cell: ({ unpriced }: ModelRow) => unpriced },
    { name: 'chargedAs', width: 28, cell: ({ chargedAs }: ModelRow) => chargedAs },
    ...figureColumns,
  ]);
}

/** A line for each series of each period. */
export function trendsTable({ rows, series }: Pick<Trends, 'rows' | 'series'>): Table {
  const lines = rows.flatMap(({ group, label, parts }) =>
    series.flatMap((one, index) => {
      const part = parts[index];
      return part === undefined ? [] : [{ ...part, group, label, series: one }];
    }),
  );
  type Line = (typeof lines)[number];
  return tableOf('Trends', lines, [
    ...groupColumns,
    { name: 'series', width: 28, cell: ({ series: { id } }: Line) => (id === null ? 'other' : id) },
    {
      name: 'seriesName',
      width: 28,
      cell: ({ series: { id, label } }: Line) => (id === null ? 'other' : label),
    },
    ...figureColumns,
  ]);
}

function tableOf<Row>(sheet: string, rows: readonly Row[], columns: readonly Column<Row>[]): Table {
  return {
    sheet,
    columns: columns.map(({ cell: _cell, ...column }) => column),
    rows: rows.map((row) => columns.map(({ cell }) => cell(row))),
  };
}

const groupColumns: readonly Column<{ readonly group: string; readonly label: string }>[] = [
  { name: 'group', width: 26, cell: ({ group }) => group },
  { name: 'name', width: 26, cell: ({ label }) => label },
];

const figureColumns: readonly Column<StatsFigures>[] = [
  numberColumn('requests', ({ requests }) => requests),
  numberColumn('attempts', ({ attempts }) => attempts),
  numberColumn('errors', ({ errors }) => errors),
  numberColumn('errorsRateLimited', ({ errorsByClass }) => errorsByClass.rateLimited),
  numberColumn('errorsClient', ({ errorsByClass }) => errorsByClass.clientError),
  numberColumn('errorsServer', ({ errorsByClass }) => errorsByClass.serverError),
  numberColumn('errorsNoAnswer', ({ errorsByClass }) => errorsByClass.noAnswer),
  numberColumn('inputTokens', ({ input }) => input),
  numberColumn('cacheWrite5mTokens', ({ cacheWrite5m }) => cacheWrite5m),
  numberColumn('cacheWrite1hTokens', ({ cacheWrite1h }) => cacheWrite1h),
  numberColumn('cacheReadTokens', ({ cacheRead }) => cacheRead),
  numberColumn('outputTokens', ({ output }) => output),
  usdColumn('costUsd', ({ costNanoUsd }) => costNanoUsd),
  usdColumn('chargedUsd', ({ chargedNanoUsd }) => chargedNanoUsd),
  usdColumn('cacheSavingsUsd', ({ cacheSavingsNanoUsd }) => cacheSavingsNanoUsd),
  ...(['durationMs', 'firstEventMs'] as const).flatMap((time) =>
    (['p50', 'p95', 'p99'] as const).map((part) =>
      numberColumn(`${time}${part.toUpperCase()}`, ({ latency }) => latency[time]?.[part] ?? null),
    ),
  ),
];

function numberColumn(name: string, cell: (row: StatsFigures) => number | null): Column<StatsFigures> {
  return { name, width: 14, cell };
}

function usdColumn<Row>(name: string, nanoUsd: (row: Row) => number): Column<Row> {
  return { name, width: 16, format: USD, cell: (row) => Number(nanoToUsd(nanoUsd(row))) };
}
