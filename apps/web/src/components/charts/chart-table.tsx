'use client';
// Owns the figures of a chart as a table.
import { useTranslations } from 'next-intl';
import type { ChartSpec } from './chart-types';

export function ChartTable({ title, spec }: { title: string; spec: ChartSpec }) {
  const t = useTranslations('common.chart');
  const long = spec.formatCategoryLong ?? spec.formatCategory;
  return (
    <table className="w-full text-sm">
      <caption className="sr-only">{title}</caption>
      <thead>
        <tr>
          <th scope="col" className="sticky top-0 h-8 bg-surface text-left font-medium text-muted text-xs">
            {t('category')}
          </th>
          {spec.series.map((series) => (
            <th
              key={series.key}
              scope="col"
              className="sticky top-0 h-8 bg-surface pl-3 text-right font-medium text-muted text-xs"
            >
              {series.label}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {spec.points.map((point) => (
          <tr key={point.category}>
            <th scope="row" className="h-7 whitespace-nowrap border-line border-t text-left font-normal">
              {long(point.category)}
            </th>
            {spec.series.map((series) => {
              const value = point.values[series.key] ?? null;
              return (
                <td key={series.key} className="h-7 whitespace-nowrap border-line border-t pl-3 text-right">
                  {value === null ? '–' : spec.formatValue(value)}
                </td>
              );
            })}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
