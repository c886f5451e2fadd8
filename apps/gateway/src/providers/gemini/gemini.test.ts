// What the kinds of Gemini do with bodies and addresses beside what every kind does.
import { expect, test } from 'vitest';
import type { UpstreamCall } from '../provider.ts';
import { providersAt } from '../../../test/providers.ts';

const providers = providersAt('https://vendor.example');

function prepare(kind: string, settings: object, overrides: Partial<UpstreamCall>) {
  const provider = providers.get(kind);
  if (provider === undefined) throw new Error(`no kind ${kind}`);
  const call = { ...provider.testCall('gemini-3.8-flash').call, ...overrides };
  const credential = kind === 'gemini' ? { accessToken: 'ya29.a' } : { apiKey: 'AIza1' };
  const prepared = provider.prepare(
    call,
    { id: 'a1', settings: provider.account.settings.parse(settings) },
    provider.account.credential.parse(credential),
  );
  return { ...prepared, body: prepared.body.toString() };
}

test.each([
  [{ projectId: 'ours-1' }, '{"project":"theirs","model":"m"}', '{"project":"ours-1","model":"m"}'],
  [{ projectId: 'ours-1' }, '{"model":"m" }', '{"project":"ours-1","model":"m" }'],
  // Where the vendor has its own project for the account, the client's would be another's.
  [{}, '{"project":"theirs","model":"m"}', '{"model":"m"}'],
])('calls run in the account’s project: %j', (settings, body, expected) => {
  expect(prepare('gemini', settings, { body: Buffer.from(body) }).body).toBe(expected);
});

test('counting has no project, and a mapped model is changed where it is', () => {
  const body = '{"project":"p","request":{ "model":"models/gemini-3.8-flash","contents":[{"model":1}] } }';
  const counted: Partial<UpstreamCall> = {
    operation: 'count_tokens',
    path: '/v1internal:countTokens',
    body: Buffer.from(body),
  };
  expect(prepare('gemini', { projectId: 'ours-1' }, counted).body).toBe(body);
  expect(prepare('gemini', {}, { ...counted, upstreamModel: 'gemini-other' }).body).toBe(
    body.replace('gemini-3.8-flash', 'gemini-other'),
  );
});

test.each([
  [undefined, 'https://vendor.example/v1beta/models/'],
  ['https://host.example/v1beta/', 'https://host.example/v1beta/models/'],
  ['https://host.example/v1', 'https://host.example/v1beta/models/'],
  ['https://host.example/x/v1beta/models', 'https://host.example/x/v1beta/models/'],
])('calls to the base URL %s go to %s', (baseUrl, expected) => {
  const { origin, path } = prepare('gemini-api', { baseUrl }, {});
  expect(`${origin}${path}`).toBe(`${expected}gemini-3.8-flash:generateContent`);
});

test('what clients of other vendors tell their vendor stays here', () => {
  const headers = ['anthropic-beta', 'x', 'OpenAI-Beta', 'y', 'x-goog-api-client', 'z'];
  const sent = prepare('gemini-api', {}, { headers }).headers.join(' ').toLowerCase();
  expect(sent).not.toMatch(/anthropic|openai/);
  expect(sent).toContain('x-goog-api-client z');
});
