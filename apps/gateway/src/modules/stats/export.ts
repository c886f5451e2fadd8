// Owns `GET /stats/export`: the figures of the other routes as a file.
import { type statsExportQuery, XLSX_TYPE } from '@crs/shared';
import type { FileAnswer } from '@crs/shared';
import type { z } from 'zod';
import { csv } from '../../platform/csv.ts';
import { xlsx } from '../../platform/xlsx.ts';
import { costRows } from './cost-rows.ts';
import { modelRows, type ModelsDependencies } from './model-rows.ts';
import { costTable, modelsTable, type Table, trendsTable, usageTable } from './stats-table.ts';
import { trends } from './trends.ts';
import { usageRows } from './usage-rows.ts';

export type StatsExportQuery = z.output<typeof statsExportQuery>;

const ROWS_AT_ONCE = 500;

export async function exportStats(
  query: StatsExportQuery,
  nowMs: number,
  today: string,
  dependencies: ModelsDependencies,
): Promise<FileAnswer> {
  const table = await tableOf(query, nowMs, dependencies);
  const name = `${query.file}-${today}.${query.format}`;
  return query.format === 'csv'
    ? {
        name,
        type: 'text/csv',
        pieces: csv(
          table.columns.map((column) => column.name),
          pieces(table),
        ),
      }
    : { name, type: XLSX_TYPE, pieces: xlsx(table.sheet, table.columns, pieces(table)) };
}

async function tableOf(
  { file, format: _format, splitBy, top, groupBy, ...filters }: StatsExportQuery,
  nowMs: number,
  dependencies: ModelsDependencies,
): Promise<Table> {
  switch (file) {
    case 'usage':
      return usageTable(
        (await usageRows({ ...filters, groupBy: groupBy ?? 'day' }, nowMs, dependencies)).rows,
      );
    case 'cost':
      return costTable((await costRows({ ...filters, groupBy: groupBy ?? 'key' }, nowMs, dependencies)).rows);
    case 'models':
      return modelsTable(
        (await modelRows({ ...filters, groupBy: groupBy ?? 'model' }, nowMs, dependencies)).rows,
      );
    case 'trends':
      return trendsTable(
        await trends({ ...filters, splitBy, top, groupBy: groupBy ?? 'day' }, nowMs, dependencies),
      );
  }
}

// biome-ignore lint/suspicious/useAwait: what writes a file takes it piece by piece
async function* pieces({ rows }: Table): AsyncGenerator<Table['rows']> {
  for (let at = 0; at < rows.length; at += ROWS_AT_ONCE) yield rows.slice(at, at + ROWS_AT_ONCE);
}
