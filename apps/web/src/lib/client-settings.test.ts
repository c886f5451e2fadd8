import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { clientSettings, quoteForPowerShell, quoteForShell } from './client-settings';

const origin = 'https://relay.example:8443';
const awkward = `cr_a'b"c $HOME \`id\` \\ !x`;

test('a shell reads back exactly what was quoted', () => {
  const written = execFileSync('sh', ['-c', `printf %s ${quoteForShell(awkward)}`], { encoding: 'utf8' });
  expect(written).toBe(awkward);
});

test('PowerShell doubles the quote and takes nothing else for special', () => {
  expect(quoteForPowerShell("a'b $x `n")).toBe("'a''b $x `n'");
});

test('the shell settings set both variables of Claude Code', () => {
  const script = `${clientSettings('shell', { origin, secret: awkward })}\nprintf '%s|%s' "$ANTHROPIC_BASE_URL" "$ANTHROPIC_AUTH_TOKEN"`;
  const written = execFileSync('sh', ['-c', script], { encoding: 'utf8' });
  expect(written).toBe(`${origin}/api|${awkward}`);
});

test('the settings file is JSON with the same two variables', () => {
  expect(JSON.parse(clientSettings('settings', { origin, secret: awkward }))).toEqual({
    env: { ANTHROPIC_BASE_URL: `${origin}/api`, ANTHROPIC_AUTH_TOKEN: awkward },
  });
});

test('cURL gets the address, the key and a body that is JSON', () => {
  const command = clientSettings('curl', { origin, secret: awkward });
  const script = `curl() { printf '%s\\n' "$@"; }\n${command}`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).trimEnd().split('\n');
  expect(words[0]).toBe(`${origin}/api/v1/messages`);
  expect(words).toContain(`x-api-key: ${awkward}`);
  expect(JSON.parse(words.at(-1) ?? '')).toMatchObject({ max_tokens: 64 });
});
