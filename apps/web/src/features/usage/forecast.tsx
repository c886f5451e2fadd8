'use client';
// Owns what the month will have cost at its end: a range, how it comes about, and its course. A chunk of its own, which
// asks for itself: it is about the whole installation, whatever the page is narrowed to.
import type { Dashboard } from '@crs/shared';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { Chart } from '@/components/charts';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { callApi } from '@/lib/api';
import { serverNow } from '@/lib/server-clock';
import { rangeBounds } from '@/lib/time-range';
import { useFormat } from '@/lib/use-format';
import { forecastPoints } from './forecast-points';

const FRESH_MS = 5 * 60_000;
const HEIGHT_PX = 200;

interface Month {
  expected: Dashboard['forecast'];
  days: readonly { group: string; costNanoUsd: number }[];
}

function useMonth(timeZone: string): UseQueryResult<Month> {
  return useQuery({
    queryKey: ['usage', 'forecast', timeZone],
    staleTime: FRESH_MS,
    queryFn: async ({ signal }) => {
      const month = rangeBounds({ name: 'month' }, serverNow(), timeZone);
      const [overview, cost] = await callApi((client) =>
        Promise.all([
          client.dashboard.overview({ query: {} }, { signal }),
          client.stats.cost({ query: { ...month, groupBy: 'day' } }, { signal }),
        ]),
      );
      return { expected: overview.forecast, days: cost.rows };
    },
  });
}

export default function Forecast({ timeZone }: { timeZone: string }) {
  const t = useTranslations('usage.forecast');
  const query = useMonth(timeZone);
  const { data, error, isFetching } = query;
  if (data === undefined) {
    return (
      <section aria-label={t('title')} className="mt-3 rounded-card border border-line bg-surface p-4">
        {error !== null && !isFetching ? (
          <ErrorState title={t('failed')} error={error} onRetry={() => void query.refetch()} />
        ) : (
          <Skeleton className="h-[280px] w-full" />
        )}
      </section>
    );
  }
  if (data.expected === null) {
    return (
      <section
        aria-label={t('title')}
        className="mt-3 rounded-card border border-line bg-surface px-4 py-3 text-sm"
      >
        <h2 className="font-semibold">{t('title')}</h2>
        <p className="text-muted">{t('tooEarly')}</p>
      </section>
    );
  }
  return <Course expected={data.expected} days={data.days} timeZone={timeZone} />;
}

interface CourseProps {
  expected: NonNullable<Month['expected']>;
  days: Month['days'];
  timeZone: string;
}

function Course({ expected, days, timeZone }: CourseProps) {
  const t = useTranslations('usage.forecast');
  const format = useFormat();
  const range = {
    low: format.money(expected.lowNanoUsd),
    high: format.money(expected.highNanoUsd),
    spent: format.money(expected.monthToDateNanoUsd),
  };
  return (
    <div className="mt-3 grid gap-3 lg:grid-cols-[minmax(260px,1fr)_3fr]">
      <section
        aria-labelledby="forecast"
        className="flex flex-col gap-3 rounded-card border border-line bg-surface px-4 py-3"
      >
        <h2 id="forecast" className="font-semibold text-sm leading-8">
          {t('title')}
        </h2>
        <dl className="flex flex-col gap-3">
          <div>
            <dt className="text-muted text-sm">{t('spent')}</dt>
            <dd className="font-semibold text-2xl">{range.spent}</dd>
          </div>
          <div>
            <dt className="text-muted text-sm">{t('expected')}</dt>
            <dd className="font-semibold text-2xl">{t('range', { low: range.low, high: range.high })}</dd>
          </div>
        </dl>
        <p className="text-muted text-sm">{t('explained')}</p>
      </section>
      <Chart
        kind="lines"
        title={t('course')}
        unit={t('usd')}
        summary={t('summary', range)}
        height={HEIGHT_PX}
        series={[
          { key: 'spent', label: t('spent'), slot: 0 },
          { key: 'high', label: t('high'), slot: 5, dashed: true },
          { key: 'low', label: t('low'), slot: 2, dashed: true },
        ]}
        points={forecastPoints(days, expected, timeZone)}
        formatValue={format.money}
        formatTick={format.moneyShort}
        formatCategory={(iso) => format.day(iso, timeZone)}
        formatCategoryLong={(iso) => format.weekday(iso, timeZone)}
      />
    </div>
  );
}
