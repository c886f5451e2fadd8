'use client';
// Owns the trend of one account: spend and attempts by day; a chunk of its own.
import { useTranslations } from 'next-intl';
import { Chart, type ChartProps } from '@/components/charts';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import type { AccountUsage } from './account-queries';

export default function AccountCharts({
  usage: { rows, total },
  days,
}: {
  usage: AccountUsage;
  days: number;
}) {
  const t = useTranslations('accounts.trend');
  const format = useFormat();
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  const common: Pick<ChartProps, 'kind' | 'height' | 'formatCategory'> = {
    kind: 'columns',
    height: 150,
    formatCategory: (iso) => format.day(iso, timeZone),
  };
  const isUsed = total.attempts > 0;
  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <Chart
        {...common}
        title={t('spend')}
        unit={t('usd')}
        summary={t('spendSummary', { total: format.money(total.costNanoUsd), count: days })}
        series={[{ key: 'spend', label: t('spendShort'), slot: 0 }]}
        points={
          total.costNanoUsd > 0
            ? rows.map((day) => ({ category: day.group, values: { spend: day.costNanoUsd } }))
            : []
        }
        formatValue={format.money}
        formatTick={format.moneyShort}
      />
      <Chart
        {...common}
        title={t('attempts')}
        unit={t('attemptsUnit')}
        summary={t('attemptsSummary', {
          total: format.count(total.attempts),
          failed: format.count(total.errors),
          count: days,
        })}
        series={[
          { key: 'answered', label: t('answered'), slot: 0 },
          { key: 'failed', label: t('failed'), tone: 'bad' },
        ]}
        points={
          isUsed
            ? rows.map(({ group, attempts, errors }) => ({
                category: group,
                values: { answered: attempts - errors, failed: errors },
              }))
            : []
        }
        formatValue={format.count}
        formatTick={format.tokens}
      />
    </div>
  );
}
