'use client';
// Owns the attempts of a request: which account was asked, what it answered, how long it took.
import type { AttemptRow } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { StatusText, type Tone } from '@/components/ui/badge';
import { CopyButton } from '@/components/ui/copy-button';
import { useAccountKinds } from '@/lib/account-kinds';
import { links } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';
import { EntryLink } from './entry-link';
import { tokensIn } from './usage';

const tones: Record<AttemptRow['outcome'], Tone> = {
  ok: 'ok',
  failed: 'bad',
  client_left: 'neutral',
  crashed: 'bad',
};

export function AttemptList({ attempts }: { attempts: readonly AttemptRow[] }) {
  const t = useTranslations('requests');
  const format = useFormat();
  const kinds = useAccountKinds();
  if (attempts.length === 0) return <p className="text-muted text-sm">{t('noAttempts')}</p>;
  return (
    <ol className="divide-y divide-line rounded-card border border-line">
      {attempts.map((attempt, index) => (
        <li key={attempt.id} className="flex gap-3 px-3 py-2.5 text-sm">
          <span className="w-4 shrink-0 text-muted">{index + 1}</span>
          <div className="min-w-0 flex-1">
            <div className="flex flex-wrap items-center justify-between gap-x-3">
              <span className="min-w-0">
                <EntryLink href={links.account(attempt.accountId)}>{attempt.accountName}</EntryLink>
                <span className="text-muted text-xs">{` · ${kinds.label(attempt.kind)}`}</span>
              </span>
              <StatusText tone={tones[attempt.outcome]}>
                {attempt.status === 0 ? t('notReached') : attempt.status}
                <span className="text-text-soft">{t(`outcome.${attempt.outcome}`)}</span>
              </StatusText>
            </div>
            {attempt.reason !== null && (
              <p lang="en" className="mt-0.5 break-words font-mono text-bad-text text-xs">
                {attempt.reason}
              </p>
            )}
            <dl className="mt-0.5 flex flex-wrap gap-x-3 text-muted text-xs leading-6">
              <Figure label={t('columns.duration')} value={format.duration(attempt.durationMs)} />
              {attempt.firstEventMs !== null && (
                <Figure label={t('columns.firstEvent')} value={format.duration(attempt.firstEventMs)} />
              )}
              <Figure
                label={t('columns.tokens')}
                value={`${format.tokens(tokensIn(attempt.usage))} → ${format.tokens(attempt.usage.output)}`}
              />
              <Figure label={t('columns.cost')} value={format.money(attempt.costNanoUsd)} />
              {attempt.upstreamRequestId !== null && (
                <div className="flex min-w-0 items-center gap-1">
                  <dt>{t('upstreamId')}</dt>
                  <dd className="flex min-w-0 items-center">
                    <code className="truncate font-mono text-text">{attempt.upstreamRequestId}</code>
                    <CopyButton text={attempt.upstreamRequestId} label={t('copyUpstreamId')} />
                  </dd>
                </div>
              )}
            </dl>
          </div>
        </li>
      ))}
    </ol>
  );
}

function Figure({ label, value }: { label: string; value: string }) {
  return (
    <div className="flex gap-1">
      <dt>{label}</dt>
      <dd className="text-text">{value}</dd>
    </div>
  );
}
