import { describe, expect, test } from 'vitest';
import { formatListState, parseListState } from '@/lib/url-state';
import { drill, fittingPeriod, splitsOf, usageDefinition, viewOf } from './definition';

const NOW_MS = Date.parse('2026-07-10T12:00:00.000Z');
const state = (address: string) => parseListState(usageDefinition, new URLSearchParams(address));

test('the whole question goes into the address and comes out the same', () => {
  const address = 'measure=tokens&by=key&split=model&range=90d&accountId=acc_1&tag=lab&sort=-tokens';
  const read = state(address);
  expect(viewOf(read, NOW_MS, 'UTC')).toEqual({
    measure: 'tokens',
    by: 'key',
    split: 'model',
    range: { name: '90d' },
  });
  expect(formatListState(usageDefinition, read).toString()).toBe(
    'measure=tokens&by=key&split=model&range=90d&accountId=acc_1&tag=lab&sort=-tokens',
  );
  expect(formatListState(usageDefinition, state('')).toString()).toBe('');
});

test('unless one is chosen, the period suits the range', () => {
  const by = (address: string) => viewOf(state(address), NOW_MS, 'UTC').by;
  expect(by('range=24h')).toBe('hour');
  expect(by('')).toBe('day');
  expect(by('range=365d')).toBe('week');
  expect(by('range=365d&by=month')).toBe('month');
  expect(fittingPeriod({ from: '2026-07-01T00:00:00Z', to: '2026-07-03T00:00:00Z' })).toBe('hour');
});

test('periods are split by anything, entries by model, models by nothing', () => {
  expect(splitsOf('day')).toContain('tag');
  expect(splitsOf('key')).toEqual(['model']);
  expect(splitsOf('model')).toEqual([]);
  // An address that asks for more shows what there is.
  expect(viewOf(state('by=model&split=key'), NOW_MS, 'UTC').split).toBeNull();
});

describe('a press on a row', () => {
  test('goes into an entry, over time', () => {
    expect(drill(state('by=model&split=key'), 'model', 'claude-x', null)).toEqual({
      filters: { model: 'claude-x', by: '', split: '' },
    });
    expect(drill(state('by=tag'), 'tag', 'lab', null)).toEqual({
      filters: { tag: 'lab', by: '', split: '' },
    });
  });

  test('goes into a period, and from an hour to its requests', () => {
    const [from, to] = ['2026-07-01T00:00:00.000Z', '2026-07-02T00:00:00.000Z'];
    expect(drill(state(''), 'day', from, to)).toEqual({ filters: { range: 'custom', from, to, by: '' } });
    expect(drill(state('model=claude-x'), 'hour', from, to)).toEqual({
      requests: { from, to, model: 'claude-x' },
    });
  });

  test('leads nowhere from what is nobody', () => {
    expect(drill(state('by=user'), 'user', '', null)).toBeNull();
  });
});
