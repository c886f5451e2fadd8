'use client';
// Owns the drawing of a chart. The only file that knows the chart library; a chunk of its own.
import type { ReactElement } from 'react';
import {
  Area,
  AreaChart,
  Bar,
  BarChart,
  CartesianGrid,
  Line,
  LineChart,
  ResponsiveContainer,
  Tooltip,
  XAxis,
  YAxis,
} from 'recharts';
import { ChartTooltip } from './chart-tooltip';
import { type ChartPoint, type ChartSeries, type ChartSpec, seriesColour } from './chart-types';

const tick = { fontSize: 11, fill: 'var(--muted)' } as const;
const margin = { top: 4, right: 4, bottom: 0, left: 0 } as const;

/** Charts that share a unit on one page move their tooltips together. */
function syncProps(spec: ChartSpec) {
  return spec.kind === 'bars' ? {} : { syncId: 'over-time', syncMethod: 'value' as const };
}

export default function ChartCanvas({ spec }: { spec: ChartSpec }) {
  const data: ChartPoint[] = [...spec.points];
  const frame = {
    data,
    margin,
    accessibilityLayer: false,
    ...syncProps(spec),
  };
  return (
    <ResponsiveContainer width="100%" height="100%" initialDimension={{ width: 400, height: 200 }}>
      {drawing(spec, frame)}
    </ResponsiveContainer>
  );
}

interface Frame {
  data: ChartPoint[];
  margin: typeof margin;
  accessibilityLayer: boolean;
  syncId?: string;
  syncMethod?: 'value';
}

function drawing(spec: ChartSpec, frame: Frame): ReactElement {
  const still = { isAnimationActive: false } as const;
  const value = (series: ChartSeries) => (point: ChartPoint) => point.values[series.key] ?? null;
  const pressed = (point: ChartPoint | undefined) => {
    if (point !== undefined) spec.onSelect?.(point);
  };
  const cursor = spec.onSelect === undefined ? undefined : 'pointer';
  switch (spec.kind) {
    case 'columns':
      return (
        <BarChart {...frame} barCategoryGap="18%">
          {axes(spec)}
          {spec.series.map((series, index) => (
            <Bar
              {...still}
              key={series.key}
              dataKey={value(series)}
              name={series.key}
              stackId="all"
              maxBarSize={36}
              fill={seriesColour(series, index)}
              cursor={cursor}
              onClick={(_, position) => pressed(spec.points[position])}
            />
          ))}
        </BarChart>
      );
    case 'areas':
      return (
        <AreaChart {...frame}>
          {axes(spec)}
          {spec.series.map((series, index) => (
            <Area
              {...still}
              key={series.key}
              dataKey={value(series)}
              name={series.key}
              stackId="all"
              type="monotone"
              stroke={seriesColour(series, index)}
              strokeWidth={1.5}
              fill={seriesColour(series, index)}
              fillOpacity={0.18}
            />
          ))}
        </AreaChart>
      );
    case 'lines':
      return (
        <LineChart {...frame}>
          {axes(spec)}
          {spec.series.map((series, index) => (
            <Line
              {...still}
              key={series.key}
              dataKey={value(series)}
              name={series.key}
              type="monotone"
              stroke={seriesColour(series, index)}
              strokeWidth={1.75}
              dot={spec.points.length < 3}
              connectNulls={false}
              {...(series.dashed === true ? { strokeDasharray: '4 4' } : {})}
            />
          ))}
        </LineChart>
      );
    case 'bars':
      return (
        <BarChart {...frame} layout="vertical" barCategoryGap="22%">
          <CartesianGrid horizontal={false} stroke="var(--chart-grid)" />
          <XAxis
            type="number"
            tick={tick}
            tickLine={false}
            axisLine={false}
            tickFormatter={spec.formatTick}
            domain={[0, 'auto']}
          />
          <YAxis
            type="category"
            dataKey="category"
            tick={tick}
            tickLine={false}
            axisLine={false}
            width={128}
            tickFormatter={spec.formatCategory}
          />
          {tooltip(spec)}
          {spec.series.map((series, index) => (
            <Bar
              {...still}
              key={series.key}
              dataKey={value(series)}
              name={series.key}
              stackId="all"
              maxBarSize={22}
              fill={seriesColour(series, index)}
              cursor={cursor}
              onClick={(_, position) => pressed(spec.points[position])}
            />
          ))}
        </BarChart>
      );
  }
}

function tooltip(spec: ChartSpec): ReactElement {
  return (
    <Tooltip
      key="tooltip"
      isAnimationActive={false}
      cursor={{ fill: 'var(--sunken)', stroke: 'var(--line-strong)', fillOpacity: 0.6 }}
      wrapperStyle={{ zIndex: 20, outline: 'none' }}
      content={({ active, label }) => <ChartTooltip spec={spec} category={active ? String(label) : null} />}
    />
  );
}

function axes(spec: ChartSpec): ReactElement[] {
  return [
    <CartesianGrid key="grid" vertical={false} stroke="var(--chart-grid)" />,
    <XAxis
      key="x"
      dataKey="category"
      tick={tick}
      tickLine={false}
      axisLine={{ stroke: 'var(--line-strong)' }}
      tickFormatter={spec.formatCategory}
      minTickGap={28}
      interval="preserveStartEnd"
    />,
    <YAxis
      key="y"
      tick={tick}
      tickLine={false}
      axisLine={false}
      width={56}
      tickFormatter={spec.formatTick}
      domain={[0, 'auto']}
      allowDecimals
      tickCount={5}
    />,
    tooltip(spec),
  ];
}
