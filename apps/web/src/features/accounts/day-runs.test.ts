import { expect, test } from 'vitest';
import { dayRuns } from './day-runs';

test('days in a row are told by their ends, two of them one by one', () => {
  expect(dayRuns(['mon', 'tue', 'wed', 'thu', 'fri'])).toEqual([['mon', 'fri']]);
  expect(dayRuns(['sun', 'sat'])).toEqual([
    ['sat', 'sat'],
    ['sun', 'sun'],
  ]);
  expect(dayRuns(['fri', 'mon', 'sat', 'sun'])).toEqual([
    ['mon', 'mon'],
    ['fri', 'sun'],
  ]);
});
