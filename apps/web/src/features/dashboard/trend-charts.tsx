'use client';
// Owns the three charts over time: spend, requests by outcome, tokens by kind.
import type { Dashboard, UsageRow } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Chart, type ChartPoint, type ChartProps } from '@/components/charts';
import { useFormat } from '@/lib/use-format';
import { allTokens } from './figures';
import type { DashboardRange } from './range';

interface TrendChartsProps {
  data: Dashboard;
  timeZone: string;
  onZoom: (range: DashboardRange) => void;
}

const HEIGHT_PX = 190;
const DAY_MS = 24 * 3_600_000;

export function TrendCharts({ data, timeZone, onZoom }: TrendChartsProps) {
  const t = useTranslations('dashboard.charts');
  const format = useFormat();
  const { trendBy, trend: rows } = data;
  const byHour = trendBy === 'hour';
  const hasFigures = rows.some(({ requests }) => requests > 0);
  const when = (iso: string) =>
    byHour ? `${format.day(iso, timeZone)} ${format.clock(iso, timeZone)}` : format.day(iso, timeZone);

  const points = (values: (row: UsageRow) => ChartPoint['values']): ChartPoint[] =>
    hasFigures ? rows.map((row) => ({ category: row.group, values: values(row) })) : [];
  const summary = (total: string, valueOf: (row: UsageRow) => number, write: (value: number) => string) => {
    const peak = rows.reduce<UsageRow | null>(
      (most, row) => (most === null || valueOf(row) > valueOf(most) ? row : most),
      null,
    );
    if (peak === null) return total;
    return t('summary', { total, peak: write(valueOf(peak)), when: when(peak.group) });
  };
  const common: Pick<ChartProps, 'kind' | 'height' | 'formatCategory' | 'formatCategoryLong' | 'onSelect'> = {
    kind: 'columns',
    height: HEIGHT_PX,
    formatCategory: (iso) => (byHour ? format.clock(iso, timeZone) : format.day(iso, timeZone)),
    formatCategoryLong: when,
    ...(byHour
      ? {}
      : {
          onSelect: ({ category }) =>
            onZoom({
              name: 'custom',
              from: category,
              to: new Date(Date.parse(category) + DAY_MS).toISOString(),
            }),
        }),
  };

  return (
    <div className="grid gap-3 lg:grid-cols-2 xl:grid-cols-3">
      <Chart
        {...common}
        title={byHour ? t('spendByHour') : t('spendByDay')}
        unit={t('usd')}
        summary={summary(format.money(data.current.costNanoUsd), (row) => row.costNanoUsd, format.money)}
        series={[{ key: 'spend', label: t('spend'), slot: 0 }]}
        points={points((row) => ({ spend: row.costNanoUsd }))}
        formatValue={format.money}
        formatTick={format.moneyShort}
      />
      <Chart
        {...common}
        title={byHour ? t('requestsByHour') : t('requestsByDay')}
        unit={t('requests')}
        summary={summary(format.count(data.current.requests), (row) => row.requests, format.count)}
        series={[
          { key: 'answered', label: t('answered'), slot: 0 },
          { key: 'failed', label: t('failed'), tone: 'bad' },
        ]}
        points={points((row) => ({ answered: row.requests - row.errors, failed: row.errors }))}
        formatValue={format.count}
        formatTick={format.tokens}
      />
      <div className="min-w-0 lg:col-span-2 xl:col-span-1">
        <Chart
          {...common}
          title={byHour ? t('tokensByHour') : t('tokensByDay')}
          unit={t('tokens')}
          summary={summary(format.tokens(allTokens(data.current)), allTokens, format.tokens)}
          series={[
            { key: 'input', label: t('input'), slot: 0 },
            { key: 'output', label: t('output'), slot: 1 },
            { key: 'cacheRead', label: t('cacheRead'), slot: 2 },
            { key: 'cacheWrite', label: t('cacheWrite'), slot: 3 },
          ]}
          points={points((row) => ({
            input: row.input,
            output: row.output,
            cacheRead: row.cacheRead,
            cacheWrite: row.cacheWrite5m + row.cacheWrite1h,
          }))}
          formatValue={format.tokens}
          formatTick={format.tokens}
        />
      </div>
    </div>
  );
}
