'use client';
// Owns the columns of the request list.
import type { RequestRow } from '@crs/shared';
import { clsx } from 'clsx';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { clientName } from '@/lib/client-names';
import { useFormat } from '@/lib/use-format';
import { StatusCell } from './status-cell';
import { tokensIn } from './usage';

const none = <span className="text-muted">{'–'}</span>;
/** Text that takes what its column has and never widens the list. */
const cut = 'block truncate sm:min-w-24 sm:[contain:inline-size]';

export function useRequestColumns(onOpen: (row: RequestRow) => void): DataColumn<RequestRow>[] {
  const t = useTranslations('requests');
  const format = useFormat();
  return useMemo(
    (): DataColumn<RequestRow>[] => [
      {
        id: 'at',
        label: t('columns.time'),
        sortBy: 'at',
        fixed: true,
        width: '132px',
        phone: 'detail',
        cell: ({ at }) => (
          <time dateTime={at} title={format.exactTime(at)} className="whitespace-nowrap">
            {format.logTime(at)}
          </time>
        ),
      },
      {
        id: 'status',
        label: t('columns.status'),
        width: '128px',
        phone: 'aside',
        cell: ({ status, outcome }) => <StatusCell status={status} outcome={outcome} />,
      },
      {
        id: 'key',
        label: t('columns.key'),
        width: '16%',
        phone: 'detail',
        cell: ({ keyName }) => (
          <span className={cut} title={keyName}>
            {keyName}
          </span>
        ),
      },
      {
        id: 'model',
        label: t('columns.model'),
        width: '15%',
        phone: 'title',
        cell: (row) => (
          <button
            type="button"
            tabIndex={-1}
            onClick={() => onOpen(row)}
            title={row.model}
            className={clsx(cut, 'w-full rounded-[4px] text-left hover:underline max-sm:min-h-6')}
          >
            {row.model === '' ? '–' : row.model}
          </button>
        ),
      },
      {
        id: 'account',
        label: t('columns.account'),
        phone: 'hidden',
        cell: ({ accountName, triedAccounts }) =>
          accountName === null ? (
            none
          ) : (
            <span className={cut} title={triedAccounts.length > 1 ? triedAccounts.join(' → ') : accountName}>
              {/* Who was asked before, so that a detour is seen without opening the request. */}
              {triedAccounts.length > 1 && (
                <span className="text-muted">{`${triedAccounts.slice(0, -1).join(' → ')} → `}</span>
              )}
              {accountName}
            </span>
          ),
      },
      {
        id: 'operation',
        label: t('columns.operation'),
        width: '110px',
        phone: 'hidden',
        cell: ({ operation }) => operation,
      },
      {
        id: 'client',
        label: t('columns.client'),
        width: '110px',
        phone: 'hidden',
        cell: ({ client }) => <span className={cut}>{clientName(client)}</span>,
      },
      {
        id: 'tokens',
        label: t('columns.tokens'),
        align: 'end',
        width: '124px',
        phone: 'hidden',
        cell: ({ usage, attempts }) =>
          attempts === 0 ? (
            none
          ) : (
            <span className="whitespace-nowrap">
              {format.tokens(tokensIn(usage))}
              <span className="text-muted">{' → '}</span>
              {format.tokens(usage.output)}
            </span>
          ),
      },
      {
        id: 'cost',
        label: t('columns.cost'),
        sortBy: 'costNanoUsd',
        align: 'end',
        width: '88px',
        phone: 'detail',
        cell: ({ costNanoUsd, attempts }) => (attempts === 0 ? none : format.money(costNanoUsd)),
      },
      {
        id: 'firstEvent',
        label: t('columns.firstEvent'),
        sortBy: 'firstEventMs',
        align: 'end',
        width: '104px',
        phone: 'hidden',
        cell: ({ firstEventMs }) => (firstEventMs === null ? none : format.duration(firstEventMs)),
      },
      {
        id: 'duration',
        label: t('columns.duration'),
        sortBy: 'durationMs',
        align: 'end',
        width: '84px',
        phone: 'hidden',
        cell: ({ durationMs }) => <span className="whitespace-nowrap">{format.duration(durationMs)}</span>,
      },
      {
        id: 'attempts',
        label: t('columns.attempts'),
        align: 'end',
        width: '72px',
        phone: 'hidden',
        cell: ({ attempts, triedAccounts }) => (
          <span
            className={clsx(attempts > 1 && 'font-medium text-warn-text')}
            title={attempts > 1 ? triedAccounts.join(' → ') : undefined}
          >
            {format.count(attempts)}
          </span>
        ),
      },
    ],
    [t, format, onOpen],
  );
}
