'use client';
// Owns the figures of one key: today and in all, spend per day and by model over the last 30 days.
import type { Figures, Key } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Chart } from '@/components/charts';
import { Skeleton } from '@/components/ui/skeleton';
import { ErrorState } from '@/components/ui/states';
import { useSession } from '@/lib/session';
import { useFormat } from '@/lib/use-format';
import { type KeyUsage, USAGE_DAYS, useKeyUsage } from './use-keys';

const MODELS_SHOWN = 8;

export function UsageTable({ usage }: { usage: Key['usage'] }) {
  const t = useTranslations('keys.usage');
  const format = useFormat();
  const rows: [string, (figures: Figures) => string][] = [
    [t('spend'), ({ costNanoUsd }) => format.money(costNanoUsd)],
    [t('requests'), ({ requests }) => format.count(requests)],
    [t('errors'), ({ errors }) => format.count(errors)],
    [t('input'), ({ input }) => format.tokens(input)],
    [t('output'), ({ output }) => format.tokens(output)],
    [t('cacheRead'), ({ cacheRead }) => format.tokens(cacheRead)],
    [t('cacheWrite'), (figures) => format.tokens(figures.cacheWrite5m + figures.cacheWrite1h)],
  ];
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{t('title')}</caption>
      <thead>
        <tr className="text-muted text-xs">
          <td />
          <th scope="col" className="h-7 text-right font-medium">
            {t('today')}
          </th>
          <th scope="col" className="h-7 text-right font-medium">
            {t('total')}
          </th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([label, write]) => (
          <tr key={label}>
            <th scope="row" className="h-7 border-line border-t text-left font-normal text-muted">
              {label}
            </th>
            <td className="border-line border-t text-right">{write(usage.today)}</td>
            <td className="border-line border-t text-right">{write(usage.total)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

export function UsageTrend({ apiKey: key }: { apiKey: Key }) {
  const t = useTranslations('keys.usage');
  const isUsed = key.usage.total.requests > 0;
  const query = useKeyUsage(key.id, isUsed);
  if (!isUsed) return <p className="text-muted text-sm">{t('unused')}</p>;
  if (query.data !== undefined) return <Trend usage={query.data} />;
  if (query.error !== null && !query.isFetching) {
    return (
      <ErrorState
        title={t('failed')}
        error={query.error}
        onRetry={() => void query.refetch()}
        className="py-6!"
      />
    );
  }
  return <Skeleton className="h-60 w-full" />;
}

function Trend({ usage: { byDay, byModel } }: { usage: KeyUsage }) {
  const t = useTranslations('keys.usage');
  const format = useFormat();
  const timeZone = useSession().data?.server.timezone ?? 'UTC';
  const total = byDay.total.costNanoUsd;
  return (
    <>
      <Chart
        kind="columns"
        title={t('byDay')}
        unit={t('usd')}
        summary={t('byDaySummary', { total: format.money(total), count: USAGE_DAYS })}
        height={140}
        series={[{ key: 'spend', label: t('spend'), slot: 0 }]}
        points={
          byDay.total.requests === 0
            ? []
            : byDay.rows.map((day) => ({ category: day.group, values: { spend: day.costNanoUsd } }))
        }
        formatValue={format.money}
        formatTick={format.moneyShort}
        formatCategory={(iso) => format.day(iso, timeZone)}
      />
      {byModel.rows.length > 0 && <ModelTable usage={byModel} title={t('byModel')} />}
    </>
  );
}

/** The models that cost the most, each with its share. */
export function ModelTable({ usage, title }: { usage: KeyUsage['byModel']; title: string }) {
  const t = useTranslations('keys.usage');
  const format = useFormat();
  const total = usage.total.costNanoUsd;
  const models = usage.rows.toSorted((a, b) => b.costNanoUsd - a.costNanoUsd).slice(0, MODELS_SHOWN);
  return (
    <table className="w-full table-fixed text-sm">
      <caption className="sr-only">{title}</caption>
      <thead>
        <tr className="text-muted text-xs">
          <th scope="col" className="h-7 text-left font-medium">
            {title}
          </th>
          <th scope="col" className="w-24 text-right font-medium max-sm:w-16">
            {t('requests')}
          </th>
          <th scope="col" className="w-24 text-right font-medium max-sm:w-16">
            {t('spend')}
          </th>
          <th scope="col" className="w-16 text-right font-medium max-sm:w-14">
            {t('share')}
          </th>
        </tr>
      </thead>
      <tbody>
        {models.map((row) => (
          <tr key={row.group}>
            <td className="h-7 truncate border-line border-t font-mono text-xs">{row.group}</td>
            <td className="border-line border-t text-right text-muted">{format.count(row.requests)}</td>
            <td className="border-line border-t text-right">{format.money(row.costNanoUsd)}</td>
            <td className="border-line border-t text-right text-muted">
              {format.percent(total === 0 ? 0 : row.costNanoUsd / total)}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
