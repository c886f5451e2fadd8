'use client';
// Owns the charts of one key and its models as a table; a chunk of its own.
import { useTranslations } from 'next-intl';
import { Chart, type ChartProps } from '@/components/charts';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { ModelTable } from './key-usage';
import { hasOther, OTHER, spendPoints } from './spend-points';
import type { KeyStats } from './use-key-stats';

export default function KeyCharts({ stats, days }: { stats: KeyStats; days: number }) {
  const t = useTranslations('keys.view');
  const usage = useTranslations('keys.usage');
  const format = useFormat();
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  const { byDay, byModel, models } = stats;
  const spend = spendPoints(stats);
  const isUsed = byDay.total.requests > 0;
  const common: Pick<ChartProps, 'kind' | 'height' | 'formatCategory'> = {
    kind: 'columns',
    height: 200,
    formatCategory: (iso) => format.day(iso, timeZone),
  };
  return (
    <>
      <Chart
        {...common}
        title={t('spendByModel')}
        unit={usage('usd')}
        summary={usage('byDaySummary', { total: format.money(byDay.total.costNanoUsd), count: days })}
        series={[
          ...models.map(({ name }, slot) => ({ key: name, label: name, slot })),
          ...(hasOther(spend) ? [{ key: OTHER, label: t('otherModels'), tone: 'muted' as const }] : []),
        ]}
        points={spend}
        formatValue={format.money}
        formatTick={format.moneyShort}
      />
      <Chart
        {...common}
        title={t('requestsByDay')}
        unit={t('requests')}
        summary={t('requestsSummary', { total: format.count(byDay.total.requests), count: days })}
        series={[
          { key: 'answered', label: t('answered'), slot: 0 },
          { key: 'failed', label: t('failed'), tone: 'bad' },
        ]}
        points={
          isUsed
            ? byDay.rows.map(({ group, requests, errors }) => ({
                category: group,
                values: { answered: requests - errors, failed: errors },
              }))
            : []
        }
        formatValue={format.count}
        formatTick={format.tokens}
      />
      {byModel.rows.length > 0 && (
        <section className="min-w-0 rounded-card border border-line bg-surface px-4 py-3">
          <ModelTable usage={byModel} title={t('byModel', { count: days })} />
        </section>
      )}
    </>
  );
}
