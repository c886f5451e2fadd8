'use client';
// Owns the formatters bound to the reader's language.
import { useLocale } from 'next-intl';
import { useMemo } from 'react';
import * as format from './format';

/** Formatters for the language in use; the object is stable until the language changes. */
export function useFormat() {
  const locale = useLocale();
  return useMemo(
    () => ({
      money: (nanoUsd: bigint | number) => format.formatMoney(nanoUsd, locale),
      moneyExact: (nanoUsd: bigint | number) => format.formatMoneyExact(nanoUsd, locale),
      moneyShort: format.formatMoneyShort,
      usdPerMTok: format.formatUsdPerMTok,
      count: (count: number) => format.formatCount(count, locale),
      tokens: format.formatTokens,
      percent: (share: number, digits?: number) => format.formatPercent(share, locale, digits),
      decimal: (value: number) => format.formatDecimal(value, locale),
      duration: format.formatDuration,
      countdown: (leftMs: number) => format.formatCountdown(leftMs, locale),
      relative: (iso: string, nowMs: number) => format.formatRelative(Date.parse(iso), nowMs, locale),
      exactTime: (iso: string, timeZone?: string) => format.formatExactTime(iso, locale, timeZone),
      logTime: (iso: string) => format.formatLogTime(iso, locale),
      dateTime: (iso: string) => format.formatDateTime(iso, locale),
      day: (iso: string, timeZone: string) => format.formatDay(iso, locale, timeZone),
      weekday: (iso: string, timeZone: string) => format.formatWeekday(iso, locale, timeZone),
      month: (iso: string, timeZone: string) => format.formatMonth(iso, locale, timeZone),
      clock: (iso: string, timeZone: string) => format.formatClock(iso, locale, timeZone),
    }),
    [locale],
  );
}
