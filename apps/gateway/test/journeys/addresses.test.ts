// The relay's addresses: each family in its dialect, keys wherever clients put them, models as each client lists them.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addKind, type BoundKey } from '../kinds.ts';
import { addKey, json, newest, send, type SendOptions } from '../relay-client.ts';

let gateway: TestGateway;
let claude: BoundKey;
let openai: BoundKey;
let gemini: BoundKey;
/** Of a key that may use all of them. */
let secret = '';

beforeAll(async () => {
  gateway = await startTestGateway();
  claude = await addKind(gateway, 'claude-console');
  openai = await addKind(gateway, 'openai');
  gemini = await addKind(gateway, 'gemini-api');
  ({ secret } = await addKey(gateway));
});
afterAll(async () => {
  await gateway.close();
});

const ask = (path: string, body: object, options: SendOptions = {}) =>
  send(gateway.url, secret, { path, body, ...options });
const prompt = 'Reply with the word relay';
const chat = (model: string) => ({ model, messages: [{ role: 'user', content: prompt }] });
const contents = { contents: [{ role: 'user', parts: [{ text: prompt }] }] };

describe('OpenAI’s family', () => {
  test.each(['/api', '/openai'])(
    '%s/v1/chat/completions answers by model, whoever serves it',
    async (prefix) => {
      for (const { model, kind } of [claude, openai, gemini]) {
        const answer = await ask(`${prefix}/v1/chat/completions`, chat(model));
        expect(json(answer)).toMatchObject({
          object: 'chat.completion',
          model: expect.stringContaining(model) as unknown,
          choices: [{ message: { role: 'assistant', content: 'relay' }, finish_reason: 'stop' }],
        });
        expect(await newest(gateway)).toMatchObject({ kind, dialect: 'openai-chat', outcome: 'ok' });
      }
    },
  );

  test('the prefix can fix the vendor', async () => {
    expect((await ask('/openai/claude/v1/chat/completions', chat(claude.model))).status).toBe(200);
    expect((await ask('/openai/gemini/v1/chat/completions', chat(gemini.model))).status).toBe(200);
    const wrong = await ask('/openai/gemini/v1/chat/completions', chat(claude.model));
    expect([wrong.status, json(wrong)]).toMatchObject([503, { error: { code: 'no_account_for_model' } }]);
  });

  test('legacy completions and embeddings', async () => {
    const old = await ask('/openai/v1/completions', { model: openai.model, prompt, max_tokens: 20 });
    expect(json(old)).toMatchObject({
      object: 'text_completion',
      choices: [{ text: expect.stringContaining('relay') as unknown }],
    });
    const vectors = await ask('/openai/v1/embeddings', {
      model: 'text-embedding-3-small',
      input: ['a', 'b'],
    });
    expect(json(vectors)).toMatchObject({ object: 'list', data: [{ index: 0 }, { index: 1 }] });
    expect(await newest(gateway)).toMatchObject({ operation: 'embeddings', usageSource: 'reported' });
    const none = await ask('/openai/v1/embeddings', { model: claude.model, input: 'a' });
    expect([none.status, json(none)]).toMatchObject([404, { error: { code: 'not_supported' } }]);
  });

  test.each(['/openai/responses', '/openai/v1/responses', '/azure/responses'])('%s', async (path) => {
    const answer = await ask(path, { model: openai.model, input: prompt });
    expect(json(answer)).toMatchObject({ object: 'response', status: 'completed' });
    expect(await newest(gateway)).toMatchObject({ kind: 'openai', dialect: 'openai-responses' });
  });

  test('a stored response is asked for of the account that made it, and of no other', async () => {
    const first = json(await ask('/openai/v1/responses', { model: openai.model, input: prompt }));
    const next = { model: openai.model, input: 'and on', previous_response_id: first['id'] };
    await expect.poll(async () => (await ask('/openai/v1/responses', next)).status).toBe(200);
    const { secret: another } = await addKey(gateway);
    const foreign = await send(gateway.url, another, { path: '/openai/v1/responses', body: next });
    expect([foreign.status, json(foreign)]).toMatchObject([404, { error: { code: 'not_found_here' } }]);
  });

  test('a WebSocket is declined so that the client takes the other way', async () => {
    const answer = await send(gateway.url, secret, {
      path: '/openai/v1/responses',
      method: 'GET',
      headers: { connection: 'Upgrade', upgrade: 'websocket' },
    });
    expect(answer.status).toBe(426);
  });

  test('what a key’s holder may ask of it', async () => {
    const info = await send(gateway.url, openai.secret, { path: '/openai/key-info', method: 'GET' });
    expect(json(info)).toMatchObject({ keyInfo: { name: 'openai key' } });
    expect((await send(gateway.url, openai.secret, { path: '/openai/usage', method: 'GET' })).status).toBe(
      200,
    );
  });
});

describe('Azure’s family', () => {
  test('the deployment in the address is the model, whatever the body says', async () => {
    const path = `/azure/openai/deployments/${openai.model}/chat/completions?api-version=2024-10-21`;
    for (const body of [{ messages: chat('').messages }, chat('something else')]) {
      expect(json(await ask(path, body))).toMatchObject({ choices: [{ message: { content: 'relay' } }] });
      expect(await newest(gateway)).toMatchObject({ model: openai.model, outcome: 'ok' });
    }
  });

  test.each(['/azure/chat/completions', '/azure/openai/v1/chat/completions'])('%s', async (path) => {
    expect((await ask(path, chat(openai.model))).status).toBe(200);
  });
});

describe('Gemini’s family', () => {
  test.each(['v1', 'v1beta'])('generate, stream and count below /%s', async (version) => {
    const at = (call: string) => `/gemini/${version}/models/${gemini.model}:${call}`;
    expect(json(await ask(at('generateContent'), contents))).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'relay' }] }, finishReason: 'STOP' }],
    });
    const events = await ask(`${at('streamGenerateContent')}?alt=sse`, contents);
    expect(events.headers['content-type']).toContain('text/event-stream');
    const array = await ask(at('streamGenerateContent'), contents);
    expect(array.headers['content-type']).toContain('application/json');
    expect(JSON.parse(array.body.toString())).toContainEqual(
      expect.objectContaining({ usageMetadata: expect.anything() as unknown }),
    );
    expect(json(await ask(at('countTokens'), contents))).toHaveProperty('totalTokens');
  });

  test('Claude serves Gemini’s clients too, also their growing arrays', async () => {
    const at = (call: string) => `/gemini/v1beta/models/${claude.model}:${call}`;
    expect(json(await ask(at('generateContent'), contents))).toMatchObject({
      candidates: [{ content: { parts: [{ text: 'relay' }] } }],
    });
    const array: unknown = JSON.parse((await ask(at('streamGenerateContent'), contents)).body.toString());
    expect(array).toContainEqual(expect.objectContaining({ usageMetadata: expect.anything() as unknown }));
    expect(json(await ask(at('countTokens'), contents))).toHaveProperty('totalTokens');
  });

  test('Code Assist’s clients find a tier, a project and their models', async () => {
    const at = (method: string) => `/gemini/v1internal:${method}`;
    expect(json(await ask(at('loadCodeAssist'), {}))).toMatchObject({
      currentTier: { id: 'standard-tier' },
      cloudaicompanionProject: expect.any(String) as unknown,
    });
    for (const method of ['retrieveUserQuota', 'listExperiments'])
      expect((await ask(at(method), { project: 'p' })).status).toBe(200);
    expect((await ask(at('unheardOf'), {})).status).toBe(404);
    const wrapped = { model: gemini.model, project: 'p', user_prompt_id: 'u', request: contents };
    expect(json(await ask(at('generateContent'), wrapped))).toMatchObject({
      response: { candidates: [{ content: { parts: [{ text: 'relay' }] } }] },
    });
    expect(await newest(gateway)).toMatchObject({ kind: 'gemini-api', dialect: 'code-assist' });
  });
});

describe('keys', () => {
  test.each<[string, SendOptions]>([
    ['Authorization', { headers: { authorization: 'bearer KEY' } }],
    ['x-api-key', { headers: { 'x-api-key': 'KEY' } }],
    ['api-key', { headers: { 'api-key': 'KEY' } }],
    ['x-goog-api-key', { headers: { 'x-goog-api-key': 'KEY' } }],
    ['?key=', { path: '?key=KEY' }],
  ])('by %s', async (_name, { headers = {}, path = '' }) => {
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [name, value.replace('KEY', secret)]),
    );
    for (const base of ['/api/v1/models', '/openai/v1/models', '/gemini/v1beta/models']) {
      const answer = await send(gateway.url, null, {
        path: base + path.replace('KEY', secret),
        method: 'GET',
        headers: filled,
      });
      expect(answer.status).toBe(200);
    }
  });

  test.each([
    ['/api/v1/messages', { type: 'error', error: { type: 'authentication_error' } }],
    [
      '/openai/v1/chat/completions',
      { error: { code: 'invalid_api_key', type: expect.any(String) as unknown } },
    ],
    ['/openai/responses', { error: { code: 'invalid_api_key' } }],
    ['/gemini/v1beta/models/x:generateContent', { error: { code: 401, status: 'UNAUTHENTICATED' } }],
    ['/azure/embeddings', { error: { code: 'invalid_api_key' } }],
  ])('an unknown one is refused at %s in its dialect', async (path, body) => {
    const answer = await send(gateway.url, 'cr_unknown', { path, body: {} });
    expect([answer.status, answer.headers['x-should-retry']]).toEqual([401, 'false']);
    expect(json(answer)).toMatchObject(body);
  });
});

describe('models', () => {
  const list = (path: string, key = secret) => send(gateway.url, key, { path, method: 'GET' });

  test('are listed in each dialect’s own shape, with what the key can reach', async () => {
    const anthropic = json(await list('/api/v1/models?limit=1000'))['data'] as { id: string; type: string }[];
    expect(anthropic).toContainEqual(expect.objectContaining({ id: claude.model, type: 'model' }));
    const openaiList = json(await list('/openai/v1/models'));
    expect(openaiList).toMatchObject({ object: 'list' });
    const ids = (openaiList['data'] as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(expect.arrayContaining([claude.model, openai.model, gemini.model]));
    const google = json(await list('/gemini/v1beta/models?pageSize=1000'))['models'] as { name: string }[];
    expect(google.map(({ name }) => name)).toContain(`models/${gemini.model}`);
  });

  test('of a key that is bound, or of a prefix that fixes the vendor, are fewer', async () => {
    const idsAt = async (path: string, key?: string): Promise<string[]> =>
      (json(await list(path, key))['data'] as { id: string }[]).map(({ id }) => id);
    const bound = await idsAt('/openai/v1/models', gemini.secret);
    expect(bound).toContain(gemini.model);
    expect((await idsAt('/openai/claude/v1/models')).every((id) => id.startsWith('claude'))).toBe(true);
  });

  test.each([
    ['/api/v1/models/', 404],
    ['/openai/v1/models/', 404],
    ['/gemini/v1beta/models/', 404],
  ])('%s<id> is one of them, or none', async (path, status) => {
    const model = path.startsWith('/gemini') ? gemini.model : claude.model;
    expect((await list(path + model)).status).toBe(200);
    expect((await list(`${path}nothing`)).status).toBe(status);
  });
});

test.each([
  ['/api/v1/nothing', { type: 'error' }],
  ['/openai/v1/nothing', { error: { code: 'not_found' } }],
  ['/gemini/v1beta/nothing', { error: { status: 'NOT_FOUND' } }],
  ['/gemini/v1beta/models/x:embedContent', { error: { status: 'NOT_FOUND' } }],
])('%s is a 404 in its dialect', async (path, body) => {
  const answer = await ask(path, {});
  expect(answer.status).toBe(404);
  expect(json(answer)).toMatchObject(body);
});
