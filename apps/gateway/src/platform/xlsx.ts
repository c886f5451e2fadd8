// Owns how a table becomes an Excel workbook: written piece by piece, so that neither memory nor the event loop holds
// much of it. Text stays text: no cell is a formula.
import { PassThrough } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { WorkbookWriter } from '@cj-tech-master/excelts';

export type XlsxCell = string | number | boolean | Date | null;

export interface XlsxColumn {
  readonly name: string;
  /** In characters. */
  readonly width: number;
  /** Excel's own pattern: `0.00`. */
  readonly format?: string;
}

/** Rows between two looks at what else there is to do. */
const ROWS_AT_ONCE = 50;

/** A head that stays in sight, then rows in pieces. */
export async function* xlsx(
  sheetName: string,
  columns: readonly XlsxColumn[],
  pieces: AsyncIterable<readonly (readonly XlsxCell[])[]>,
): AsyncGenerator<Uint8Array> {
  const out = new PassThrough();
  const written = write(out, sheetName, columns, pieces);
  // A failure shows to whoever reads.
  written.catch((error: unknown) => out.destroy(error instanceof Error ? error : new Error(String(error))));
  try {
    for await (const piece of out) yield piece as Uint8Array;
    await written;
  } finally {
    out.destroy();
  }
}

async function write(
  out: PassThrough,
  sheetName: string,
  columns: readonly XlsxColumn[],
  pieces: AsyncIterable<readonly (readonly XlsxCell[])[]>,
): Promise<void> {
  const workbook = new WorkbookWriter({ stream: out, useStyles: true, useSharedStrings: false });
  const sheet = workbook.addWorksheet(sheetName, { views: [{ state: 'frozen', ySplit: 1 }] });
  sheet.columns = columns.map(({ name, width, format }) => ({
    header: name,
    width,
    ...(format === undefined ? {} : { style: { numFmt: format } }),
  }));
  sheet.getRow(1).font = { bold: true };
  let count = 0;
  for await (const rows of pieces) {
    for (const row of rows) {
      sheet.addRow([...row]).commit();
      count += 1;
      if (count % ROWS_AT_ONCE === 0) await pause(out);
    }
  }
  sheet.commit();
  await workbook.commit();
}

/** Lets others have their turn, and waits while nobody takes what is there. */
async function pause(out: PassThrough): Promise<void> {
  await nextTurn();
  while (out.writableNeedDrain && !out.destroyed) {
    await new Promise<void>((resolve) => {
      const go = (): void => {
        out.off('drain', go);
        out.off('close', go);
        resolve();
      };
      out.once('drain', go);
      out.once('close', go);
    });
  }
  if (out.destroyed) throw new Error('nobody reads the workbook any more');
}
