'use client';
// Owns how a measure is written: in full, and short for an axis.
import { useMemo } from 'react';
import { useFormat } from '@/lib/use-format';
import { type Measure, unitOf } from './measures';

export interface MeasureFormat {
  full: (value: number) => string;
  short: (value: number) => string;
}

export function useMeasureFormat(measure: Measure): MeasureFormat {
  const format = useFormat();
  return useMemo(() => {
    switch (unitOf[measure]) {
      case 'money':
        return { full: format.money, short: format.moneyShort };
      case 'count':
        return { full: format.count, short: format.tokens };
      case 'tokens':
        return { full: format.tokens, short: format.tokens };
      case 'share':
        return { full: (share) => format.percent(share, 2), short: (share) => format.percent(share) };
      case 'ms':
        return { full: format.duration, short: format.duration };
    }
  }, [measure, format]);
}
