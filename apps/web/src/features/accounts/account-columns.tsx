'use client';
// Owns the columns of the account list.
import type { Account, Group } from '@crs/shared';
import { clsx } from 'clsx';
import { MoreHorizontal } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { lazy, Suspense, useMemo } from 'react';
import type { DataColumn } from '@/components/data-table';
import { Button, IconButton } from '@/components/ui/button';
import { Switch } from '@/components/ui/checkbox';
import { RelativeTime } from '@/components/ui/time';
import type { AccountKinds } from '@/lib/account-kinds';
import { useFormat } from '@/lib/use-format';
import type { AccountAbove } from './account-dialogs';
import { errorShare, HIGH_ERROR_SHARE } from './account-figures';
import { HealthLine } from './account-health';
import { InlineNumber } from './inline-number';
import type { AccountChanges } from './use-account-changes';

const QuotaBar = lazy(() => import('./quota-bar'));
const RowMenu = lazy(() => import('./row-menu'));

interface ColumnOptions {
  canManage: boolean;
  kinds: AccountKinds;
  /** All groups; undefined while they are on their way. */
  groups: readonly Group[] | undefined;
  changes: AccountChanges;
  onOpen: (account: Account) => void;
  onEdit: (account: Account) => void;
  onSignIn: (account: Account) => void;
  onAbove: (above: AccountAbove) => void;
}

export function useAccountColumns(options: ColumnOptions): DataColumn<Account>[] {
  const { canManage, kinds, groups, changes, onOpen, onEdit, onSignIn, onAbove } = options;
  const t = useTranslations('accounts');
  const format = useFormat();
  return useMemo(() => {
    const hasLogin = (account: Account) => (kinds.find(account.kind)?.login ?? null) !== null;
    const order = (account: Account, field: 'priority' | 'weight', min: number) =>
      canManage ? (
        <InlineNumber
          label={
            field === 'priority'
              ? t('priorityOf', { name: account.name })
              : t('weightOf', { name: account.name })
          }
          value={account[field]}
          min={min}
          max={1000}
          onChange={(value) => changes.setOrder(account, field, value)}
        />
      ) : (
        account[field]
      );

    const columns: DataColumn<Account>[] = [
      {
        id: 'name',
        label: t('columns.name'),
        sortBy: 'name',
        fixed: true,
        phone: 'title',
        skeletonPercent: 70,
        cell: (account) => (
          <span className="flex min-w-0 items-baseline gap-2 sm:min-w-44 sm:[contain:inline-size]">
            <button
              type="button"
              tabIndex={-1}
              onClick={() => onOpen(account)}
              title={account.name}
              className="max-w-full shrink-0 truncate rounded-[4px] font-medium hover:underline max-sm:min-h-6 max-sm:shrink"
            >
              {account.name}
            </button>
            <span className="min-w-0 truncate text-muted text-xs max-sm:hidden">
              {kinds.label(account.kind)}
            </span>
          </span>
        ),
      },
      {
        id: 'health',
        label: t('columns.health'),
        sortBy: 'status',
        width: '20%',
        phone: 'aside',
        cell: (account) => (
          // The reason takes what is left and never widens the list.
          <div className="sm:min-w-36 sm:[contain:inline-size]">
            <HealthLine
              account={account}
              action={
                canManage &&
                account.status === 'needs-login' && (
                  <Button
                    variant="link"
                    size="sm"
                    tabIndex={-1}
                    // A phone has no room for it beside the state; the menu of the row has it too.
                    className="max-sm:hidden"
                    onClick={() => (hasLogin(account) ? onSignIn(account) : onEdit(account))}
                  >
                    {hasLogin(account) ? t('login.signInAgain') : t('login.giveCredential')}
                  </Button>
                )
              }
            />
          </div>
        ),
      },
      {
        id: 'inFlight',
        label: t('columns.inFlight'),
        sortBy: 'inFlight',
        align: 'end',
        width: '76px',
        phone: 'hidden',
        cell: ({ inFlight, maxConcurrency }) => (
          <span
            className={clsx(
              'whitespace-nowrap',
              maxConcurrency > 0 && inFlight >= maxConcurrency && 'font-medium text-warn-text',
            )}
          >
            {format.count(inFlight)}
            <span className="text-muted">
              {maxConcurrency === 0 ? '' : ` / ${format.count(maxConcurrency)}`}
            </span>
          </span>
        ),
      },
      {
        id: 'priority',
        label: t('columns.priority'),
        sortBy: 'priority',
        align: 'end',
        width: '88px',
        phone: 'hidden',
        cell: (account) => order(account, 'priority', 0),
      },
      {
        id: 'weight',
        label: t('columns.weight'),
        sortBy: 'weight',
        align: 'end',
        width: '72px',
        phone: 'hidden',
        cell: (account) => order(account, 'weight', 1),
      },
      {
        id: 'today',
        label: t('columns.today'),
        sortBy: 'costToday',
        align: 'end',
        width: '124px',
        phone: 'detail',
        cell: ({ usage }) => {
          const requests = format.count(usage.today.requests);
          const cost = format.money(usage.today.costNanoUsd);
          return (
            <span title={t('todayHint', { requests, cost })} className="relative whitespace-nowrap">
              <span className="text-muted">{requests}</span>
              <span className="text-muted sm:sr-only">{` ${t('requestsShort')}`}</span>
              <span className="text-muted">{' · '}</span>
              {cost}
            </span>
          );
        },
      },
      {
        id: 'errors',
        label: t('columns.errors'),
        align: 'end',
        width: '68px',
        phone: 'hidden',
        cell: ({ usage }) => <ErrorShare share={errorShare(usage.today)} />,
      },
      {
        id: 'windows',
        label: t('columns.windows'),
        width: '104px',
        phone: 'hidden',
        cell: ({ windows }) =>
          windows.length === 0 ? (
            <span className="text-muted">{'–'}</span>
          ) : (
            <Suspense fallback={<span className="block h-5.5" />}>
              <QuotaBar windows={windows} />
            </Suspense>
          ),
      },
      {
        id: 'groups',
        label: t('columns.groups'),
        width: '120px',
        phone: 'hidden',
        cell: ({ groupIds, shared }) => {
          const names = (groups ?? []).filter(({ id }) => groupIds.includes(id)).map(({ name }) => name);
          const text = names.length === 0 ? (shared ? '–' : t('summary.boundOnly')) : names.join(', ');
          return (
            <span title={text} className="block truncate text-muted sm:min-w-20 sm:[contain:inline-size]">
              {text}
            </span>
          );
        },
      },
      {
        id: 'lastUsed',
        label: t('columns.lastUsed'),
        sortBy: 'lastUsedAt',
        width: '100px',
        phone: 'detail',
        cell: ({ lastUsedAt }) => <RelativeTime at={lastUsedAt} className="whitespace-nowrap" />,
      },
    ];
    if (!canManage) return columns;
    return [
      ...columns,
      {
        id: 'actions',
        label: t('columns.actions'),
        silent: true,
        fixed: true,
        width: '88px',
        phone: 'actions',
        cell: (account) => (
          <span className="flex items-center justify-end gap-2">
            <Switch
              aria-label={t('enabledOf', { name: account.name })}
              checked={account.enabled}
              onChange={(enabled) => changes.setEnabled(account, enabled)}
              className="max-sm:hidden"
            />
            <Suspense
              fallback={
                <IconButton
                  label={t('actionsOf', { name: account.name })}
                  size="iconSmall"
                  icon={<MoreHorizontal />}
                  disabled
                />
              }
            >
              <RowMenu account={account} hasLogin={hasLogin(account)} {...{ changes, onAbove }} />
            </Suspense>
          </span>
        ),
      },
    ];
  }, [t, format, canManage, kinds, groups, changes, onOpen, onEdit, onSignIn, onAbove]);
}

function ErrorShare({ share }: { share: number | null }) {
  const format = useFormat();
  if (share === null) return <span className="text-muted">{'–'}</span>;
  return (
    <span className={clsx(share >= HIGH_ERROR_SHARE && 'font-medium text-bad-text')}>
      {format.percent(share)}
    </span>
  );
}
