'use client';
// Owns the page of one account: how it is and why, its last day, what it costs, who uses it, what was done to it.
import type { Account } from '@crs/shared';
import {
  ArrowRightLeft,
  CopyPlus,
  FlaskConical,
  History,
  LogIn,
  MoreHorizontal,
  Pause,
  Pencil,
  Power,
  RefreshCw,
  RotateCcw,
  Server,
  Trash2,
} from 'lucide-react';
import { useRouter, useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { Badge } from '@/components/ui/badge';
import { Button, IconButton, LinkButton } from '@/components/ui/button';
import { Menu, type MenuEntry } from '@/components/ui/menu';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { type AccountKinds, useAccountKinds, useKindTexts } from '@/lib/account-kinds';
import { links, paths } from '@/lib/paths';
import { useCanManage, useSession } from '@/lib/session';
import { AccountDialogs, type AccountAbove } from './account-dialogs';
import { hasLogin } from './account-parts';
import { useAccount } from './account-queries';
import ChangeFailureAlert from './change-failure';
import { type AccountChanges, useAccountChanges } from './use-account-changes';

const AccountView = lazy(() => import('./account-view'));

export function AccountViewPage() {
  const shell = useTranslations('shell');
  const t = useTranslations('accounts');
  const texts = useKindTexts();
  const router = useRouter();
  const search = useSearchParams();
  const id = search.get('id') ?? '';
  const canManage = useCanManage();
  const isAdmin = useSession().data?.user.role === 'admin';
  const kinds = useAccountKinds();
  const changes = useAccountChanges();
  const [above, setAbove] = useState<AccountAbove | null>(null);
  const { data: account, error, isFetching, refetch } = useAccount(id === '' ? null : id, search.get('kind'));

  let content: ReactNode;
  if (id === '' || account === null) {
    content = (
      <EmptyState
        icon={<Server />}
        title={id === '' ? t('view.noneChosen') : t('gone')}
        action={<LinkButton href={paths.accounts}>{t('view.toList')}</LinkButton>}
      >
        {id !== '' && t('goneHelp')}
      </EmptyState>
    );
  } else if (account !== undefined) {
    content = (
      <Suspense fallback={<Skeleton className="h-120 w-full" />}>
        <AccountView {...{ account, kinds, changes, canManage, isAdmin }} onAbove={setAbove} />
      </Suspense>
    );
  } else if (error !== null && !isFetching) {
    content = <ErrorState title={t('detailsFailed')} error={error} onRetry={() => void refetch()} />;
  } else content = <Skeleton className="h-120 w-full" />;

  const shown = account ?? undefined;
  return (
    <>
      <PageHeader
        title={shown?.name ?? shell('pages.accounts')}
        description={
          shown !== undefined && (
            <span className="flex flex-wrap items-center gap-2">
              <Badge>{kinds.label(shown.kind)}</Badge>
              {shown.subscription !== null && (
                <Badge tone="accent">{texts.subscription(shown.subscription)}</Badge>
              )}
              {shown.description}
            </span>
          )
        }
        actions={
          shown !== undefined && (
            <Actions account={shown} {...{ kinds, changes, canManage, isAdmin }} onAbove={setAbove} />
          )
        }
      />
      <ChangeFailureAlert changes={changes} />
      {content}
      <AccountDialogs
        {...{ above, kinds, changes }}
        onAbove={setAbove}
        onDeleted={() => router.push(paths.accounts)}
      />
    </>
  );
}

interface ActionsProps {
  account: Account;
  kinds: AccountKinds;
  changes: AccountChanges;
  canManage: boolean;
  isAdmin: boolean;
  onAbove: (above: AccountAbove) => void;
}

function Actions({ account, kinds, changes, canManage, isAdmin, onAbove }: ActionsProps) {
  const t = useTranslations('accounts');
  const router = useRouter();
  const requests = (
    <LinkButton href={links.requests({ accountId: account.id })} icon={<ArrowRightLeft aria-hidden />}>
      {t('showRequests')}
    </LinkButton>
  );
  if (!canManage) return requests;
  const item = (label: string, icon: ReactNode, onSelect: () => void): MenuEntry => ({
    type: 'item',
    label,
    icon,
    onSelect,
  });
  const entries: MenuEntry[] = [
    item(t('reset'), <RotateCcw aria-hidden />, () => void changes.reset(account)),
    ...(account.login?.isRenewable === true
      ? [item(t('login.renew'), <RefreshCw aria-hidden />, () => void changes.renew(account))]
      : []),
    ...(hasLogin(kinds, account)
      ? [item(t('login.signInAgain'), <LogIn aria-hidden />, () => onAbove({ what: 'login', account }))]
      : []),
    item(t('pause.action'), <Pause aria-hidden />, () => onAbove({ what: 'pause', account })),
    item(account.enabled ? t('disable') : t('enable'), <Power aria-hidden />, () =>
      changes.setEnabled(account, !account.enabled),
    ),
    item(t('duplicate.action'), <CopyPlus aria-hidden />, () => onAbove({ what: 'duplicate', account })),
    ...(isAdmin
      ? [item(t('view.audit'), <History aria-hidden />, () => router.push(links.audit(account.id)))]
      : []),
    { type: 'separator' },
    {
      type: 'item',
      label: t('delete'),
      icon: <Trash2 aria-hidden />,
      danger: true,
      onSelect: () => onAbove({ what: 'delete', account }),
    },
  ];
  return (
    <>
      {requests}
      <Button icon={<FlaskConical aria-hidden />} onClick={() => onAbove({ what: 'test', account })}>
        {t('test.action')}
      </Button>
      <Button
        variant="primary"
        icon={<Pencil aria-hidden />}
        onClick={() => onAbove({ what: 'edit', account })}
      >
        {t('edit')}
      </Button>
      <Menu
        trigger={<IconButton label={t('actionsOf', { name: account.name })} icon={<MoreHorizontal />} />}
        entries={entries}
      />
    </>
  );
}
