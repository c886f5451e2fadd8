import { expect, test } from 'vitest';
import * as format from './format';

test('money is grouped, keeps its places and is never $0.00 when it was spent', () => {
  expect(format.formatMoney(1_234_567_890_123_000n, 'en')).toBe('$1,234,567.89');
  expect(format.formatMoney(0, 'en')).toBe('$0.00');
  expect(format.formatMoney(4_200_000, 'zh-CN')).toBe('$0.0042');
  expect(format.formatMoney(1, 'en')).toBe('<$0.0001');
  expect(format.formatMoney(-2_500_000_000, 'en')).toBe('-$2.50');
});

test('axis money is short', () => {
  expect([0, 5e7, 1.5e9, 1_250e9].map(format.formatMoneyShort)).toEqual(['$0', '$0.05', '$1.5', '$1.25K']);
});

test('tokens are compact with three digits', () => {
  expect([999, 12_345, 4_560_000].map(format.formatTokens)).toEqual(['999', '12.3K', '4.56M']);
});

test('durations take the unit that fits', () => {
  const written = [0.64, 840.4, 999.7, 3420, 12_340, 59_999, 125_000, 3_780_000].map(format.formatDuration);
  expect(written).toEqual([
    '0.6 ms',
    '840 ms',
    '1.00 s',
    '3.42 s',
    '12.3 s',
    '1 m 00 s',
    '2 m 05 s',
    '1 h 03 m',
  ]);
});

test('a countdown rounds up, so that it shows 0:00 only when it is over', () => {
  const say = (leftMs: number) => format.formatCountdown(leftMs, 'en');
  const left = [-5, 0, 1, 42_000, 251_001, 3_723_000, 183_600_000].map(say);
  expect(left).toEqual(['0:00', '0:00', '0:01', '0:42', '4:12', '1:02:03', '2d 3h']);
  expect(format.formatCountdown(183_600_000, 'zh-CN')).toBe('2 天 3 小时');
});

test('relative times speak the language and take the largest unit', () => {
  const now = Date.parse('2026-01-10T12:00:00Z');
  const say = (iso: string, locale = 'en') => format.formatRelative(Date.parse(iso), now, locale);
  expect(say('2026-01-10T11:59:55Z')).toBe('now');
  expect(say('2026-01-10T11:57:00Z')).toBe('3 minutes ago');
  expect(say('2026-01-12T12:00:00Z', 'zh-CN')).toBe('后天');
  expect(say('2026-01-10T10:00:00Z', 'zh-CN')).toBe('2 小时前');
  expect(say('2025-11-01T12:00:00Z')).toBe('2 months ago');
  expect(say('2026-01-12T11:30:00Z')).toBe('in 2 days');
  expect(say('2026-01-08T12:30:00Z')).toBe('yesterday');
});

test('an exact time is told in the zone asked for, with the zone at its end in every language', () => {
  expect(format.formatExactTime('2026-01-10T18:30:05Z', 'zh-CN', 'UTC+8')).toBe('2026/01/11 02:30:05 GMT+8');
  expect(format.formatExactTime('2026-01-10T18:30:05Z', 'en', 'UTC')).toBe('01/10/2026, 18:30:05 UTC');
});

test('a day and an hour are those of the zone asked for, whatever the browser thinks', () => {
  const midnightInShanghai = '2026-07-02T16:00:00Z';
  expect(format.formatDay(midnightInShanghai, 'en', 'Asia/Shanghai')).toBe('Jul 3');
  expect(format.formatDay(midnightInShanghai, 'zh-CN', 'UTC')).toBe('7月2日');
  expect(format.formatClock(midnightInShanghai, 'zh-CN', 'UTC+8')).toBe('00:00');
});

test('zones written as offsets become what Intl takes', () => {
  expect(['UTC+8', 'UTC-3:30', 'Asia/Shanghai', 'UTC'].map(format.toIntlTimeZone)).toEqual([
    '+08:00',
    '-03:30',
    'Asia/Shanghai',
    'UTC',
  ]);
});

test('exact money keeps every nano-dollar, so that lines can be added up', () => {
  const lines = [4_512_000, 1, 1_234_500_000_000];
  expect(lines.map((line) => format.formatMoneyExact(line, 'en'))).toEqual([
    '$0.004512',
    '$0.000000001',
    '$1,234.50',
  ]);
  expect(format.formatMoneyExact(0, 'zh-CN')).toBe('$0.00');
});

test('the time of a row has its seconds', () => {
  const iso = new Date(2026, 2, 1, 9, 5, 7).toISOString();
  expect(format.formatLogTime(iso, 'en')).toBe('03/01 09:05:07');
  expect(format.formatLogTime(iso, 'zh-CN')).toBe('03/01 09:05:07');
});

test.each([
  [3, '$3.00'],
  [0.125, '$0.125'],
  [0.000_001, '$0.000001'],
  [0, '$0.00'],
  [1_000_000, '$1000000.00'],
])('%d USD per million tokens is written %s', (usd, text) => {
  expect(format.formatUsdPerMTok(usd)).toBe(text);
});
