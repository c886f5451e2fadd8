import { expect, test } from 'vitest';
import { readable } from './readable-body';

test('JSON is indented, everything else stays', () => {
  expect(readable('{"a":[1]}')).toBe('{\n  "a": [\n    1\n  ]\n}');
  expect(readable('{"a":')).toBe('{"a":');
  expect(readable('event: ping\ndata: {}')).toBe('event: ping\ndata: {}');
});
