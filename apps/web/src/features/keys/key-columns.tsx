'use client';
// Owns the columns of the list of keys and the menu of a row.
import type { Key } from '@crs/shared';
import {
  ArrowRightLeft,
  CalendarPlus,
  ChartColumn,
  Copy,
  MoreHorizontal,
  Pencil,
  Power,
  RefreshCw,
  Trash2,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { IconButton } from '@/components/ui/button';
import { Switch } from '@/components/ui/checkbox';
import { Menu, type MenuEntry } from '@/components/ui/menu';
import { RelativeTime } from '@/components/ui/time';
import { links } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';
import type { KeyDialogOpeners } from './key-dialogs';
import { KeyName } from './key-name';
import { KeyEnd, KeyStatusText } from './key-status';
import type { KeyChanges } from './use-key-changes';

const LimitBar = lazy(() => import('./limit-bar'));

interface KeyColumnsOptions {
  canManage: boolean;
  changes: KeyChanges;
  onOpen: (key: Key) => void;
  openers: KeyDialogOpeners;
  onTag: (tag: string) => void;
}

function tokensOf({ input, output, cacheRead, cacheWrite5m, cacheWrite1h }: Key['usage']['today']): number {
  return input + output + cacheRead + cacheWrite5m + cacheWrite1h;
}

export function useKeyColumns(options: KeyColumnsOptions): DataColumn<Key>[] {
  const { canManage, changes, onOpen, openers, onTag } = options;
  const t = useTranslations('keys');
  const format = useFormat();
  const router = useRouter();
  const { setEnabled, remove } = changes;
  return useMemo(() => {
    const menuOf = (key: Key): MenuEntry[] => {
      const look: MenuEntry = {
        type: 'item',
        label: t('showRequests'),
        icon: <ArrowRightLeft aria-hidden />,
        onSelect: () => router.push(links.requests({ keyId: key.id })),
      };
      const view: MenuEntry = {
        type: 'item',
        label: t('showStatistics'),
        icon: <ChartColumn aria-hidden />,
        onSelect: () => router.push(links.keyView(key.id)),
      };
      if (!canManage) return [view, look];
      return [
        {
          type: 'item',
          label: t('edit'),
          icon: <Pencil aria-hidden />,
          keys: 'e',
          onSelect: () => openers.onEdit(key),
        },
        {
          type: 'item',
          label: key.enabled ? t('disable') : t('enable'),
          icon: <Power aria-hidden />,
          onSelect: () => void setEnabled(key, !key.enabled),
        },
        {
          type: 'item',
          label: t('duplicate'),
          icon: <Copy aria-hidden />,
          onSelect: () => openers.onDuplicate(key),
        },
        {
          type: 'item',
          label: t('renew.action'),
          icon: <CalendarPlus aria-hidden />,
          disabled: key.expiration === null,
          onSelect: () => openers.onRenew(key),
        },
        {
          type: 'item',
          label: t('rotate.action'),
          icon: <RefreshCw aria-hidden />,
          onSelect: () => openers.onRotate(key),
        },
        { type: 'separator' },
        view,
        look,
        { type: 'separator' },
        {
          type: 'item',
          label: t('remove'),
          icon: <Trash2 aria-hidden />,
          danger: true,
          onSelect: () => void remove([key]),
        },
      ];
    };
    const columns: (DataColumn<Key> | false)[] = [
      {
        id: 'name',
        label: t('columns.name'),
        sortBy: 'name',
        phone: 'title',
        grow: true,
        fixed: true,
        skeletonPercent: 70,
        cell: (key) => <KeyName apiKey={key} onOpen={onOpen} onTag={onTag} />,
      },
      {
        id: 'status',
        label: t('columns.status'),
        sortBy: 'status',
        width: '112px',
        phone: 'aside',
        cell: (key) => <KeyStatusText status={key.status} />,
      },
      canManage && {
        id: 'enabled',
        label: t('columns.enabled'),
        width: '68px',
        phone: 'hidden',
        skeletonPercent: 80,
        cell: (key) => (
          <Switch
            aria-label={t('enabledOf', { name: key.name })}
            checked={key.enabled}
            onChange={(enabled) => void setEnabled(key, enabled)}
          />
        ),
      },
      {
        id: 'limits',
        label: t('columns.limits'),
        sortBy: 'budgetUsed',
        width: '132px',
        phone: 'detail',
        skeletonPercent: 80,
        cell: ({ limits }) =>
          limits.length === 0 ? (
            <span className="text-muted max-sm:hidden">{'–'}</span>
          ) : (
            <Suspense fallback={<span className="block h-5.5" />}>
              <LimitBar limits={limits} />
            </Suspense>
          ),
      },
      {
        id: 'spendToday',
        label: t('columns.spendToday'),
        sortBy: 'spendToday',
        width: '96px',
        align: 'end',
        phone: 'detail',
        cell: (key) => (
          <>
            <Money nanoUsd={key.usage.today.costNanoUsd} />
            <span className="sm:hidden">{` ${t('today')}`}</span>
          </>
        ),
      },
      {
        id: 'requestsToday',
        label: t('columns.requestsToday'),
        sortBy: 'requestsToday',
        width: '108px',
        align: 'end',
        phone: 'hidden',
        cell: (key) => <Count value={key.usage.today.requests} />,
      },
      {
        id: 'tokensToday',
        label: t('columns.tokensToday'),
        sortBy: 'tokensToday',
        width: '108px',
        align: 'end',
        phone: 'hidden',
        cell: (key) => (
          <span className={tokensOf(key.usage.today) === 0 ? 'text-muted' : undefined}>
            {format.tokens(tokensOf(key.usage.today))}
          </span>
        ),
      },
      {
        id: 'spendTotal',
        label: t('columns.spendTotal'),
        sortBy: 'spendTotal',
        width: '104px',
        align: 'end',
        phone: 'hidden',
        cell: (key) => <Money nanoUsd={key.usage.total.costNanoUsd} />,
      },
      {
        id: 'requestsTotal',
        label: t('columns.requestsTotal'),
        sortBy: 'requestsTotal',
        width: '108px',
        align: 'end',
        phone: 'hidden',
        cell: (key) => <Count value={key.usage.total.requests} />,
      },
      {
        id: 'concurrency',
        label: t('columns.concurrency'),
        width: '108px',
        align: 'end',
        phone: 'hidden',
        cell: (key) => <Concurrency apiKey={key} />,
      },
      {
        id: 'lastUsedAt',
        label: t('columns.lastUsedAt'),
        sortBy: 'lastUsedAt',
        width: '128px',
        phone: 'hidden',
        cell: (key) => <RelativeTime at={key.lastUsedAt} className="whitespace-nowrap" />,
      },
      {
        id: 'expiresAt',
        label: t('columns.expiresAt'),
        sortBy: 'expiresAt',
        width: '128px',
        phone: 'hidden',
        cell: (key) => <KeyEnd apiKey={key} />,
      },
      {
        id: 'hint',
        label: t('columns.hint'),
        width: '132px',
        phone: 'hidden',
        cell: (key) => <code className="whitespace-nowrap font-mono text-muted text-xs">{key.hint}</code>,
      },
      {
        id: 'createdAt',
        label: t('columns.createdAt'),
        sortBy: 'createdAt',
        width: '120px',
        phone: 'hidden',
        cell: (key) => <RelativeTime at={key.createdAt} className="whitespace-nowrap" />,
      },
      {
        id: 'updatedAt',
        label: t('columns.updatedAt'),
        sortBy: 'updatedAt',
        width: '120px',
        phone: 'hidden',
        cell: (key) => <RelativeTime at={key.updatedAt} className="whitespace-nowrap" />,
      },
      {
        id: 'menu',
        label: t('columns.menu'),
        width: '52px',
        align: 'end',
        phone: 'actions',
        silent: true,
        fixed: true,
        cell: (key) => (
          <Menu
            trigger={
              <IconButton
                label={t('menuOf', { name: key.name })}
                size="iconSmall"
                icon={<MoreHorizontal />}
              />
            }
            entries={menuOf(key)}
          />
        ),
      },
    ];
    return columns.filter((column) => column !== false);
  }, [t, format, router, canManage, setEnabled, remove, onOpen, openers, onTag]);
}

/** Money of a row; nothing spent steps back. */
export function Money({ nanoUsd }: { nanoUsd: number }) {
  const format = useFormat();
  return <span className={nanoUsd === 0 ? 'text-muted' : undefined}>{format.money(nanoUsd)}</span>;
}

function Count({ value }: { value: number }) {
  const format = useFormat();
  return <span className={value === 0 ? 'text-muted' : undefined}>{format.count(value)}</span>;
}

function Concurrency({ apiKey: { limits, concurrency } }: { apiKey: Key }) {
  const format = useFormat();
  const limit = limits.find((state) => state.limit === 'concurrency');
  if (limit === undefined || concurrency === 0) return <span className="text-muted">{'–'}</span>;
  return (
    <span className={limit.used >= limit.max ? 'font-medium text-warn-text' : undefined}>
      {`${format.count(limit.used)} / ${format.count(limit.max)}`}
    </span>
  );
}
