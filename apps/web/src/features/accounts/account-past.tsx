'use client';
// Owns what went wrong with an account and how its state changed: the latest of both, newest first.
import type { AccountHistory } from '@crs/shared';
import { ArrowRight } from 'lucide-react';
import Link from 'next/link';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { AccountReason } from '@/components/accounts/account-reason';
import { StatusText } from '@/components/ui/badge';
import { Button } from '@/components/ui/button';
import { RelativeTime } from '@/components/ui/time';
import { links } from '@/lib/paths';
import { toneOf } from './account-health';
import { useFailureName } from './use-failure-name';

const FIRST_SHOWN = 8;

export function ErrorHistory({ errors }: Pick<AccountHistory, 'errors'>) {
  const t = useTranslations('accounts.past');
  const failureName = useFailureName();
  const { shown, button } = useShown(errors);
  if (errors.length === 0) return <p className="text-muted text-sm">{t('noErrors')}</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {shown.map((error) => (
          <li key={`${error.at} ${error.requestId}`} className="flex flex-col gap-0.5 py-2 text-sm">
            <span className="flex flex-wrap items-baseline gap-x-2">
              <span className="font-medium text-bad-text">{failureName(error.code)}</span>
              {error.status > 0 && <span className="text-muted text-xs">{error.status}</span>}
              <code className="min-w-0 break-all font-mono text-muted text-xs">{error.model}</code>
              <RelativeTime at={error.at} className="ml-auto shrink-0 text-muted text-xs" />
            </span>
            <span lang="en" className="break-words font-mono text-text-soft text-xs">
              {error.message}
            </span>
            {error.requestId === null ? (
              <span className="text-muted text-xs">{t('ofTest')}</span>
            ) : (
              <Link
                href={links.request(error.requestId)}
                className="w-fit rounded-[4px] text-accent-text text-xs underline decoration-accent-line underline-offset-3 hover:decoration-current max-sm:py-1"
              >
                {t('toRequest')}
              </Link>
            )}
          </li>
        ))}
      </ul>
      {button}
    </>
  );
}

export function ChangeHistory({ changes }: Pick<AccountHistory, 'changes'>) {
  const t = useTranslations('accounts');
  const { shown, button } = useShown(changes);
  if (changes.length === 0) return <p className="text-muted text-sm">{t('past.noChanges')}</p>;
  return (
    <>
      <ul className="divide-y divide-line">
        {shown.map(({ at, from, to, reason, by }) => (
          <li key={`${at} ${to}`} className="flex flex-col gap-0.5 py-2 text-sm">
            <span className="flex flex-wrap items-center gap-x-2">
              <span className="text-muted">{t(`status.${from}`)}</span>
              <ArrowRight aria-hidden className="size-3.5 shrink-0 text-muted" />
              <span className="sr-only">{t('past.to')}</span>
              <StatusText tone={toneOf({ status: to, reason: to === 'ready' ? null : reason })}>
                {t(`status.${to}`)}
              </StatusText>
              <RelativeTime at={at} className="ml-auto shrink-0 text-muted text-xs" />
            </span>
            <span className="break-words text-muted text-xs">
              {by === null ? t('past.byItself') : t('past.by', { name: by })}
              {reason !== null && ' · '}
              {reason !== null && <AccountReason reason={reason} />}
            </span>
          </li>
        ))}
      </ul>
      {button}
    </>
  );
}

/** The first few; all of them on demand. */
function useShown<Entry>(entries: readonly Entry[]) {
  const t = useTranslations('accounts.past');
  const [all, setAll] = useState(false);
  const isCut = !all && entries.length > FIRST_SHOWN;
  return {
    shown: isCut ? entries.slice(0, FIRST_SHOWN) : entries,
    button: isCut && (
      <Button size="sm" onClick={() => setAll(true)} className="mt-1 self-start">
        {t('showAll', { count: entries.length })}
      </Button>
    ),
  };
}
