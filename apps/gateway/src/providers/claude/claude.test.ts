import { expect, test } from 'vitest';
import { recording, someFacts } from '../../../test/anthropic-fixtures.ts';
import { createClaude } from './index.ts';

const claude = createClaude('https://api.anthropic.com', {
  authorizeUrl: 'https://claude.example/authorize',
  tokenUrl: 'https://claude.example/token',
  clientId: 'client',
  nowMs: () => 0,
});

function betaOf(headers: readonly string[]): string[] {
  const prepared = claude.prepare(
    {
      ...claude.testCall(null).call,
      headers,
      facts: someFacts,
      upstreamModel: someFacts.model,
    },
    { id: 'a1', settings: {} },
    { accessToken: 'sk-ant-oat01-x' },
  ).headers;
  return prepared.filter(
    (_, index) => index % 2 === 1 && prepared[index - 1]?.toLowerCase() === 'anthropic-beta',
  );
}

test.each<[name: string, headers: string[], expected: string[]]>([
  ['added where the client sends none', [], ['oauth-2025-04-20']],
  ['joins the client’s list as it is written', ['anthropic-beta', 'a-1, b-2'], ['a-1, b-2,oauth-2025-04-20']],
  ['not twice', ['Anthropic-Beta', 'a-1, oauth-2025-04-20 ,b-2'], ['a-1, oauth-2025-04-20 ,b-2']],
  [
    'not twice over several headers',
    ['anthropic-beta', 'oauth-2025-04-20', 'anthropic-beta', 'b-2'],
    ['oauth-2025-04-20', 'b-2'],
  ],
  [
    'a longer name is another beta',
    ['anthropic-beta', 'oauth-2025-04-20x'],
    ['oauth-2025-04-20x,oauth-2025-04-20'],
  ],
  ['an empty list', ['anthropic-beta', ''], ['oauth-2025-04-20']],
])('the beta of login tokens: %s', (_name, headers, expected) => {
  expect(betaOf(headers)).toEqual(expected);
});

test('windows are those of the recorded answer', () => {
  expect(claude.limits(recording('anthropic-text').expected.http.headers)).toEqual([
    { name: '5h', utilization: 0.42, resetsAtMs: 1_795_251_600_000 },
    { name: '7d', utilization: 0.3, resetsAtMs: 1_795_683_600_000 },
  ]);
});

test('serves Claude Code only unless the operator says otherwise, and says why', () => {
  expect(claude.defaultClients).toEqual(['claude_code']);
  expect(claude.termsNote).toContain('Anthropic');
});

test('takes a login with its expiry, or a setup token alone', () => {
  const { credential } = claude.account;
  const login = { accessToken: 'at', refreshToken: 'rt', expiresAt: '2026-11-21T05:00:00Z' };
  expect(credential.parse(login)).toEqual(login);
  expect(credential.parse({ accessToken: 'at' })).toEqual({ accessToken: 'at' });
  expect(credential.safeParse({ accessToken: 'at', expiresAt: 'tomorrow' }).success).toBe(false);
});
