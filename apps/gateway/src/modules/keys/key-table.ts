// Owns keys as a table for spreadsheets: its columns, and a cell of each. Pure.
import { type Bind, type Budget, type Key, nanoToUsd, type Window } from '@crs/shared';
import type { XlsxCell, XlsxColumn } from '../../platform/xlsx.ts';

interface Column extends XlsxColumn {
  readonly cell: (key: Key) => XlsxCell;
}

const USD = '0.00####';
const TIME = 'yyyy-mm-dd hh:mm:ss';

const columns: readonly Column[] = [
  { name: 'id', width: 24, cell: ({ id }) => id },
  { name: 'name', width: 28, cell: ({ name }) => name },
  { name: 'description', width: 32, cell: ({ description }) => description },
  { name: 'tags', width: 24, cell: ({ tags }) => tags.join(', ') },
  { name: 'status', width: 14, cell: ({ status }) => status },
  { name: 'key', width: 18, cell: ({ hint }) => hint },
  { name: 'ownerId', width: 24, cell: ({ userId }) => userId },
  ...figureColumns('today'),
  ...figureColumns('total'),
  time('lastUsedAt', ({ lastUsedAt }) => lastUsedAt),
  time('expiresAt', ({ expiresAt }) => expiresAt),
  { name: 'expiration', width: 22, cell: ({ expiration }) => expirationText(expiration) },
  ...(['day', 'week', 'month', 'total'] as const).flatMap(budgetColumns),
  {
    name: 'otherBudgets',
    width: 30,
    cell: ({ budgets }) =>
      budgets
        .filter(({ models }) => models !== undefined)
        .map(budgetText)
        .join('; '),
  },
  { name: 'windows', width: 30, cell: ({ windows }) => windows.map(windowText).join('; ') },
  { name: 'concurrency', width: 12, cell: ({ concurrency }) => (concurrency === 0 ? null : concurrency) },
  {
    name: 'services',
    width: 20,
    cell: ({ permissions }) => (permissions === 'all' ? 'all' : permissions.join(', ')),
  },
  { name: 'modelRule', width: 10, cell: ({ models }) => (models.list.length === 0 ? 'all' : models.mode) },
  { name: 'models', width: 24, cell: ({ models }) => models.list.join(', ') },
  { name: 'clients', width: 20, cell: ({ clients }) => clients.join(', ') },
  { name: 'addresses', width: 20, cell: ({ ipAllow }) => ipAllow.join(', ') },
  { name: 'boundTo', width: 30, cell: ({ binds }) => binds.map(bindText).join(', ') },
  time('createdAt', ({ createdAt }) => createdAt),
  time('updatedAt', ({ updatedAt }) => updatedAt),
];

export const tableColumns: readonly XlsxColumn[] = columns.map(({ cell: _cell, ...column }) => column);

export function tableRow(key: Key): XlsxCell[] {
  return columns.map(({ cell }) => cell(key));
}

/** The same for text: times in ISO 8601. */
export function textRow(key: Key): (string | number | boolean | null)[] {
  return tableRow(key).map((cell) => (cell instanceof Date ? cell.toISOString() : cell));
}

function figureColumns(span: 'today' | 'total'): Column[] {
  const name = (figure: string): string => (span === 'today' ? `${figure}Today` : figure);
  return [
    { name: name('requests'), width: 12, cell: ({ usage }) => usage[span].requests },
    { name: name('failed'), width: 10, cell: ({ usage }) => usage[span].errors },
    { name: name('inputTokens'), width: 14, cell: ({ usage }) => usage[span].input },
    { name: name('outputTokens'), width: 14, cell: ({ usage }) => usage[span].output },
    { name: name('cacheReadTokens'), width: 16, cell: ({ usage }) => usage[span].cacheRead },
    {
      name: name('cacheWriteTokens'),
      width: 16,
      cell: ({ usage }) => usage[span].cacheWrite5m + usage[span].cacheWrite1h,
    },
    { name: name('costUsd'), width: 12, format: USD, cell: ({ usage }) => usd(usage[span].costNanoUsd) },
    {
      name: name('chargedUsd'),
      width: 12,
      format: USD,
      cell: ({ usage }) => usd(usage[span].chargedNanoUsd),
    },
  ];
}

/** The budget of a period that counts all models: what it is, and what of it is used. */
function budgetColumns(every: Budget['every']): Column[] {
  const title = `budget${every.charAt(0).toUpperCase()}${every.slice(1)}`;
  const state = (key: Key) =>
    key.limits.find(
      ({ limit, owner, models, ...rest }) =>
        limit === 'budget' && owner === 'key' && models === undefined && rest.every === every,
    );
  return [
    { name: `${title}Usd`, width: 16, format: USD, cell: (key) => usdOrNone(state(key)?.max) },
    { name: `${title}UsedUsd`, width: 18, format: USD, cell: (key) => usdOrNone(state(key)?.used) },
  ];
}

function time(name: string, read: (key: Key) => string | null): Column {
  return {
    name,
    width: 20,
    format: TIME,
    cell: (key) => {
      const at = read(key);
      return at === null ? null : new Date(at);
    },
  };
}

function usd(nanoUsd: number): number {
  return Number(nanoToUsd(nanoUsd));
}

function usdOrNone(nanoUsd: number | undefined): number | null {
  return nanoUsd === undefined ? null : usd(nanoUsd);
}

function budgetText({ every, usd: amount, models = [] }: Budget): string {
  return `${amount} USD per ${every}${models.length === 0 ? '' : ` for ${models.join(' ')}`}`;
}

function windowText({ every, count, requests, tokens, usd: amount, models = [] }: Window): string {
  const amounts = [
    ...(requests === undefined ? [] : [`${requests} requests`]),
    ...(tokens === undefined ? [] : [`${tokens} tokens`]),
    ...(amount === undefined ? [] : [`${amount} USD`]),
  ];
  return `${amounts.join(', ')} in ${count} ${every}${models.length === 0 ? '' : ` for ${models.join(' ')}`}`;
}

function bindText(bind: Bind): string {
  return 'groupId' in bind ? `group:${bind.groupId}` : `${bind.kind}:${bind.accountId}`;
}

function expirationText(expiration: Key['expiration']): string {
  if (expiration === null) return 'never';
  if ('at' in expiration) return 'fixed';
  const life = expiration.afterFirstUse;
  return 'days' in life ? `${life.days} days after first use` : `${life.hours} hours after first use`;
}
