'use client';
// Owns the blocks that the panel and the page of an account share: the way out of a state, vendor windows, figures.
import type { Account } from '@crs/shared';
import { ArrowRightLeft, KeyRound, LogIn, Play, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button, LinkButton } from '@/components/ui/button';
import type { AccountKinds } from '@/lib/account-kinds';
import { links } from '@/lib/paths';
import { serverNow } from '@/lib/server-clock';
import { useFormat } from '@/lib/use-format';
import { useNow } from '@/lib/use-now';
import { errorShare, isPaused, openWindows } from './account-figures';
import { Part } from './part';
import { QuotaList } from './quota-windows';
import type { AccountChanges } from './use-account-changes';

export function hasLogin(kinds: AccountKinds, { kind }: Account): boolean {
  return (kinds.find(kind)?.login ?? null) !== null;
}

interface WayOutProps {
  account: Account;
  kinds: AccountKinds;
  changes: AccountChanges;
  onEdit: (account: Account) => void;
  onSignIn: (account: Account) => void;
}

/** What a person can do about a state that is not simply ready. */
export function WayOut({ account, kinds, changes, onEdit, onSignIn }: WayOutProps) {
  const t = useTranslations('accounts');
  const { status, reason } = account;
  if (account.enabled && isPaused(account, serverNow())) {
    return (
      <Button size="sm" icon={<Play />} onClick={() => void changes.pause(account, null)}>
        {t('pause.resume')}
      </Button>
    );
  }
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

export function Quota({ account }: { account: Account }) {
  const t = useTranslations('accounts');
  const open = openWindows(account.windows, useNow(15_000));
  if (open.length === 0) return null;
  return (
    <Part title={t('columns.windows')}>
      <QuotaList windows={open} />
    </Part>
  );
}

/** `linked`: with the way to its requests. */
export function Figures({ account, linked = true }: { account: Account; linked?: boolean }) {
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
        linked && (
          <LinkButton size="sm" icon={<ArrowRightLeft />} href={links.requests({ accountId: account.id })}>
            {t('showRequests')}
          </LinkButton>
        )
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
