'use client';
// Owns the picture of the explorer: over time, or the greatest entries; split into series where that is asked for.
import { useTranslations } from 'next-intl';
import { Chart, type ChartPoint, type ChartSeries } from '@/components/charts';
import {
  BARS_SHOWN,
  greatest,
  needsOthers,
  OTHERS,
  partsOf,
  plainPoints,
  seriesKey,
  splitPoints,
} from './chart-points';
import { isPeriod } from './definition';
import { isAdditive, type Measure, unitOf, valueOf } from './measures';
import type { GroupNames } from './use-group-names';
import { useGroupNames } from './use-group-names';
import { useMeasureFormat } from './use-measure-format';
import type { UsageAnswer, UsageTableRow } from './use-usage';

interface UsageChartProps {
  answer: UsageAnswer;
  measure: Measure;
  names: GroupNames;
  timeZone: string;
  onDrill: (row: UsageTableRow) => void;
}

const HEIGHT_PX = 280;
const BAR_PX = 30;

export function UsageChart({ answer, measure, names, timeZone, onDrill }: UsageChartProps) {
  const t = useTranslations('usage');
  const { full, short } = useMeasureFormat(measure);
  const seriesNames = useGroupNames(answer.split ?? 'model', timeZone);
  const overTime = isPeriod(answer.by);
  const rows = overTime ? answer.rows : greatest(measure, answer.rows);
  const isSplit = answer.split !== null && answer.series.length > 0;
  const points = isSplit ? splitPoints(measure, { ...answer, rows }) : plainPoints(measure, rows);
  const isEmpty = answer.rows.every((row) => row.requests === 0) || rows.length === 0;

  const words = { measure: t(`measures.${measure}`), by: t(`groups.${answer.by}`) };
  const unsplit = overTime ? t(`chart.per.${answer.by as 'day'}`, words) : t('chart.by', words);
  const title =
    isSplit && answer.split !== null
      ? t('chart.split', { title: unsplit, split: t(`groups.${answer.split}`) })
      : unsplit;

  const series: ChartSeries[] = isSplit
    ? [
        ...answer.series.map(({ id, label }, slot) => ({
          key: seriesKey(id),
          label: id === null ? t('chart.others') : seriesNames.long({ group: id, label }),
          ...(id === null ? { tone: 'muted' as const } : { slot }),
        })),
        ...(answer.series.some(({ id }) => id === null) || !needsOthers(points)
          ? []
          : [{ key: OTHERS, label: t('chart.others'), tone: 'muted' as const }]),
      ]
    : partsOf(measure)
        // Bars lie beside each other: times of one entry are no parts of a whole.
        .filter(({ key }) => overTime || isAdditive(measure) || key === 'p95' || key === measure)
        .filter(({ key }) => isAlways(key) || points.some(({ values }) => (values[key] ?? 0) !== 0))
        .map(({ key, value: _value, ...look }) => ({ key, label: t(`parts.${key}`), ...look }));

  const byGroup = new Map(answer.rows.map((row) => [row.group, row]));
  const nameOf = (write: GroupNames['short']) => (group: string) => {
    const row = byGroup.get(group);
    return row === undefined ? group : write(row);
  };
  const cut = (text: string) => (!overTime && text.length > 20 ? `${text.slice(0, 19)}…` : text);
  const select = (point: ChartPoint) => {
    const row = byGroup.get(point.category);
    if (row !== undefined) onDrill(row);
  };

  return (
    <Chart
      kind={overTime ? (isAdditive(measure) ? 'columns' : 'lines') : 'bars'}
      title={title}
      unit={t(`units.${unitOf[measure]}`)}
      summary={summary()}
      height={overTime ? HEIGHT_PX : Math.max(HEIGHT_PX, points.length * BAR_PX + 40)}
      series={series}
      points={isEmpty ? [] : points}
      formatValue={full}
      formatTick={short}
      formatCategory={(group) => cut(nameOf(names.short)(group))}
      formatCategoryLong={nameOf(names.long)}
      onSelect={select}
      actions={
        !overTime && answer.rows.length > BARS_SHOWN ? (
          <span className="text-muted text-xs">
            {t('chart.shown', { shown: points.length, all: answer.rows.length })}
          </span>
        ) : undefined
      }
    />
  );

  function summary(): string {
    const whole = valueOf(measure, answer.total);
    const peak = rows.reduce<UsageTableRow | null>((most, row) => {
      const value = valueOf(measure, row);
      if (value === null) return most;
      return most === null || value > (valueOf(measure, most) ?? 0) ? row : most;
    }, null);
    const total = whole === null ? '–' : full(whole);
    if (peak === null) return t('chart.summaryNone', { title });
    return t('chart.summary', {
      title,
      total,
      peak: full(valueOf(measure, peak) ?? 0),
      when: names.long(peak),
    });
  }
}

/** Kinds of failures that did not occur need no place in the legend. */
function isAlways(key: string): boolean {
  return !['rateLimited', 'clientError', 'serverError', 'noAnswer'].includes(key);
}
