// Owns what a chart says about one point.
import { type ChartSpec, seriesColour } from './chart-types';

interface ChartTooltipProps {
  spec: ChartSpec;
  /** The point in question; null shows nothing. */
  category: string | null;
}

export function ChartTooltip({ spec, category }: ChartTooltipProps) {
  const point = spec.points.find((candidate) => candidate.category === category);
  if (point === undefined) return null;
  const long = spec.formatCategoryLong ?? spec.formatCategory;
  return (
    <div className="min-w-36 rounded-card border border-line-strong bg-surface px-2.5 py-2 text-xs shadow-float">
      <p className="mb-1 font-medium">{long(point.category)}</p>
      <ul>
        {spec.series.map((series, index) => {
          const value = point.values[series.key] ?? null;
          return (
            <li key={series.key} className="flex items-center gap-1.5 leading-5">
              <span
                aria-hidden
                className="size-2 rounded-[2px]"
                style={{ background: seriesColour(series, index) }}
              />
              <span className="flex-1 text-muted">{series.label}</span>
              <span className="pl-3 font-medium">{value === null ? '–' : spec.formatValue(value)}</span>
            </li>
          );
        })}
      </ul>
    </div>
  );
}
