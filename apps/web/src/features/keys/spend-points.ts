// Owns the spend of a key over time as a chart takes it: a value per model and day, the rest as one. Pure.
import type { ChartPoint } from '@/components/charts';
import type { KeyStats } from './use-key-stats';

export const OTHER = ' other';

/** Empty where nothing was used; `OTHER` stands for all models that are not told apart. */
export function spendPoints({ byDay, models }: Pick<KeyStats, 'byDay' | 'models'>): ChartPoint[] {
  if (byDay.total.requests === 0) return [];
  const byName = models.map(({ name, rows }) => ({
    name,
    days: new Map(rows.map(({ group, costNanoUsd }) => [group, costNanoUsd])),
  }));
  return byDay.rows.map(({ group, costNanoUsd }) => {
    const values: Record<string, number> = {};
    let told = 0;
    for (const { name, days } of byName) {
      const cost = days.get(group) ?? 0;
      values[name] = cost;
      told += cost;
    }
    // Read one after the other, the parts may be ahead of the whole.
    return { category: group, values: { ...values, [OTHER]: Math.max(0, costNanoUsd - told) } };
  });
}

/** Whether there is spend beside that of the models told apart. */
export function hasOther(points: readonly ChartPoint[]): boolean {
  return points.some(({ values }) => (values[OTHER] ?? 0) > 0);
}
