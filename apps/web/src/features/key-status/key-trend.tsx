'use client';
// Owns the use of a key by day and by model; a chunk of its own, its drawing another.
import type { KeyStats } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { Chart } from '@/components/charts';
import { useFormat } from '@/lib/use-format';

const MODELS_SHOWN = 8;

export default function KeyTrend({ stats }: { stats: KeyStats }) {
  const t = useTranslations('keys.usage');
  const format = useFormat();
  const { usageByDay, usageByModel, server } = stats;
  const total = usageByModel.reduce((sum, row) => sum + row.chargedNanoUsd, 0);
  const models = usageByModel.slice(0, MODELS_SHOWN);
  return (
    <>
      <Chart
        kind="columns"
        title={t('byDay')}
        unit={t('usd')}
        summary={t('byDaySummary', { total: format.money(total), count: usageByDay.length })}
        height={140}
        series={[{ key: 'spend', label: t('spend'), slot: 0 }]}
        points={
          models.length === 0
            ? []
            : usageByDay.map((day) => ({ category: day.group, values: { spend: day.chargedNanoUsd } }))
        }
        formatValue={format.money}
        formatTick={format.moneyShort}
        formatCategory={(iso) => format.day(iso, server.timezone)}
      />
      {models.length > 0 && (
        <table className="w-full table-fixed text-sm">
          <caption className="sr-only">{t('byModel')}</caption>
          <thead>
            <tr className="text-muted text-xs">
              <th scope="col" className="h-7 text-left font-medium">
                {t('byModel')}
              </th>
              <th scope="col" className="w-20 text-right font-medium max-sm:w-16">
                {t('requests')}
              </th>
              <th scope="col" className="w-20 text-right font-medium max-sm:w-16">
                {t('spend')}
              </th>
            </tr>
          </thead>
          <tbody>
            {models.map((row) => (
              <tr key={row.group}>
                <td title={row.group} className="h-7 truncate border-line border-t font-mono text-xs">
                  {row.group}
                </td>
                <td className="border-line border-t text-right text-muted">{format.count(row.requests)}</td>
                <td className="border-line border-t text-right">{format.money(row.chargedNanoUsd)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </>
  );
}
