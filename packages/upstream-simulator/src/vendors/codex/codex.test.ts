import OpenAI from 'openai';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Reply, json, send } from '../../../test/client.ts';
import { objectOf, parseJson } from '../../json.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

const MODEL = 'gpt-5.6-sol';
const HEADERS = {
  authorization: 'Bearer token-1',
  'chatgpt-account-id': 'account-1',
  originator: 'codex_exec',
};
const exec = { type: 'function', name: 'exec_command', parameters: { type: 'object' }, strict: false };

function bodyOf(prompt: string, more: object = {}): object {
  const message = { type: 'message', role: 'user', content: [{ type: 'input_text', text: prompt }] };
  const developer = { type: 'message', role: 'developer', content: [{ type: 'input_text', text: 'rules' }] };
  return { model: MODEL, input: [developer, message], store: false, stream: true, tools: [exec], ...more };
}

async function ask(body: object, headers: Record<string, string> = HEADERS): Promise<Reply> {
  return send(simulator.url, { path: '/backend-api/codex/responses', headers, body });
}

test('a stream is put together by the SDK, and the headers tell the limits of the plan', async () => {
  const client = new OpenAI({
    apiKey: 'token-1',
    baseURL: `${simulator.url}/backend-api/codex`,
    defaultHeaders: { 'chatgpt-account-id': 'account-1' },
    maxRetries: 0,
  });
  const stream = client.responses.stream({ model: MODEL, input: '[[say:hello]]', store: false });
  expect((await stream.finalResponse()).output_text).toBe('hello');
  const { headers } = await ask(bodyOf('x'));
  expect(headers).toMatchObject({
    'x-codex-primary-used-percent': expect.stringMatching(/^\d+$/u) as string,
    'x-codex-primary-window-minutes': '300',
    'x-codex-secondary-window-minutes': '10080',
    'x-codex-secondary-reset-after-seconds': expect.stringMatching(/^\d+$/u) as string,
    'x-codex-credits-has-credits': 'False',
  });
});

test('a bash marker runs in the shell that Codex offers', async () => {
  const reply = await ask(bodyOf('[[bash:echo hi]]'));
  expect(reply.body.toString()).toContain(JSON.stringify(JSON.stringify({ cmd: 'echo hi' })));
});

test('a bash marker runs in the program that Codex has the newest models write', async () => {
  const tools = [{ type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec' }] }];
  const brought = { type: 'additional_tools', role: 'developer', tools };
  const message = {
    type: 'message',
    role: 'user',
    content: [{ type: 'input_text', text: '[[bash:echo hi]]' }],
  };
  const reply = await ask(bodyOf('', { tools: undefined, input: [brought, message] }));
  const body = reply.body.toString();
  expect(body).toContain('"name":"exec","namespace":"functions"');
  expect(body).toContain(JSON.stringify('text((await tools.exec_command({"cmd":"echo hi"})).output)'));
});

test('a tool that takes free text gets it', async () => {
  const tools = [{ type: 'custom', name: 'apply_patch' }];
  const reply = await ask(bodyOf('[[tool:apply_patch {"input":"*** Begin Patch"}]]', { tools }));
  const body = reply.body.toString();
  expect(body).toContain('event: response.custom_tool_call_input.done');
  expect(body).toContain('"type":"custom_tool_call"');
  expect(body).toContain('"input":"*** Begin Patch"');
});

test.each([
  ['store', { store: true }, 'Store must be set to false'],
  ['stream', { stream: false }, 'Stream must be set to true'],
  ['model', { model: 'claude-opus-5-5' }, 'not supported when using Codex'],
])('a body with another %s is refused', async (_field, more, message) => {
  const reply = await ask(bodyOf('x', more));
  expect(reply.status).toBe(400);
  expect(String(json(reply)['detail'])).toContain(message);
});

test('without a token or an account there is no answer', async () => {
  expect((await ask(bodyOf('x'), { 'chatgpt-account-id': 'account-1' })).status).toBe(401);
  expect((await ask(bodyOf('x'), { authorization: 'Bearer token-1' })).status).toBe(401);
});

test('a token of a login is good for its own account, until it ends', async () => {
  const login = async (refreshToken: string): Promise<Record<string, unknown>> =>
    json(
      await send(simulator.url, {
        path: '/oauth/token',
        headers: { 'content-type': 'application/json' },
        body: { grant_type: 'refresh_token', refresh_token: refreshToken },
      }),
    );
  const tokens = await login('rt_imported');
  const claims = Buffer.from(String(tokens['id_token']).split('.')[1] ?? '', 'base64url').toString();
  const account = String(
    objectOf(objectOf(parseJson(claims))['https://api.openai.com/auth'])['chatgpt_account_id'],
  );
  const authorization = `Bearer ${String(tokens['access_token'])}`;
  expect((await ask(bodyOf('x'), { authorization, 'chatgpt-account-id': account })).status).toBe(200);
  expect((await ask(bodyOf('x'), { authorization, 'chatgpt-account-id': 'other' })).status).toBe(401);
  const ended = `Bearer ${String((await login('rt_expires-0-x'))['access_token'])}`;
  expect((await ask(bodyOf('x'), { authorization: ended, 'chatgpt-account-id': account })).status).toBe(401);
});

test('a limit that is reached says when it ends', async () => {
  simulator.enqueue({ status: 429, retryAfter: 90 });
  const reply = await ask(bodyOf('x'));
  expect(reply.status).toBe(429);
  expect(json(reply)).toMatchObject({
    error: { type: 'usage_limit_reached', plan_type: 'pro', resets_in_seconds: 90 },
  });
  expect(reply.headers).toMatchObject({
    'x-codex-primary-used-percent': '100',
    'x-codex-rate-limit-reached-type': 'primary',
  });
});

test('compaction is answered, an upgrade refused, another path not found', async () => {
  const compacted = await send(simulator.url, {
    path: '/backend-api/codex/responses/compact',
    headers: HEADERS,
    body: bodyOf('first'),
  });
  expect(json(compacted)).toMatchObject({ object: 'response.compaction' });
  const upgrade = { ...HEADERS, connection: 'upgrade', upgrade: 'websocket' };
  const path = '/backend-api/codex/responses';
  expect((await send(simulator.url, { path, method: 'GET', headers: upgrade })).status).toBe(426);
  expect((await send(simulator.url, { path: '/backend-api/codex/other', headers: HEADERS })).status).toBe(
    404,
  );
});
