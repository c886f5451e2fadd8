import { expect, test } from 'vitest';
import { membersOf, memberValue, withMembers } from './json-members.ts';

const awkward = `{\n "a" : {"model":1,"x":[{"model":2}]} , "s":"}\\\\\\",{\\"model\\":", "model"\t: "m" ,"n":-1.50e3 }\n`;

test('members are the object’s own, with the place of each value', () => {
  const body = Buffer.from(awkward);
  const members = membersOf(body);
  expect(members.map(({ name }) => name)).toEqual(['a', 's', 'model', 'n']);
  expect(
    members.map(({ valueStart, valueEnd }) => body.toString('utf8', valueStart, valueEnd)).slice(2),
  ).toEqual(['"m"', '-1.50e3']);
  expect(memberValue(body, members, 's')).toBe('}\\",{"model":');
  expect(memberValue(body, members, 'none')).toBeUndefined();
});

test.each<[name: string, body: string, changes: Record<string, string | undefined>, expected: string]>([
  ['nothing changed is nothing changed', awkward, {}, awkward],
  ['replaced in place', '{ "a":1 ,\n"b":2}', { a: '{"x":3}' }, '{ "a":{"x":3} ,\n"b":2}'],
  ['the last of several', '{"a":1,"a":2}', { a: '3' }, '{"a":1,"a":3}'],
  ['added before the others', '{ "a":1}', { b: '2', c: '"3"' }, '{"b":2,"c":"3", "a":1}'],
  ['added to nothing', '{ }', { b: '2' }, '{"b":2 }'],
  ['the first taken away', '{ "a":1,\n"b":2 , "c":3}', { a: undefined }, '{ "b":2 , "c":3}'],
  ['one in the middle taken away', '{"a":1,\n"b":2 , "c":3}', { b: undefined }, '{"a":1 , "c":3}'],
  ['the last taken away', '{"a":1, "b":2 }', { b: undefined }, '{"a":1 }'],
  ['all of that name taken away', '{"a":1,"b":2,"a":3}', { a: undefined }, '{"b":2}'],
  ['nothing left', '{"a":1 }', { a: undefined }, '{ }'],
  ['all at once', '{"a":1,"b":2,"c":3}', { a: undefined, c: '4', d: '5' }, '{"d":5,"b":2,"c":4}'],
  ['names with escapes', '{"\\u0061":1,"b":2}', { a: undefined }, '{"b":2}'],
  ['nested ones left alone', '{"x":{"a":1},"y":["a"]}', { a: undefined }, '{"x":{"a":1},"y":["a"]}'],
])('%s', (_name, body, changes, expected) => {
  const changed = withMembers(Buffer.from(body), changes).toString();
  expect(changed).toBe(expected);
  expect(() => JSON.parse(changed) as unknown).not.toThrow();
});
