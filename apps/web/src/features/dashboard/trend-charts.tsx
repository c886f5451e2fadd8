'use client';
// Owns the charts over time: spend by model, tokens by kind, requests by outcome, latency.
import type { Dashboard, StatsFigures, UsageRow } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Chart, type ChartPoint, type ChartProps, type ChartSeries } from '@/components/charts';
import { allTokens } from '@/lib/figures';
import type { TimeRange } from '@/lib/time-range';
import { useFormat } from '@/lib/use-format';
import { useModelTrend } from './use-dashboard';

interface TrendChartsProps {
  data: Dashboard;
  timeZone: string;
  onZoom: (range: TimeRange) => void;
}

const HEIGHT_PX = 190;
const DAY_MS = 24 * 3_600_000;
const OTHERS = '__others';

export function TrendCharts({ data, timeZone, onZoom }: TrendChartsProps) {
  const t = useTranslations('dashboard.charts');
  const format = useFormat();
  const { trendBy, trend: rows, current } = data;
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
  const failures = (
    [
      { key: 'rateLimited', tone: 'warn' },
      { key: 'clientError', tone: 'muted' },
      { key: 'serverError', tone: 'bad' },
      { key: 'noAnswer', slot: 3 },
    ] as const
  ).filter(({ key }) => current.errorsByClass[key] > 0);

  return (
    <div className="grid gap-3 lg:grid-cols-2">
      <SpendChart
        {...common}
        data={data}
        title={byHour ? t('spendByHour') : t('spendByDay')}
        summary={summary(format.money(current.costNanoUsd), (row) => row.costNanoUsd, format.money)}
      />
      <Chart
        {...common}
        title={byHour ? t('tokensByHour') : t('tokensByDay')}
        unit={t('tokens')}
        summary={summary(format.tokens(allTokens(current)), allTokens, format.tokens)}
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
      <Chart
        {...common}
        title={byHour ? t('requestsByHour') : t('requestsByDay')}
        unit={t('requests')}
        summary={summary(format.count(current.requests), (row) => row.requests, format.count)}
        series={[
          { key: 'answered', label: t('answered'), slot: 0 },
          ...failures.map((failure) => ({ ...failure, label: t(`errors.${failure.key}`) })),
        ]}
        points={points((row) => ({ answered: row.requests - row.errors, ...row.errorsByClass }))}
        formatValue={format.count}
        formatTick={format.tokens}
      />
      <Chart
        {...common}
        kind="lines"
        title={byHour ? t('latencyByHour') : t('latencyByDay')}
        unit={t('time')}
        summary={t('latencySummary', latencyOf(current, format.duration))}
        series={[
          { key: 'p50', label: t('p50'), slot: 0 },
          { key: 'p95', label: t('p95'), slot: 1 },
          { key: 'first', label: t('firstToken'), slot: 2 },
        ]}
        points={points(({ latency }) => ({
          p50: latency.durationMs?.p50 ?? null,
          p95: latency.durationMs?.p95 ?? null,
          first: latency.firstEventMs?.p50 ?? null,
        }))}
        formatValue={format.duration}
        formatTick={format.duration}
      />
    </div>
  );
}

function latencyOf({ latency }: StatsFigures, write: (ms: number) => string) {
  const say = (ms: number | undefined) => (ms === undefined ? '–' : write(ms));
  return {
    p50: say(latency.durationMs?.p50),
    p95: say(latency.durationMs?.p95),
    first: say(latency.firstEventMs?.p50),
  };
}

type SpendChartProps = Pick<
  ChartProps,
  'kind' | 'height' | 'formatCategory' | 'formatCategoryLong' | 'onSelect' | 'title' | 'summary'
> & { data: Dashboard };

/** Whole columns until the models are there; then the same columns, told apart. */
function SpendChart({ data, ...rest }: SpendChartProps) {
  const t = useTranslations('dashboard.charts');
  const format = useFormat();
  const models = useModelTrend(data).data;
  const isUsed = data.trend.some(({ requests }) => requests > 0);
  const series: ChartSeries[] =
    models === undefined
      ? [{ key: 'spend', label: t('spend'), slot: 0 }]
      : models.series.map(({ id, label }, slot) =>
          id === null
            ? { key: OTHERS, label: t('others'), tone: 'muted' }
            : { key: id, label: label === '' ? t('noModel') : label, slot },
        );
  const points: ChartPoint[] =
    models === undefined
      ? data.trend.map(({ group, costNanoUsd }) => ({ category: group, values: { spend: costNanoUsd } }))
      : models.rows.map(({ group, parts }) => ({
          category: group,
          values: Object.fromEntries(
            models.series.map(({ id }, index) => [id ?? OTHERS, parts[index]?.costNanoUsd ?? 0]),
          ),
        }));
  return (
    <Chart
      {...rest}
      unit={t('usd')}
      series={series}
      points={isUsed ? points : []}
      formatValue={format.money}
      formatTick={format.moneyShort}
    />
  );
}
