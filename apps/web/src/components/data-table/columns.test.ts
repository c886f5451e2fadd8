import { expect, test } from 'vitest';
import { nextSort, sortDirection } from './columns';

test('a heading sorts ascending first, then descending, and tells its direction', () => {
  expect(nextSort('-createdAt', 'name')).toBe('name');
  expect(nextSort('name', 'name')).toBe('-name');
  expect(nextSort('-name', 'name')).toBe('name');
  expect(sortDirection('-name', 'name')).toBe('descending');
  expect(sortDirection('name', 'createdAt')).toBe('none');
});
