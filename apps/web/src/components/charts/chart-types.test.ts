import { expect, test } from 'vitest';
import { assignSlots, slotOf } from './chart-types';

test('a name keeps its colour wherever it is shown alone', () => {
  expect(slotOf('claude-sonnet')).toBe(slotOf('claude-sonnet'));
});

test('up to six names shown together all differ', () => {
  const names = ['a', 'b', 'c', 'd', 'e', 'g'];
  expect(new Set(assignSlots(names).values()).size).toBe(6);
});
