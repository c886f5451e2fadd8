'use client';
// Owns how the health of an account is told in one line: the state in a word, the time left, and the reason.
import type { Account, AccountStatus } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { AccountReason } from '@/components/accounts/account-reason';
import { StatusText, type Tone } from '@/components/ui/badge';
import { Countdown } from '@/components/ui/time';
import { Tooltip } from '@/components/ui/tooltip';
import { readReason } from '@/lib/account-reasons';

const tones: Record<AccountStatus, Tone> = {
  ready: 'ok',
  cooling: 'warn',
  limited: 'warn',
  'needs-login': 'bad',
  blocked: 'bad',
  disabled: 'neutral',
};

export interface HealthProps {
  account: Pick<Account, 'status' | 'reason' | 'until' | 'families'>;
}

/** One line for a dense list; the whole reason on hover and in the panel. */
export function HealthLine({ account, action }: HealthProps & { action?: React.ReactNode }) {
  const { reason, until, families } = account;
  const word = useStatusWord();
  // What to do about it matters more than why: the reason is then only in the hint.
  const hasAction = action !== undefined && action !== false;
  const line = (
    <span className="flex min-w-0 items-center gap-1.5">
      <StatusText tone={toneOf(account)} className="shrink-0">
        {word(account)}
        {until !== null && <Countdown at={until} className="font-medium" />}
      </StatusText>
      {reason !== null && !hasAction && (
        <span className="min-w-0 truncate text-muted max-sm:hidden">
          <AccountReason reason={reason} families={families} />
        </span>
      )}
    </span>
  );
  const told =
    reason === null ? (
      line
    ) : (
      <Tooltip content={<AccountReason reason={reason} families={families} />} className="max-w-full">
        {line}
      </Tooltip>
    );
  if (!hasAction) return told;
  return (
    <span className="flex min-w-0 items-center gap-2">
      <span className="min-w-0">{told}</span>
      {action}
    </span>
  );
}

/** How the state is called: one that ends by itself is no standing one. */
export function useStatusWord(): (account: Pick<Account, 'status' | 'reason' | 'until'>) => string {
  const t = useTranslations('accounts');
  return (account) => {
    if (isOnProbation(account)) return t('onProbation');
    if (!isWaiting(account)) return t(`status.${account.status}`);
    return readReason(account.reason ?? '').name === 'paused' ? t('paused') : t('offHours');
  };
}

/** Out of use by its administrator's wish, for a time. */
export function isWaiting({ status, until }: Pick<Account, 'status' | 'until'>): boolean {
  return status === 'disabled' && until !== null;
}

/** It may be tried, but only by one request at a time. */
export function isOnProbation({ status, reason }: Pick<Account, 'status' | 'reason'>): boolean {
  return status === 'ready' && reason !== null;
}

export function toneOf(account: Pick<Account, 'status' | 'reason'>): Tone {
  return isOnProbation(account) ? 'warn' : tones[account.status];
}
