'use client';
// Owns the details of one account beside the list; a chunk of its own.
import type { Account } from '@crs/shared';
import { ArrowRightLeft, KeyRound, LogIn, Pencil, Power, RotateCcw, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Badge } from '@/components/ui/badge';
import { Button, LinkButton } from '@/components/ui/button';
import { Sheet } from '@/components/ui/dialog';
import { Skeleton } from '@/components/ui/skeleton';
import { EmptyState, ErrorState } from '@/components/ui/states';
import { type AccountKinds, useKindTexts } from '@/lib/account-kinds';
import { links } from '@/lib/paths';
import { useCanManage } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { AccountFacts } from './account-facts';
import { errorShare, openWindows } from './account-figures';
import { useAccount } from './account-queries';
import ChangeFailureAlert from './change-failure';
import { ConnectionTest } from './connection-test';
import { HealthBlock } from './health-block';
import { LoginPart } from './login-part';
import { Part } from './part';
import { QuotaList } from './quota-windows';
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

function hasLogin(kinds: AccountKinds, { kind }: Account): boolean {
  return (kinds.find(kind)?.login ?? null) !== null;
}

type WayOutProps = Pick<AccountSheetProps, 'kinds' | 'changes' | 'onEdit' | 'onSignIn'> & {
  account: Account;
};

/** What a person can do about a state that is not simply ready. */
function WayOut({ account, kinds, changes, onEdit, onSignIn }: WayOutProps) {
  const t = useTranslations('accounts');
  const { status, reason } = account;
  if (status === 'disabled' || (status === 'ready' && reason === null)) return null;
  if (status !== 'needs-login') {
    return (
      <Button size="sm" icon={<RotateCcw />} onClick={() => void changes.reset(account)}>
        {t('reset')}
      </Button>
    );
  }
  return hasLogin(kinds, account) ? (
    <Button size="sm" variant="primary" icon={<LogIn />} onClick={() => onSignIn(account)}>
      {t('login.signInAgain')}
    </Button>
  ) : (
    <Button size="sm" variant="primary" icon={<KeyRound />} onClick={() => onEdit(account)}>
      {t('login.giveCredential')}
    </Button>
  );
}

function Quota({ account }: { account: Account }) {
  const t = useTranslations('accounts');
  const open = openWindows(account.windows, useNow(15_000));
  if (open.length === 0) return null;
  return (
    <Part title={t('columns.windows')}>
      <QuotaList windows={open} />
    </Part>
  );
}

function Figures({ account }: { account: Account }) {
  const t = useTranslations('accounts');
  const format = useFormat();
  const { today, total } = account.usage;
  const share = errorShare(today);
  const limit = account.maxConcurrency === 0 ? '' : ` / ${format.count(account.maxConcurrency)}`;
  const figures = [
    [t('columns.requestsToday'), format.count(today.requests), format.count(total.requests)],
    [t('columns.costToday'), format.money(today.costNanoUsd), format.money(total.costNanoUsd)],
    [
      t('tokensToday'),
      format.tokens(today.input + today.cacheWrite5m + today.cacheWrite1h + today.cacheRead + today.output),
      format.tokens(total.input + total.cacheWrite5m + total.cacheWrite1h + total.cacheRead + total.output),
    ],
    [t('columns.errors'), share === null ? '–' : format.percent(share), null],
    [t('columns.inFlight'), `${format.count(account.inFlight)}${limit}`, null],
  ] as const;
  return (
    <Part
      title={t('figures')}
      action={
        <LinkButton size="sm" icon={<ArrowRightLeft />} href={links.requests({ accountId: account.id })}>
          {t('showRequests')}
        </LinkButton>
      }
    >
      <dl className="grid grid-cols-2 gap-px overflow-hidden rounded-card border border-line bg-line sm:grid-cols-5">
        {figures.map(([label, value, all]) => (
          <div key={label} className="bg-surface px-3 py-2 max-sm:last:col-span-2">
            <dt className="truncate text-muted text-xs" title={label}>
              {label}
            </dt>
            <dd className="font-semibold text-base">{value}</dd>
            {all !== null && <dd className="text-muted text-xs">{t('inTotal', { value: all })}</dd>}
          </div>
        ))}
      </dl>
    </Part>
  );
}
