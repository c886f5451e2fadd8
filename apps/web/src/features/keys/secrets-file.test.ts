import { expect, test } from 'vitest';
import { secretsAsCsv, secretsAsText } from './secrets-file';

const secrets = [
  { name: 'class 01', id: 'a', secret: 'cr_1' },
  { name: '=1+1,"x"', id: 'b', secret: 'cr_2' },
];

test('a line per key', () => {
  expect(secretsAsText(secrets)).toBe('class 01\tcr_1\n=1+1,"x"\tcr_2\n');
});

test('a table in which no name is a formula', () => {
  expect(secretsAsCsv(secrets).split('\r\n')).toEqual([
    '\uFEFFname,id,secret',
    'class 01,a,cr_1',
    `"'=1+1,""x""",b,cr_2`,
    '',
  ]);
});
