import { expect, test } from 'vitest';
import { readWindowName } from './window-name';

test.each([
  ['5h', { length: { count: 5, unit: 'hour' }, scope: null }],
  ['7d', { length: { count: 7, unit: 'day' }, scope: null }],
  ['90m', { length: { count: 90, unit: 'minute' }, scope: null }],
  ['7d_opus', { length: { count: 7, unit: 'day' }, scope: 'Opus' }],
  ['7d_oauth_apps', { length: { count: 7, unit: 'day' }, scope: 'oauth_apps' }],
  ['codex_other 7d', { length: { count: 7, unit: 'day' }, scope: 'codex_other' }],
  ['input-tokens', { length: null, scope: 'input-tokens' }],
  ['5hx', { length: null, scope: '5hx' }],
])('%s', (name, expected) => {
  expect(readWindowName(name)).toEqual(expected);
});
