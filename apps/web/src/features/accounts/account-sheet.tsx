'use client';
// Owns the details of one account beside the list; a chunk of its own.
import type { Account } from '@crs/shared';
import { Activity, Pencil, Power, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Badge } from '@/components/ui/badge';
import { Button, LinkButton } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { type AccountKinds, useKindTexts } from '@/lib/account-kinds';
import { links } from '@/lib/paths';
import { useCanManage } from '@/lib/session';
import { AccountFacts } from './account-facts';
import { Figures, hasLogin, Quota, WayOut } from './account-parts';
import { useAccount } from './account-queries';
import ChangeFailureAlert from './change-failure';
import { ConnectionTest } from './connection-test';
import { HealthBlock } from './health-block';
import { LoginPart } from './login-part';
import { Part } from './part';
import type { AccountChanges } from './use-account-changes';

interface AccountSheetProps {
  id: string;
  kinds: AccountKinds;
  changes: AccountChanges;
  onClose: () => void;
  onEdit: (account: Account) => void;
  onSignIn: (account: Account) => void;
  onDelete: (account: Account) => void;
}

export default function AccountSheet(props: AccountSheetProps) {
  const { id, kinds, changes, onClose, onEdit, onSignIn, onDelete } = props;
  const t = useTranslations('accounts');
  const texts = useKindTexts();
  const canManage = useCanManage();
  const { data: account, error, refetch } = useAccount(id);
  const close = (open: boolean) => !open && onClose();

  if (account === undefined || account === null) {
    return (
      <Sheet open onOpenChange={close} title={t('details')}>
        {account === null && <EmptyState title={t('gone')}>{t('goneHelp')}</EmptyState>}
        {account === undefined && error !== null && (
          <ErrorState title={t('detailsFailed')} error={error} onRetry={() => void refetch()} />
        )}
        {account === undefined && error === null && <Skeleton className="h-64 w-full" />}
      </Sheet>
    );
  }

  return (
    <Sheet
      open
      onOpenChange={close}
      title={account.name}
      aside={
        <>
          <Badge>{kinds.label(account.kind)}</Badge>
          {account.subscription !== null && (
            <Badge tone="accent" title={t('subscription')}>
              {texts.subscription(account.subscription)}
            </Badge>
          )}
        </>
      }
      {...(account.description === '' ? {} : { description: account.description })}
      {...(canManage && {
        footer: (
          <>
            <Button
              variant="dangerGhost"
              icon={<Trash2 />}
              onClick={() => onDelete(account)}
              className="mr-auto"
            >
              {t('delete')}
            </Button>
            <Button icon={<Power />} onClick={() => changes.setEnabled(account, !account.enabled)}>
              {account.enabled ? t('disable') : t('enable')}
            </Button>
            <Button variant="primary" icon={<Pencil />} onClick={() => onEdit(account)}>
              {t('edit')}
            </Button>
          </>
        ),
      })}
    >
      <ChangeFailureAlert changes={changes} />
      <div className="flex flex-col gap-6">
        <LinkButton
          size="sm"
          icon={<Activity />}
          href={links.accountView(account)}
          className="-mb-3 self-start"
        >
          {t('view.open')}
        </LinkButton>
        <HealthBlock
          account={account}
          action={canManage && <WayOut account={account} kinds={kinds} {...{ changes, onEdit, onSignIn }} />}
        />
        <LoginPart
          account={account}
          onRenew={canManage ? () => changes.renew(account) : undefined}
          onSignIn={canManage && hasLogin(kinds, account) ? () => onSignIn(account) : undefined}
        />
        <Quota account={account} />
        <Figures account={account} />
        {canManage && (
          <Part title={t('test.part')}>
            <ConnectionTest key={account.id} account={account} />
          </Part>
        )}
        <AccountFacts account={account} />
      </div>
    </Sheet>
  );
}
