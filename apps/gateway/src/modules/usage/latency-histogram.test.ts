import { expect, test } from 'vitest';
import { LatencyHistogram } from './latency-histogram.ts';

function histogramOf(all: readonly number[]): LatencyHistogram {
  const histogram = new LatencyHistogram();
  for (const ms of all) histogram.addTime(ms);
  return histogram;
}

/** Repeatable. */
function times(count: number, of: (random: number) => number): number[] {
  let state = 7;
  return Array.from({ length: count }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.round(of(state / 2 ** 32));
  });
}

test('no single time is read more than a tenth off, and short ones are exact', () => {
  let most = 0;
  for (let ms = 0; ms < 4_000_000; ms += ms < 5000 ? 1 : 997) {
    const [read = -1] = histogramOf([ms]).quantiles([0.5]) ?? [];
    most = Math.max(most, Math.abs(read - ms) / Math.max(ms, 1));
  }
  expect(most).toBeLessThan(0.1);
  const short = Array.from({ length: 13 }, (_, ms) => ms);
  expect(short.map((ms) => histogramOf([ms]).quantiles([0.5]))).toEqual(short.map((ms) => [ms]));
});

test.each([
  ['even', (random: number) => 20 + random * 30_000],
  ['with a long tail', (random: number) => 200 * (1 / (1 - random * 0.9999))],
  ['all the same', () => 1234],
  ['two heaps', (random: number) => (random < 0.9 ? 300 : 60_000)],
])('percentiles of times that are %s are no more than a tenth off', (_, of) => {
  const all = times(20_000, of);
  const sorted = all.toSorted((one, other) => one - other);
  const parts = [0.01, 0.5, 0.9, 0.95, 0.99, 1];
  const read = histogramOf(all).quantiles(parts) ?? [];
  for (const [index, part] of parts.entries()) {
    const exact = sorted[Math.max(0, Math.ceil(part * sorted.length) - 1)] ?? 0;
    expect(Math.abs((read[index] ?? 0) - exact) / exact, `${part}`).toBeLessThan(0.1);
  }
});

test('parts added up in any order are the same text as the whole, and what is taken away is gone', () => {
  const all = times(5000, (random) => random ** 4 * 5_000_000);
  const whole = histogramOf(all);
  const parts = new LatencyHistogram();
  for (const piece of [all.slice(3000), all.slice(0, 10), all.slice(10, 3000)]) {
    expect(parts.addText(histogramOf(piece).text())).toBe(true);
  }
  expect(parts.text()).toBe(whole.text());
  expect(parts.total).toBe(5000);
  parts.addAll(histogramOf(all.slice(3)), -1);
  expect(parts.text()).toBe(histogramOf(all.slice(0, 3)).text());
});

test('nothing is empty text and has no percentiles; what is no histogram is refused', () => {
  expect(new LatencyHistogram().text()).toBe('');
  expect(new LatencyHistogram().quantiles([0.5])).toBeNull();
  for (const text of ['A', '!A', 'AAg', 'Af,', '_'.repeat(30)]) {
    expect(new LatencyHistogram().addText(text), text).toBe(false);
  }
});
