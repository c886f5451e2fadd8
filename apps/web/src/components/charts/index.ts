// Owns what pages use of the charts.
export { Chart, type ChartProps } from './chart';
export { assignSlots, type ChartKind, type ChartPoint, type ChartSeries } from './chart-types';
