'use client';
// Owns how the health of an account is told at length, with what a person can do about it.
import type { Account } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { AccountReason } from '@/components/accounts/account-reason';
import { Alert } from '@/components/ui/alert';
import { Countdown } from '@/components/ui/time';
import { useAccountReason } from '@/lib/use-account-reason';
import { type HealthProps, isOnProbation, isWaiting, toneOf, useStatusWord } from './account-health';

const alertTones = { ok: 'ok', warn: 'warn', bad: 'bad', neutral: 'info' } as const;

/** The whole story: what it means, why, until when, what to do. */
export function HealthBlock({ account, action }: HealthProps & { action?: React.ReactNode }) {
  const t = useTranslations('accounts');
  const { status, reason, until } = account;
  const onProbation = isOnProbation(account);
  const word = useStatusWord();
  const tone = toneOf(account);
  const words = useAccountReason();
  const { text, quote } =
    reason === null ? { text: null, quote: null } : words(reason, Object.keys(account.families));
  return (
    <Alert
      tone={alertTones[tone === 'accent' || tone === 'info' ? 'neutral' : tone]}
      action={action}
      title={
        <span className="inline-flex flex-wrap items-center gap-x-2">
          {word(account)}
          {until !== null && <Countdown at={until} />}
        </span>
      }
    >
      {!onProbation && (
        <p className="text-text-soft">{isWaiting(account) ? t('explain.waiting') : t(`explain.${status}`)}</p>
      )}
      {text !== null && <p className={onProbation ? undefined : 'mt-1'}>{text}</p>}
      {quote !== null && (
        <p lang="en" className="mt-1 font-mono text-xs">
          {quote}
        </p>
      )}
      <Families families={account.families} />
    </Alert>
  );
}

function Families({ families }: Pick<Account, 'families'>) {
  const entries = Object.entries(families);
  if (entries.length === 0) return null;
  return (
    <ul className="mt-1.5 flex flex-col gap-0.5 border-line border-t pt-1.5 text-xs">
      {entries.map(([family, { until, reason }]) => (
        <li key={family} className="flex flex-wrap gap-x-2">
          <span className="font-medium">{family}</span>
          <Countdown at={until} />
          <span className="text-muted">
            <AccountReason reason={reason} />
          </span>
        </li>
      ))}
    </ul>
  );
}
