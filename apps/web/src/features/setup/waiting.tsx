'use client';
// Owns the wait for a request of the client: it ends by itself when one has arrived.
import type { KeyStats } from '@crs/shared';
import { CircleCheck, TriangleAlert } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { Button } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { Spinner } from '@/components/ui/spinner';
import { RelativeTime } from '@/components/ui/time';
import { useFormat } from '@/lib/use-format';
import { arrivalSince } from './arrival';

interface WaitingProps {
  stats: KeyStats;
  /** The figures up to which requests are no news. */
  known: KeyStats;
  isWatching: boolean;
  onAgain: () => void;
}

export function Waiting({ stats, known, isWatching, onAgain }: WaitingProps) {
  const t = useTranslations('setup.waiting');
  const format = useFormat();
  const arrival = arrivalSince(known, stats);
  const isFirst = known.usage.total.requests === 0;
  return (
    <Panel title={t('title')}>
      <div aria-live="polite" className="flex items-start gap-3 text-sm">
        {arrival === null ? (
          <>
            {isWatching ? <Spinner /> : <TriangleAlert aria-hidden className="size-4 text-warn-text" />}
            <div>
              <p className="font-medium">{isFirst ? t('first') : t('next')}</p>
              <p className="text-muted">
                {isWatching ? t('help') : t('stopped')}
                {stats.lastUsedAt !== null && (
                  <>
                    {' '}
                    {t('lastUsed')} <RelativeTime at={stats.lastUsedAt} />
                  </>
                )}
              </p>
            </div>
          </>
        ) : (
          <>
            {arrival.failed > 0 ? (
              <TriangleAlert aria-hidden className="mt-0.5 size-4 shrink-0 text-warn-text" />
            ) : (
              <CircleCheck aria-hidden className="mt-0.5 size-4 shrink-0 text-ok-text" />
            )}
            <div>
              <p className="font-medium">
                {arrival.failed > 0
                  ? t('failed', { count: arrival.failed })
                  : t('arrived', { count: arrival.requests })}
              </p>
              <p className="text-muted">
                {arrival.failed > 0
                  ? t('failedHelp')
                  : t('arrivedHelp', { cost: format.moneyExact(arrival.chargedNanoUsd) })}
              </p>
              <Button size="sm" onClick={onAgain} className="mt-2">
                {t('again')}
              </Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}
