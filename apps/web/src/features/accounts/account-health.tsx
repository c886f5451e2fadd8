'use client';
// Owns how the health of an account is told: the state in a word, the time left, and the reason.
import type { Account, AccountStatus } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/alert';
import { StatusText, type Tone } from '@/components/ui/badge';
import { Countdown } from '@/components/ui/time';
import { Tooltip } from '@/components/ui/tooltip';

const tones: Record<AccountStatus, Tone> = {
  ready: 'ok',
  cooling: 'warn',
  limited: 'warn',
  'needs-login': 'bad',
  blocked: 'bad',
  disabled: 'neutral',
};

interface HealthProps {
  account: Pick<Account, 'status' | 'reason' | 'until' | 'families'>;
}

/** One line for a dense list; the whole reason on hover and in the panel. */
export function HealthLine({ account }: HealthProps) {
  const t = useTranslations('accounts');
  const { status, reason, until } = account;
  const line = (
    <span className="flex min-w-0 items-center gap-1.5">
      <StatusText tone={tones[status]} className="shrink-0">
        {t(`status.${status}`)}
        {until !== null && <Countdown at={until} className="font-medium" />}
      </StatusText>
      {reason !== null && (
        <span lang="en" className="min-w-0 truncate text-muted max-sm:hidden">
          {reason}
        </span>
      )}
    </span>
  );
  if (reason === null) return line;
  return (
    <Tooltip content={<span lang="en">{reason}</span>} className="max-w-full">
      {line}
    </Tooltip>
  );
}

const alertTones = { ok: 'ok', warn: 'warn', bad: 'bad', neutral: 'info' } as const;

/** The whole story: what it means, why, until when, what to do. */
export function HealthBlock({ account, action }: HealthProps & { action?: React.ReactNode }) {
  const t = useTranslations('accounts');
  const { status, reason, until } = account;
  const tone = tones[status];
  return (
    <Alert
      tone={alertTones[tone === 'accent' || tone === 'info' ? 'neutral' : tone]}
      action={action}
      title={
        <span className="inline-flex flex-wrap items-center gap-x-2">
          {t(`status.${status}`)}
          {until !== null && <Countdown at={until} />}
        </span>
      }
    >
      <p className="text-text-soft">{t(`explain.${status}`)}</p>
      {reason !== null && (
        <p lang="en" className="mt-1 font-mono text-xs">
          {reason}
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
          <span lang="en" className="text-muted">
            {reason}
          </span>
        </li>
      ))}
    </ul>
  );
}
