import { expect, test } from 'vitest';
import { recording } from '../../../test/anthropic-fixtures.ts';
import { createClaudeConsole } from './index.ts';

const provider = createClaudeConsole('https://api.anthropic.com');

function credentialHeaders(settings: unknown): string[] {
  const { headers } = provider.prepare(
    provider.testCall(null).call,
    { id: 'a1', settings: provider.account.settings.parse(settings) },
    { apiKey: 'sk-ant-api03-x' },
  );
  return headers.flatMap((name, index) =>
    index % 2 === 0 && ['authorization', 'x-api-key'].includes(name)
      ? [`${name}: ${headers[index + 1]}`]
      : [],
  );
}

test('the key goes into the header that the account names', () => {
  expect(credentialHeaders({})).toEqual(['x-api-key: sk-ant-api03-x']);
  expect(credentialHeaders({ auth: 'x-api-key' })).toEqual(['x-api-key: sk-ant-api03-x']);
  expect(credentialHeaders({ auth: 'bearer' })).toEqual(['authorization: Bearer sk-ant-api03-x']);
});

test('no beta is added to what the client sends', () => {
  const { headers } = provider.prepare(
    provider.testCall(null).call,
    { id: 'a1', settings: provider.account.settings.parse({}) },
    { apiKey: 'k' },
  );
  expect(headers).not.toContain('anthropic-beta');
});

test('windows are those of the recorded answer', () => {
  const windows = provider.limits(recording('anthropic-utf8-split').expected.http.headers);
  expect(windows.map(({ name }) => name)).toEqual(['requests', 'input-tokens', 'output-tokens']);
  expect(windows[0]?.utilization).toBeCloseTo(1 / 4000, 10);
  expect(windows[0]?.resetsAtMs).toBe(Date.parse('2026-11-21T05:00:01Z'));
});
