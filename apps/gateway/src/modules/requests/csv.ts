// Owns requests as CSV: RFC 4180, and no cell that a spreadsheet would take for a formula. Pure.
import { nanoToUsd } from '@crs/shared';
import type { RequestRecord } from '../usage/index.ts';
import { requestRow } from './detail.ts';

type Cell = string | number | null;

const columns: readonly [name: string, read: (row: ReturnType<typeof requestRow>) => Cell][] = [
  ['at', ({ at }) => at],
  ['id', ({ id }) => id],
  ['status', ({ status }) => status],
  ['outcome', ({ outcome }) => outcome],
  ['errorCode', ({ errorCode }) => errorCode],
  ['keyId', ({ keyId }) => keyId],
  ['keyName', ({ keyName }) => keyName],
  ['userId', ({ userId }) => userId],
  ['accountId', ({ accountId }) => accountId],
  ['accountName', ({ accountName }) => accountName],
  ['kind', ({ kind }) => kind],
  ['dialect', ({ dialect }) => dialect],
  ['operation', ({ operation }) => operation],
  ['model', ({ model }) => model],
  ['servedModel', ({ servedModel }) => servedModel],
  ['client', ({ client }) => client],
  ['stream', ({ stream }) => String(stream)],
  ['attempts', ({ attempts }) => attempts],
  ['triedAccounts', ({ triedAccounts }) => triedAccounts.join(' > ')],
  ['firstEventMs', ({ firstEventMs }) => firstEventMs],
  ['durationMs', ({ durationMs }) => durationMs],
  ['inputTokens', ({ usage }) => usage.input],
  ['cacheWrite5mTokens', ({ usage }) => usage.cacheWrite5m],
  ['cacheWrite1hTokens', ({ usage }) => usage.cacheWrite1h],
  ['cacheReadTokens', ({ usage }) => usage.cacheRead],
  ['outputTokens', ({ usage }) => usage.output],
  ['usageSource', ({ usageSource }) => usageSource],
  ['costUsd', ({ costNanoUsd }) => Number(nanoToUsd(costNanoUsd))],
  ['chargedUsd', ({ chargedNanoUsd }) => Number(nanoToUsd(chargedNanoUsd))],
];

/** The mark by which a spreadsheet knows UTF-8, and the names of the columns. */
export const CSV_HEAD = `\uFEFF${line(columns.map(([name]) => name))}`;

export function csvLine(record: RequestRecord): string {
  const row = requestRow(record);
  return line(columns.map(([, read]) => read(row)));
}

function line(cells: readonly Cell[]): string {
  return `${cells.map(cellText).join(',')}\r\n`;
}

/** Clients name models and themselves: text that begins like a formula gets an apostrophe in front. Numbers stay numbers. */
function cellText(cell: Cell): string {
  if (cell === null) return '';
  if (typeof cell === 'number') return decimal(cell);
  const harmless = /^[=+\-@\t\r]/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(harmless) ? `"${harmless.replaceAll('"', '""')}"` : harmless;
}

/** Never with an exponent. */
function decimal(value: number): string {
  const text = String(value);
  return text.includes('e') ? value.toFixed(9).replace(/\.?0+$/, '') : text;
}
