import { expect, test } from 'vitest';
import { readPastedCode } from './pasted-code.ts';

test.each([
  ['the bare code', 'ac_1-2_3', 'ac_1-2_3', null],
  ['the code as Claude shows it', ' ac_1#st_2\n', 'ac_1', 'st_2'],
  ['an address', 'http://localhost:1455/auth/callback?code=ac%2F1&state=s', 'ac/1', 's'],
  ['an address without state', 'https://codeassist.google.com/authcode?scope=x&code=4%2F0A', '4/0A', null],
  ['its query', '?code=a&state=b', 'a', 'b'],
  ['its query without the mark', 'state=b&code=a', 'a', 'b'],
])('a login ends with %s', (_name, text, code, state) => {
  expect(readPastedCode(text)).toEqual({ code, state });
});

test.each([
  [
    'http://localhost:1455/auth/callback?error=access_denied&error_description=The+user+said+no',
    /The user said no/,
  ],
  ['http://localhost:1455/auth/callback?error=access_denied', /access_denied/],
  ['http://localhost:1455/auth/callback', /no code/],
  ['two words', /no code/],
  ['#state', /no code/],
])('%s is told for what it is', (text, message) => {
  expect(readPastedCode(text)).toEqual({ error: expect.stringMatching(message) as unknown });
});
