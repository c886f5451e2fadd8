// Owns the shape of a chart's data: one for every kind of chart, and for the table that says the same.

export interface ChartSeries {
  key: string;
  label: string;
  /** Slot of the palette, 0 to 5; the same thing has the same slot on every page. */
  slot?: number;
  /** Colour with a meaning instead of a slot. */
  tone?: 'ok' | 'warn' | 'bad' | 'muted';
  /** Forecasts and comparisons. */
  dashed?: boolean;
}

export interface ChartPoint {
  /** Period (ISO time) or name; the key of the point. */
  category: string;
  values: Readonly<Record<string, number | null>>;
}

/** `columns` and `areas` stack their series; `bars` lie on their side, one per category. */
type ChartKind = 'columns' | 'areas' | 'lines' | 'bars';

export interface ChartSpec {
  kind: ChartKind;
  series: readonly ChartSeries[];
  points: readonly ChartPoint[];
  /** Full value, for tooltip and table. */
  formatValue: (value: number) => string;
  /** Short value, for the axis. */
  formatTick: (value: number) => string;
  /** Category for the axis. */
  formatCategory: (category: string) => string;
  /** Category in full, for tooltip and table. */
  formatCategoryLong?: (category: string) => string;
  /** A press on a point, e.g. to filter by it. */
  onSelect?: (point: ChartPoint) => void;
}

const tones = {
  ok: 'var(--ok)',
  warn: 'var(--warn)',
  bad: 'var(--bad)',
  muted: 'var(--line-control)',
} as const;

/** CSS colour of a series; follows the theme by itself. */
export function seriesColour(series: ChartSeries, index: number): string {
  if (series.tone !== undefined) return tones[series.tone];
  return `var(--chart-${((series.slot ?? index) % 6) + 1})`;
}
