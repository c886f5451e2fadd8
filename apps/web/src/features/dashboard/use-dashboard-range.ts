'use client';
// Owns the hook between the period of the dashboard and its address.
import { useSearchParams } from 'next/navigation';
import { useCallback, useMemo } from 'react';
import { type DashboardRange, formatRange, parseRange } from './range';

export function useDashboardRange(): [DashboardRange, (range: DashboardRange) => void] {
  const searchParams = useSearchParams();
  const range = useMemo(() => parseRange(searchParams), [searchParams]);
  const choose = useCallback((next: DashboardRange) => {
    const query = formatRange(next, new URLSearchParams(window.location.search)).toString();
    window.history.pushState(null, '', `${window.location.pathname}${query === '' ? '' : `?${query}`}`);
  }, []);
  return [range, choose];
}
