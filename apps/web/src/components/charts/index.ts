// Owns what pages use of the charts.
export { Chart, type ChartProps } from './chart';
export type { ChartPoint, ChartSeries } from './chart-types';
