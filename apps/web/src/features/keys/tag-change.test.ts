import { expect, test } from 'vitest';
import type { Key } from '@crs/shared';
import { byTagChange, withTags } from './tag-change';

const key = (id: string, tags: string[]) => ({ id, tags }) as Key;

test('tags are added once and taken away', () => {
  expect(withTags(key('a', ['x', 'y']), { add: ['y', 'z'], remove: ['x'] }).tags).toEqual(['y', 'z']);
});

test('undoing knows which keys had a tag before', () => {
  const keys = [key('a', ['x']), key('b', []), key('c', ['z']), key('d', [])];
  const groups = byTagChange(keys, { add: ['z'], remove: ['x'] });
  expect(groups.map(({ change, keys: of }) => [change, of.map(({ id }) => id)])).toEqual([
    [{ add: ['z'], remove: ['x'] }, ['a']],
    [{ add: ['z'], remove: [] }, ['b', 'd']],
  ]);
});
