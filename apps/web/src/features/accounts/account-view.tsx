'use client';
// Owns what the page of one account shows; a chunk of its own.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense, useId } from 'react';
import { TargetHistory } from '@/components/audit/target-history';
import { KeyLinks } from '@/components/keys/key-links';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import type { AccountKinds } from '@/lib/account-kinds';
import { AccountFacts } from './account-facts';
import type { AccountAbove } from './account-dialogs';
import { ChangeHistory, ErrorHistory } from './account-past';
import { Figures, hasLogin, Quota, WayOut } from './account-parts';
import {
  type AccountHealthAnswer,
  useAccountHealth,
  useAccountTrend,
  useKeysOfAccount,
} from './account-queries';
import { HealthBlock } from './health-block';
import { HealthStrip } from './health-strip';
import { LoginPart } from './login-part';
import type { AccountChanges } from './use-account-changes';

const AccountCharts = lazy(() => import('./account-charts'));

const TREND_DAYS = 30;

interface AccountViewProps {
  account: Account;
  kinds: AccountKinds;
  changes: AccountChanges;
  canManage: boolean;
  isAdmin: boolean;
  onAbove: (above: AccountAbove) => void;
}

export default function AccountView(props: AccountViewProps) {
  const { account, kinds, changes, canManage, isAdmin, onAbove } = props;
  const t = useTranslations('accounts');
  const health = useAccountHealth(account);
  const past = (show: (answer: AccountHealthAnswer) => ReactNode, height: string): ReactNode => {
    if (health.data !== undefined) return show(health.data);
    if (health.error === null || health.isFetching) return <Skeleton className={`${height} w-full`} />;
    return (
      <ErrorState
        title={t('day.failed')}
        error={health.error}
        onRetry={() => void health.refetch()}
        className="py-6!"
      />
    );
  };
  const onSignIn = (of: Account) => onAbove({ what: 'login', account: of });
  return (
    <div className="grid items-start gap-4 xl:grid-cols-[minmax(0,1fr)_400px]">
      <div className="flex min-w-0 flex-col gap-4">
        <HealthBlock
          account={account}
          action={
            canManage && (
              <WayOut
                {...{ account, kinds, changes, onSignIn }}
                onEdit={(of) => onAbove({ what: 'edit', account: of })}
              />
            )
          }
        />
        <Card title={t('day.title')}>
          {past(
            ({ quarters }) => (
              <HealthStrip quarters={quarters} />
            ),
            'h-28',
          )}
        </Card>
        <Figures account={account} linked={false} />
        <Trend account={account} />
        <Card title={t('past.errors')}>
          {past(
            ({ errors }) => (
              <ErrorHistory errors={errors} />
            ),
            'h-24',
          )}
        </Card>
        <Card title={t('past.changes')}>
          {past(
            ({ changes: told }) => (
              <ChangeHistory changes={told} />
            ),
            'h-24',
          )}
        </Card>
      </div>
      <div className="flex min-w-0 flex-col gap-4">
        <Framed>
          <Quota account={account} />
          <LoginPart
            account={account}
            onRenew={canManage ? () => changes.renew(account) : undefined}
            onSignIn={canManage && hasLogin(kinds, account) ? () => onSignIn(account) : undefined}
          />
          <AccountFacts account={account} />
        </Framed>
        <Card title={t('view.keys')}>
          <BoundKeys account={account} />
        </Card>
        {isAdmin && (
          <Card title={t('view.history')}>
            <TargetHistory type="account" id={account.id} version={account.version} />
          </Card>
        )}
      </div>
    </div>
  );
}

function Trend({ account }: { account: Account }) {
  const t = useTranslations('accounts.trend');
  const { data, error, isFetching, refetch } = useAccountTrend(account.id, TREND_DAYS);
  if (data === undefined && error !== null && !isFetching) {
    return <ErrorState title={t('loadFailed')} error={error} onRetry={() => void refetch()} />;
  }
  const skeleton = <Skeleton className="h-56 w-full" />;
  if (data === undefined) return skeleton;
  return (
    <Suspense fallback={skeleton}>
      <AccountCharts usage={data} days={TREND_DAYS} />
    </Suspense>
  );
}

function BoundKeys({ account }: { account: Account }) {
  const t = useTranslations('accounts.view');
  const { data, error, refetch } = useKeysOfAccount(account.id);
  if (data === undefined) {
    if (error === null) return <Skeleton className="h-16 w-full" />;
    return <ErrorState title={t('keysFailed')} error={error} onRetry={() => void refetch()} />;
  }
  if (data.length === 0) return <p className="text-muted text-sm">{t('noKeys')}</p>;
  return <KeyLinks keys={data} />;
}

function Framed({ children }: { children: ReactNode }) {
  return (
    <div className="flex min-w-0 flex-col gap-5 rounded-card border border-line bg-surface px-4 py-3">
      {children}
    </div>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  const id = useId();
  return (
    <section
      aria-labelledby={id}
      className="flex min-w-0 flex-col gap-2 rounded-card border border-line bg-surface px-4 py-3"
    >
      <h2 id={id} className="font-semibold text-sm">
        {title}
      </h2>
      {children}
    </section>
  );
}
