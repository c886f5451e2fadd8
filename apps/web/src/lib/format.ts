// Owns how figures are written: money, counts, tokens, durations, times. Pure, so that every rule is tested.
import { formatNanoUsd, nanoToUsd, picoToUsdPerMTok, usdPerMTokToPico } from '@crs/shared';

/** Money from integer nano-USD: `$1,234.56`, `$0.0042`, `<$0.0001`; never `$0.00` for money that was spent. */
export function formatMoney(nanoUsd: bigint | number, locale: string): string {
  const match = /^(-?)(<?)(\d+)\.(\d+)$/.exec(formatNanoUsd(nanoUsd));
  if (match === null) return `$${formatNanoUsd(nanoUsd)}`;
  const [, sign = '', below = '', whole = '0', fraction = '00'] = match;
  const grouped = new Intl.NumberFormat(locale).format(BigInt(whole));
  return `${sign}${below}$${grouped}.${fraction}`;
}

/** Money to the last nano-dollar, for sums that must be followed: `$0.004512`, `$1,234.5`. */
export function formatMoneyExact(nanoUsd: bigint | number, locale: string): string {
  const [, sign = '', whole = '0', fraction = ''] = /^(-?)(\d+)(?:\.(\d+))?$/.exec(nanoToUsd(nanoUsd)) ?? [];
  const grouped = new Intl.NumberFormat(locale).format(BigInt(whole));
  return `${sign}$${grouped}.${fraction.padEnd(2, '0')}`;
}

/** A price, exact: `$3.00`, `$0.125`. */
export function formatUsdPerMTok(usd: number): string {
  const [whole = '0', fraction = ''] = picoToUsdPerMTok(usdPerMTokToPico(usd)).split('.');
  return `$${whole}.${fraction.padEnd(2, '0')}`;
}

/** Axis label of money: short, for ticks only (`$1.2K`, `$0.05`). */
export function formatMoneyShort(nanoUsd: number): string {
  const usd = nanoUsd / 1e9;
  if (usd === 0) return '$0';
  if (Math.abs(usd) >= 1000) return `$${compact.format(usd)}`;
  return `$${new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(usd)}`;
}

export function formatCount(count: number, locale: string): string {
  return new Intl.NumberFormat(locale).format(count);
}

// Token figures read K and M in both languages: that is how every vendor's price list counts them.
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** Tokens, compact: `999`, `12.3K`, `4.56M`. */
export function formatTokens(tokens: number): string {
  return compact.format(tokens);
}

/** Share of one: 0.1234 -> `12.3%`. */
export function formatPercent(share: number, locale: string, digits = 1): string {
  return new Intl.NumberFormat(locale, { style: 'percent', maximumFractionDigits: digits }).format(share);
}

/** A plain figure with few places: `0.4`. */
export function formatDecimal(value: number, locale: string): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: 1 }).format(value);
}

/** A measured time: `0.6 ms`, `840 ms`, `3.42 s`, `2 m 05 s`, `1 h 03 m`. */
export function formatDuration(ms: number): string {
  if (ms < 9.95) return `${Number(ms.toFixed(1))} ms`;
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 59_995) return `${(ms / 1000).toFixed(ms < 9995 ? 2 : 1)} s`;
  const seconds = Math.round(ms / 1000);
  if (seconds < 3600) return `${Math.floor(seconds / 60)} m ${pad(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${pad(Math.floor((seconds % 3600) / 60))} m`;
}

/** Time left: `0:42`, `4:12`, `1:02:03`, `2d 3h`, `2 天 3 小时`; `0:00` when it is over. */
export function formatCountdown(leftMs: number, locale: string): string {
  const seconds = Math.max(0, Math.ceil(leftMs / 1000));
  const days = Math.floor(seconds / 86_400);
  const hours = Math.floor((seconds % 86_400) / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  if (days > 0) {
    const say = (count: number, unit: 'day' | 'hour') =>
      spaced(new Intl.NumberFormat(locale, { style: 'unit', unit, unitDisplay: 'narrow' }).format(count));
    return `${say(days, 'day')} ${say(hours, 'hour')}`;
  }
  if (hours > 0) return `${hours}:${pad(minutes)}:${pad(seconds % 60)}`;
  return `${minutes}:${pad(seconds % 60)}`;
}

const relativeSteps = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** `3 minutes ago`, `in 2 days`; below ten seconds `now`. */
export function formatRelative(thenMs: number, nowMs: number, locale: string): string {
  const formatter = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });
  const seconds = Math.round((thenMs - nowMs) / 1000);
  if (Math.abs(seconds) < 10) return formatter.format(0, 'second');
  const [unit, size] = relativeSteps.find(([, length]) => Math.abs(seconds) >= length) ?? ['second', 1];
  const amount = seconds / size;
  // What is still to come is not told shorter than it is: 47 hours are two days, not "tomorrow".
  return spaced(formatter.format(amount > 0 ? Math.round(amount) : Math.trunc(amount), unit));
}

/** Date and time to the second with the zone's name, e.g. for a tooltip. */
export function formatExactTime(iso: string, locale: string, timeZone?: string): string {
  const zone = timeZone === undefined ? {} : { timeZone: toIntlTimeZone(timeZone) };
  const date = new Date(iso);
  const time = new Intl.DateTimeFormat(locale, {
    ...zone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  }).format(date);
  // On its own: within a date some languages put the zone into the middle.
  const name = new Intl.DateTimeFormat(locale, { ...zone, timeZoneName: 'short' })
    .formatToParts(date)
    .find(({ type }) => type === 'timeZoneName')?.value;
  return name === undefined ? time : `${time} ${name}`;
}

/** Date and minute without zone, for dense columns. */
export function formatDateTime(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
}

/** Date and time to the second without zone, for rows that follow each other closely. */
export function formatLogTime(iso: string, locale: string): string {
  return new Intl.DateTimeFormat(locale, {
    month: '2-digit',
    day: '2-digit',
    hour: '2-digit',
    minute: '2-digit',
    second: '2-digit',
    hourCycle: 'h23',
  })
    .format(new Date(iso))
    .replace(', ', ' ');
}

/** Day of a moment, e.g. on the axis of a chart: `Jul 3`, `7月3日`. */
export function formatDay(iso: string, locale: string, timeZone: string): string {
  const zone = toIntlTimeZone(timeZone);
  return new Intl.DateTimeFormat(locale, { timeZone: zone, month: 'short', day: 'numeric' }).format(
    new Date(iso),
  );
}

/** Day of a moment with its weekday: `Fri, Jul 3`, `7月3日周五`. */
export function formatWeekday(iso: string, locale: string, timeZone: string): string {
  const zone = toIntlTimeZone(timeZone);
  return new Intl.DateTimeFormat(locale, {
    timeZone: zone,
    weekday: 'short',
    month: 'short',
    day: 'numeric',
  }).format(new Date(iso));
}

/** Month of a moment: `Jul 2026`, `2026年7月`. */
export function formatMonth(iso: string, locale: string, timeZone: string): string {
  const zone = toIntlTimeZone(timeZone);
  return new Intl.DateTimeFormat(locale, { timeZone: zone, year: 'numeric', month: 'short' }).format(
    new Date(iso),
  );
}

/** Hour and minute of a moment: `14:00`. */
export function formatClock(iso: string, locale: string, timeZone: string): string {
  return new Intl.DateTimeFormat(locale, {
    timeZone: toIntlTimeZone(timeZone),
    hour: '2-digit',
    minute: '2-digit',
    hourCycle: 'h23',
  }).format(new Date(iso));
}

/** The server names a zone `Asia/Shanghai` or `UTC+8`; `Intl` wants the second as `+08:00`. */
export function toIntlTimeZone(zone: string): string {
  const match = /^UTC([+-])(\d{1,2})(?::?(\d{2}))?$/i.exec(zone);
  if (match === null) return zone;
  const [, sign = '+', hours = '0', minutes = '00'] = match;
  return `${sign}${hours.padStart(2, '0')}:${minutes}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** Chinese typesetting puts a space between digits and characters; `Intl` does not. */
function spaced(text: string): string {
  return text.replaceAll(/(\d)(?=\p{Script=Han})/gu, '$1 ');
}
