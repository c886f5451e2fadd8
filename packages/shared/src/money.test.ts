import { expect, test } from 'vitest';
import { formatNanoUsd, nanoToUsd, timesRate, usdToNano } from './money.ts';

test('decimal USD becomes integer nano-USD exactly', () => {
  expect(usdToNano('0.1')).toBe(100_000_000n);
  expect(usdToNano(0.1)).toBe(100_000_000n);
  expect(usdToNano('12.000000001')).toBe(12_000_000_001n);
  expect(usdToNano(1e-7)).toBe(100n);
  expect(usdToNano('-3')).toBe(-3_000_000_000n);
});

test('what is no plain decimal is refused', () => {
  for (const bad of ['', '1,5', '1.0000000001', 'NaN', '1e3', Number.NaN, Number.POSITIVE_INFINITY]) {
    expect(() => usdToNano(bad)).toThrow(RangeError);
  }
});

test('nano-USD to decimal and back is the identity', () => {
  for (const nano of [0n, 1n, 999_999_999n, 1_000_000_000n, 123_456_789_012_345n, -5n]) {
    expect(usdToNano(nanoToUsd(nano))).toBe(nano);
  }
});

test('spent money is never shown as zero', () => {
  expect(formatNanoUsd(0)).toBe('0.00');
  expect(formatNanoUsd(1)).toBe('<0.0001');
  expect(formatNanoUsd(76_555_000)).toBe('0.08');
  expect(formatNanoUsd(1_234_000)).toBe('0.0012');
  expect(formatNanoUsd(12_345_000_000n)).toBe('12.35');
  expect(formatNanoUsd(-12_345_000_000n)).toBe('-12.35');
});

test.each([
  [100, 1, 100],
  [1_000_000_001, 1.5, 1_500_000_002],
  [333, 0.1, 33],
  [335, 0.1, 34],
  [7, 0, 0],
  [9_000_000_000_000_000, 0.000001, 9_000_000_000],
])('%d nano-USD at the rate %d are %d, rounded half up once', (nano, rate, charged) => {
  expect(timesRate(nano, rate)).toBe(charged);
});
