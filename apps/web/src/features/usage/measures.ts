// Owns what is measured: the figure behind each measure, and what may be added up of it. Pure.
import type { StatsFigures } from '@crs/shared';
import { allTokens, errorShare, growth } from '@/lib/figures';

export const measures = [
  'cost',
  'charged',
  'savings',
  'requests',
  'tokens',
  'errors',
  'duration',
  'firstEvent',
] as const;
export type Measure = (typeof measures)[number];

/** How a measure is written: integer nano-USD, a count, tokens, a share of one, ms. */
export type MeasureUnit = 'money' | 'count' | 'tokens' | 'share' | 'ms';

export const unitOf = {
  cost: 'money',
  charged: 'money',
  savings: 'money',
  requests: 'count',
  tokens: 'tokens',
  errors: 'share',
  duration: 'ms',
  firstEvent: 'ms',
} as const satisfies Record<Measure, MeasureUnit>;

/** The figure of a measure; of times that of 95 in 100 requests. Null where there is none. */
export function valueOf(measure: Measure, figures: StatsFigures): number | null {
  switch (measure) {
    case 'cost':
      return figures.costNanoUsd;
    case 'charged':
      return figures.chargedNanoUsd;
    case 'savings':
      return figures.cacheSavingsNanoUsd;
    case 'requests':
      return figures.requests;
    case 'tokens':
      return allTokens(figures);
    case 'errors':
      return errorShare(figures);
    case 'duration':
      return figures.latency.durationMs?.p95 ?? null;
    case 'firstEvent':
      return figures.latency.firstEventMs?.p95 ?? null;
  }
}

/** Shares and times are no parts of a whole. */
export function isAdditive(measure: Measure): boolean {
  return unitOf[measure] !== 'share' && unitOf[measure] !== 'ms';
}

/** Part of the whole, 0 to 1; null where there is no whole, or where the measure cannot be added up. */
export function shareOf(measure: Measure, figures: StatsFigures, total: StatsFigures): number | null {
  const whole = valueOf(measure, total);
  const part = valueOf(measure, figures);
  return !isAdditive(measure) || whole === null || whole <= 0 || part === null ? null : part / whole;
}

/** Growth against the period before; null where one of both is not known. */
export function changeOf(measure: Measure, now: StatsFigures, before: StatsFigures): number | null {
  return growth(valueOf(measure, now), valueOf(measure, before));
}
