import { expect, test } from 'vitest';
import { formatRange, parseRange, rangeBounds } from './range';

const custom = { name: 'custom', from: '2026-07-01T00:00:00.000Z', to: '2026-07-03T12:00:00.000Z' } as const;

test('a period goes into the address and comes out the same; the default leaves no trace', () => {
  for (const range of [{ name: '7d' }, { name: '30d' }, custom] as const) {
    expect(parseRange(formatRange(range, new URLSearchParams()))).toEqual(range);
  }
  const shown = formatRange({ name: '24h' }, new URLSearchParams('range=custom&from=a&to=b&x=1'));
  expect(shown.toString()).toBe('x=1');
});

test.each([
  '',
  'range=1y',
  'range=custom',
  'range=custom&from=2026-07-03T12:00:00Z&to=2026-07-01T00:00:00Z',
  'range=custom&from=yesterday&to=2026-07-01T00:00:00Z',
])('an address that makes no sense (%s) shows the last 24 hours', (text) => {
  expect(parseRange(new URLSearchParams(text))).toEqual({ name: '24h' });
});

test('lengths end now, a custom period stays where it is', () => {
  const now = Date.parse('2026-07-10T12:00:00.000Z');
  expect(rangeBounds({ name: '7d' }, now)).toEqual({
    from: '2026-07-03T12:00:00.000Z',
    to: '2026-07-10T12:00:00.000Z',
  });
  expect(rangeBounds(custom, now)).toEqual({ from: custom.from, to: custom.to });
});
