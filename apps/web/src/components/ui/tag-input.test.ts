import { expect, test } from 'vitest';
import { addEntries } from './tag-input';

test('pasted texts become single entries, none empty, none twice', () => {
  expect(addEntries(['a'], ' b, a;c，，d\n')).toEqual(['a', 'b', 'c', 'd']);
});
