import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { isKeyText, readBaseUrl } from './base-url';
import {
  clientFacts,
  clientIds,
  dialectOf,
  type GuideClient,
  shells,
  suggestedModel,
  type Variant,
  variantOf,
} from './clients';
import { errorMessage, requestIn, textOfEvent } from './requests';
import { postJson } from './shell-text';
import { guideSteps, type GuideInput } from './snippets';

const baseUrl = 'https://relay.example';
const key = 'cr_0123456789abcdef';
const awkward = `cr_a'b"c $HOME \`id\` \\ !x`;

function input(client: GuideClient, more: Partial<GuideInput> = {}): GuideInput {
  const variant = variantOf(client, more.variant ?? null);
  const model = suggestedModel(dialectOf(client, variant), null);
  return { client, variant, shell: 'posix', baseUrl, key, model, ...more };
}

function codeOf(name: string, given: GuideInput): string {
  const step = guideSteps(given).find((one) => one.name === name);
  if (step === undefined || step.type === 'fields') throw new Error(`no code in ${name}`);
  return step.code;
}

const everyChoice = clientIds.flatMap((client) => {
  const { variants } = clientFacts[client];
  const all: readonly (Variant | null)[] = variants.length === 0 ? [null] : variants;
  return all.flatMap((variant) => shells.map((shell) => ({ client, variant, shell })));
});

test.each(everyChoice)(
  '$client $variant in $shell: key and address are there, names of steps are told apart',
  (choice) => {
    const steps = guideSteps(input(choice.client, choice));
    const text = JSON.stringify(steps);
    expect(text).toContain(key);
    expect(text).toContain(`${baseUrl}/`);
    expect(new Set(steps.map(({ name }) => name)).size).toBe(steps.length);
  },
);

test.each([
  ['claude-code', 'ANTHROPIC_AUTH_TOKEN'],
  ['codex', 'RELAY_KEY'],
  ['gemini-cli', 'GEMINI_API_KEY'],
  ['anthropic-sdk', 'RELAY_KEY'],
] as const)('%s: a shell that runs the settings has the key in %s, whatever it holds', (client, name) => {
  const script = `${codeOf('environment', input(client, { key: awkward }))}
printf %s "$${name}"`;
  expect(execFileSync('sh', ['-c', script], { encoding: 'utf8' })).toBe(awkward);
});

test('a shell hands cURL the address, the headers and the body as they are', () => {
  const body = { model: `it's "x"`, n: ['$HOME', '\\'] };
  const command = postJson('posix', { url: `${baseUrl}/a b`, headers: { 'x-api-key': awkward }, body });
  const script = `curl() { printf '%s\\0' "$@"; }\n${command}`;
  const words = execFileSync('sh', ['-c', script], { encoding: 'utf8' }).split('\0');
  expect(words.slice(0, -1)).toEqual([
    `${baseUrl}/a b`,
    '-H',
    `x-api-key: ${awkward}`,
    '-H',
    'content-type: application/json',
    '-d',
    JSON.stringify(body),
  ]);
});

test('each shell has its own words', () => {
  expect(codeOf('environment', input('claude-code', { shell: 'powershell' }))).toBe(
    `$env:ANTHROPIC_BASE_URL = 'https://relay.example/api'\n$env:ANTHROPIC_AUTH_TOKEN = '${key}'`,
  );
  expect(codeOf('environment', input('gemini-cli', { shell: 'cmd' }))).toBe(
    `set "GOOGLE_GEMINI_BASE_URL=https://relay.example/gemini"\nset "GEMINI_API_KEY=${key}"`,
  );
  expect(codeOf('forGood', input('codex', { shell: 'cmd' }))).toBe(`setx RELAY_KEY "${key}"`);
  expect(codeOf('forGood', input('codex', { shell: 'powershell' }))).toBe(
    `[Environment]::SetEnvironmentVariable('RELAY_KEY', '${key}', 'User')`,
  );
  expect(codeOf('request', input('curl', { shell: 'powershell' }))).toContain(`'x-api-key' = '${key}'`);
  expect(codeOf('request', input('curl', { shell: 'cmd' }))).toContain(String.raw`-d "{\"model\":\"claude`);
});

describe('what docs/clients.md says of a client is what the guide says', () => {
  const docs = readFileSync(
    fileURLToPath(new URL('../../../../../docs/clients.md', import.meta.url)),
    'utf8',
  );
  const inDocs = (text: string) => docs.replaceAll('cr_…', key).includes(text);
  const plain = (text: string) => text.replaceAll("'", '');

  test('Claude Code', () => {
    expect(inDocs(plain(codeOf('environment', input('claude-code'))))).toBe(true);
    const file = JSON.parse(codeOf('claudeSettings', input('claude-code'))) as object;
    const written = /\{ "env": \{.*\} \}/.exec(docs.replaceAll('cr_…', key))?.[0] ?? '';
    expect(file).toEqual(JSON.parse(written));
  });

  test('Codex', () => {
    expect(inDocs(codeOf('codexConfig', input('codex')))).toBe(true);
    expect(inDocs(plain(codeOf('environment', input('codex'))))).toBe(true);
  });

  test('Gemini CLI', () => {
    expect(inDocs(plain(codeOf('environment', input('gemini-cli'))))).toBe(true);
    const written = /\{ "security": .*"gemini-api-key".*\}/.exec(docs)?.[0] ?? '';
    expect(JSON.parse(codeOf('geminiSettings', input('gemini-cli')))).toEqual(JSON.parse(written));
    expect(docs).toContain('GEMINI_CLI_TRUST_WORKSPACE=true');
    expect(codeOf('check', input('gemini-cli'))).toContain("GEMINI_CLI_TRUST_WORKSPACE='true'");
  });

  test.each([
    ['anthropic-sdk', 'baseURL'],
    ['openai-sdk', 'baseURL'],
    ['google-genai', 'baseUrl'],
    ['ai-sdk', 'baseURL'],
  ] as const)('%s', (client, option) => {
    const address = new RegExp(`${option}: '[^']+'`).exec(codeOf('program', input(client)))?.[0];
    expect(address).toBeDefined();
    expect(docs).toContain(address);
  });
});

const hasPython = spawnSync('python3', ['--version']).status === 0;

test.skipIf(!hasPython)('Python programs are Python', () => {
  for (const client of ['anthropic-sdk', 'openai-sdk', 'google-genai'] as const) {
    const program = codeOf('program', input(client, { variant: 'python', model: `it's "x"` }));
    const parse = ['-c', 'import ast, sys; ast.parse(sys.stdin.read())'];
    expect(() => execFileSync('python3', parse, { input: program })).not.toThrow();
  }
});

test.each([
  ['https://relay.example/', 'https://relay.example'],
  [' http://10.0.0.5:3000 ', 'http://10.0.0.5:3000'],
  ['https://relay.example/proxy//', 'https://relay.example/proxy'],
  ['relay.example', null],
  ['javascript:alert(1)', null],
  ['https://user:pass@relay.example', null],
  ['https://relay.example/?a=1', null],
  [`https://relay.example/'; rm -rf ~`, null],
])('the address %j is read as %j', (text, expected) => {
  expect(readBaseUrl(text)).toBe(expected);
});

test('what is no key is not taken for one', () => {
  expect(isKeyText(key)).toBe(true);
  for (const text of ['', 'cr_…', 'two words', `cr_'quoted'`, 'export X=cr_12345678'])
    expect(isKeyText(text)).toBe(false);
});

test('the usual model is taken where the key reaches it, else the first that it reaches', () => {
  expect(suggestedModel('messages', null)).toBe('claude-haiku-5-5');
  expect(suggestedModel('messages', ['gpt-6-luna'])).toBe('gpt-6-luna');
  expect(suggestedModel('messages', ['gpt-6-luna', 'claude-haiku-5-5'])).toBe('claude-haiku-5-5');
});

test('the text of a stream is read in every dialect, its errors too', () => {
  expect(
    textOfEvent('messages', '{"type":"content_block_delta","delta":{"type":"text_delta","text":"Hi"}}'),
  ).toBe('Hi');
  expect(textOfEvent('chat', '{"choices":[{"delta":{"content":"Hi"}}]}')).toBe('Hi');
  expect(textOfEvent('chat', '[DONE]')).toBe('');
  expect(textOfEvent('responses', '{"type":"response.output_text.delta","delta":"Hi"}')).toBe('Hi');
  expect(
    textOfEvent(
      'gemini',
      '{"candidates":[{"content":{"parts":[{"text":"hm","thought":true},{"text":"Hi"}]}}]}',
    ),
  ).toBe('Hi');
  expect(() => textOfEvent('messages', '{"type":"error","error":{"message":"overloaded"}}')).toThrow(
    'overloaded',
  );
  expect(errorMessage({ error: { message: 'no' } })).toBe('no');
  expect(errorMessage({ type: 'response.failed', response: { error: { message: 'no' } } })).toBe('no');
  expect(errorMessage({ type: 'message' })).toBeNull();
});

test('a stream is asked for in the way of each dialect', () => {
  const asked = { key, model: 'a/b', isStream: true };
  expect(requestIn('gemini', asked).path).toBe('/gemini/v1beta/models/a%2Fb:streamGenerateContent?alt=sse');
  for (const dialect of ['messages', 'chat', 'responses'] as const) {
    expect(requestIn(dialect, asked).body).toMatchObject({ stream: true });
    expect(requestIn(dialect, { ...asked, isStream: false }).body).not.toHaveProperty('stream');
  }
});
