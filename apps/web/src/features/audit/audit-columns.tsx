'use client';
// Owns the columns of the audit trail.
import type { AuditEntry } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { useFormat } from '@/lib/use-format';
import { useAuditWords } from './audit-words';

export function useAuditColumns(onOpen: (entry: AuditEntry) => void): DataColumn<AuditEntry>[] {
  const t = useTranslations('audit');
  const words = useAuditWords();
  const format = useFormat();
  return useMemo(
    (): DataColumn<AuditEntry>[] => [
      {
        id: 'at',
        label: t('columns.at'),
        sortBy: 'at',
        width: '168px',
        phone: 'aside',
        fixed: true,
        cell: ({ at }) => (
          <time dateTime={at} title={format.exactTime(at)} className="whitespace-nowrap tabular-nums">
            {format.logTime(at)}
          </time>
        ),
      },
      {
        id: 'actor',
        label: t('columns.actor'),
        width: '160px',
        phone: 'detail',
        cell: ({ actor }) =>
          actor === null ? (
            <span className="text-muted">{t('gateway')}</span>
          ) : (
            <span className="block max-w-40 truncate">{actor.username}</span>
          ),
      },
      {
        id: 'action',
        label: t('columns.action'),
        width: '210px',
        phone: 'title',
        fixed: true,
        cell: (entry) => (
          <button
            type="button"
            tabIndex={-1}
            onClick={() => onOpen(entry)}
            className="max-w-full truncate rounded-[4px] text-left font-medium hover:underline max-sm:min-h-6"
          >
            {words.action(entry.action)}
          </button>
        ),
      },
      {
        id: 'target',
        label: t('columns.target'),
        width: '24%',
        phone: 'detail',
        cell: ({ target }) => (
          <span className="flex min-w-0 items-baseline gap-1.5">
            <span className="shrink-0 text-muted text-xs">{words.type(target.type)}</span>
            <span className="min-w-0 truncate" title={target.id}>
              {words.target(target)}
            </span>
          </span>
        ),
      },
      {
        id: 'changes',
        label: t('columns.changes'),
        grow: true,
        phone: 'hidden',
        skeletonPercent: 70,
        cell: ({ changes }) => (
          <span className="block min-w-0 truncate font-mono text-muted text-xs">
            {changes.length === 0 ? '–' : changes.map(({ path }) => path).join(', ')}
          </span>
        ),
      },
      {
        id: 'ip',
        label: t('columns.ip'),
        width: '150px',
        phone: 'hidden',
        cell: ({ ip }) => <span className="font-mono text-xs">{ip === '' ? '–' : ip}</span>,
      },
    ],
    [t, words, format, onOpen],
  );
}
