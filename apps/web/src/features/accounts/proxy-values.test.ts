import { expect, test } from 'vitest';
import { keepsPassword, proxyAddress, proxyBody, proxyValues, readProxyAddress } from './proxy-values';

const stored = {
  type: 'socks5',
  host: 'proxy.example',
  port: 1080,
  username: 'lab',
  hasPassword: true,
} as const;

test('directly is no proxy, whatever else is typed', () => {
  expect(proxyBody({ ...proxyValues(stored), type: '' }, stored)).toBeNull();
  expect(proxyBody(proxyValues(null), null)).toBeNull();
});

test('the stored password stays while the user name does, and goes with it', () => {
  const shown = proxyValues(stored);
  expect(proxyBody(shown, stored)).toEqual({
    type: 'socks5',
    host: 'proxy.example',
    port: 1080,
    username: 'lab',
  });
  expect(proxyBody({ ...shown, host: 'other.example' }, stored)).not.toHaveProperty('password');
  expect(proxyBody({ ...shown, username: 'other' }, stored)).toMatchObject({ password: null });
  expect(proxyBody({ ...shown, password: 'new' }, stored)).toMatchObject({ password: 'new' });
  expect(keepsPassword(shown, { ...stored, hasPassword: false })).toBe(false);
});

test('an empty port is no port, and never zero', () => {
  expect(proxyBody({ ...proxyValues(stored), port: ' ' }, stored)?.port).toBeNaN();
});

test('an address for people names no password', () => {
  expect(proxyAddress(stored)).toBe('socks5://lab@proxy.example:1080');
  expect(proxyAddress({ type: 'http', host: 'fd00::1', port: 8080, username: null })).toBe(
    'http://[fd00::1]:8080',
  );
});

test.each([
  ['socks5://lab:p%40ss@proxy.example:1081', ['socks5', 'proxy.example', '1081', 'lab', 'p@ss']],
  ['socks5h://proxy.example', ['socks5', 'proxy.example', '1080', '', '']],
  ['http://10.0.0.1:80', ['http', '10.0.0.1', '80', '', '']],
  ['https://proxy.example/', ['https', 'proxy.example', '443', '', '']],
])('%s is taken apart', (text, [type, host, port, username, password]) => {
  expect(readProxyAddress(text)).toEqual({ type, host, port, username, password });
});

test.each(['proxy.example', 'proxy.example:1080', 'ftp://proxy.example', 'http://'])(
  '%s is left alone',
  (text) => {
    expect(readProxyAddress(text)).toBeNull();
  },
);
