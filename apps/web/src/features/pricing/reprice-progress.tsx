'use client';
// Owns the last step of pricing again: how far the run is, and what it has changed.
import type { RepriceRun } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Alert } from '@/components/ui/alert';
import { LinkButton } from '@/components/ui/button';
import { ProgressBar } from '@/components/ui/progress-bar';
import { links } from '@/lib/paths';
import { useFormat } from '@/lib/use-format';
import { useSignedMoney } from './reprice-difference';

export function RepriceProgress({ run }: { run: RepriceRun }) {
  const t = useTranslations('pricing.reprice');
  const format = useFormat();
  const signed = useSignedMoney();
  const { totals, previewed, passed, all, status } = run;
  const changed = t('changed', {
    count: totals.requests,
    difference: signed(totals.newCostNanoUsd - totals.oldCostNanoUsd),
    charged: signed(totals.newChargedNanoUsd - totals.oldChargedNanoUsd),
  });
  return (
    <div className="flex flex-col gap-4">
      <p className="text-muted text-sm">
        {t('range', { from: format.dateTime(run.scope.from), to: format.dateTime(run.scope.to) })}
        {' · '}
        {t('startedBy', { name: run.startedBy, at: format.dateTime(run.startedAt) })}
      </p>
      {status === 'running' ? (
        <>
          <ProgressBar
            share={all === 0 ? 0 : passed / all}
            label={t('progress')}
            tone="accent"
            className="h-2!"
          />
          <p aria-live="polite" className="text-sm tabular-nums">
            {run.isCancelling
              ? t('cancelling')
              : t('passed', { passed: format.count(passed), all: format.count(all) })}
          </p>
          <p className="text-muted text-sm tabular-nums">{changed}</p>
        </>
      ) : (
        <Alert
          tone={status === 'done' ? 'ok' : 'warn'}
          title={status === 'done' ? t('done') : t('cancelled')}
          action={
            <LinkButton size="sm" href={links.audit('prices')}>
              {t('audit')}
            </LinkButton>
          }
        >
          <p className="tabular-nums">{changed}</p>
          {status === 'cancelled' && (
            <p>{t('rest', { count: Math.max(0, previewed.requests - totals.requests) })}</p>
          )}
        </Alert>
      )}
    </div>
  );
}
