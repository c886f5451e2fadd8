'use client';
// Owns the hook between the period of the dashboard and its address.
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { type TimeRange, formatRange, parseRange } from '@/lib/time-range';

export function useDashboardRange(): [TimeRange, (range: TimeRange) => void] {
  const searchParams = useSearchParams();
  const range = useMemo(() => parseRange(searchParams), [searchParams]);
  const choose = useCallback((next: TimeRange) => {
    const query = formatRange(next, new URLSearchParams(window.location.search)).toString();
    window.history.pushState(null, '', `${window.location.pathname}${query === '' ? '' : `?${query}`}`);
  }, []);
  return [range, choose];
}
