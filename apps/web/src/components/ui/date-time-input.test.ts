import { expect, test } from 'vitest';
import { fromLocalInput, toLocalInput } from './date-time-input';

test('a moment goes into the field and comes out the same, to the minute', () => {
  const iso = '2030-06-30T23:45:00.000Z';
  expect(fromLocalInput(toLocalInput(iso))).toBe(iso);
  expect(toLocalInput(iso)).toMatch(/^2030-\d\d-\d\dT\d\d:45$/);
});

test('what is no moment is empty', () => {
  expect(toLocalInput('')).toBe('');
  expect(toLocalInput('soon')).toBe('');
  expect(fromLocalInput('')).toBe('');
  expect(fromLocalInput('2030-13-99')).toBe('');
});
