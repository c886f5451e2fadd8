// Owns how a table becomes CSV: as spreadsheets read it, and so that no cell can be a formula to them.
import { stringify } from 'csv-stringify/sync';

/** Spreadsheets take UTF-8 for what it is only with this in front. */
const BYTE_ORDER_MARK = '\uFEFF';

type Cell = string | number | boolean | null;

/** A head, then rows in pieces: nothing waits for the whole. */
export async function* csv(
  head: readonly string[],
  pieces: AsyncIterable<readonly (readonly Cell[])[]>,
): AsyncGenerator<string> {
  yield BYTE_ORDER_MARK + lines([head]);
  for await (const rows of pieces) if (rows.length > 0) yield lines(rows);
}

function lines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => [...row]),
    { record_delimiter: '\r\n', escape_formulas: true },
  );
}
