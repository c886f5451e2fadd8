import { expect, test } from 'vitest';
import { errorShare, fullestWindow, openWindows } from './account-figures';

const nowMs = Date.parse('2026-03-01T12:00:00Z');
const window = (name: string, utilization: number | null, resetsAt: string | null) => ({
  name,
  utilization,
  resetsAt,
});

test('the share of errors counts attempts, and is unknown without any', () => {
  expect(errorShare({ attempts: 8, errors: 2 })).toBe(0.25);
  expect(errorShare({ attempts: 0, errors: 0 })).toBeNull();
});

test('a window that started anew since its last report is not shown as full, one that says nothing not at all', () => {
  const over = window('requests', 1, '2026-03-01T11:59:59Z');
  const running = window('5h', 0.4, '2026-03-01T12:00:01Z');
  const endless = window('tokens', 0.2, null);
  const empty = window('input-tokens', null, null);
  expect(openWindows([over, running, endless, empty], nowMs)).toEqual([running, endless]);
});

test('the fullest window is the one shown; one without a share cannot be', () => {
  expect(fullestWindow([window('a', null, null), window('b', 0.3, null), window('c', 0.7, null)])).toEqual({
    name: 'c',
    utilization: 0.7,
  });
  expect(fullestWindow([window('a', null, null)])).toBeNull();
});
