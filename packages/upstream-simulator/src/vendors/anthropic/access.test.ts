import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KEY_HEADERS, json, messagesBody, send } from '../../../test/client.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

const OAUTH_HEADERS = {
  authorization: 'Bearer sk-ant-oat01-test',
  'anthropic-version': '2023-06-01',
  'anthropic-beta': 'claude-code-20250219,oauth-2025-04-20',
};

describe('refusals', () => {
  const refusals: [string, Record<string, string>, unknown, number, string, string][] = [
    [
      'no key',
      { 'anthropic-version': '2023-06-01' },
      messagesBody('x'),
      401,
      'authentication_error',
      'x-api-key header is required',
    ],
    [
      'no version',
      { 'x-api-key': 'k' },
      messagesBody('x'),
      400,
      'invalid_request_error',
      'anthropic-version: header is required',
    ],
    [
      'no model',
      KEY_HEADERS,
      { max_tokens: 1, messages: [{}] },
      400,
      'invalid_request_error',
      'model: Field required',
    ],
    [
      'no max_tokens',
      KEY_HEADERS,
      messagesBody('x', { max_tokens: undefined }),
      400,
      'invalid_request_error',
      'max_tokens: Field required',
    ],
    [
      'no messages',
      KEY_HEADERS,
      messagesBody('x', { messages: [] }),
      400,
      'invalid_request_error',
      'messages: at least one message is required',
    ],
    [
      'no JSON',
      KEY_HEADERS,
      Buffer.from('{"model":'),
      400,
      'invalid_request_error',
      'The request body is not valid JSON',
    ],
    [
      'unknown model',
      KEY_HEADERS,
      messagesBody('x', { model: 'gpt-6-luna' }),
      404,
      'not_found_error',
      'model: gpt-6-luna',
    ],
    [
      'OAuth without its beta',
      { authorization: 'Bearer sk-ant-oat01-x', 'anthropic-version': '2023-06-01' },
      messagesBody('x'),
      401,
      'authentication_error',
      'OAuth authentication is currently not supported.',
    ],
  ]; // prettier-ignore

  test.each(refusals)(
    '%s is refused in the words of the vendor',
    async (_name, headers, body, status, type, message) => {
      const reply = await send(simulator.url, { headers, body });
      expect(reply.status).toBe(status);
      expect(json(reply)).toEqual({
        type: 'error',
        error: { type, message },
        request_id: reply.headers['request-id'],
      });
    },
  );

  test('only configured keys are accepted if there are any', async () => {
    const strict = await startSimulator({ keys: ['sk-good'] });
    const ask401 = async (headers: Record<string, string>): Promise<number> =>
      (await send(strict.url, { headers: { ...KEY_HEADERS, ...headers }, body: messagesBody('x') })).status;
    expect(await ask401({ 'x-api-key': 'sk-bad' })).toBe(401);
    expect(await ask401({ 'x-api-key': 'sk-good' })).toBe(200);
    expect(await ask401({ 'x-api-key': '', authorization: 'Bearer sk-good' })).toBe(200);
    await strict.close();
  });
});

describe('subscription tokens', () => {
  test('carry the unified windows instead of the limits of a key', async () => {
    const reply = await send(simulator.url, { headers: OAUTH_HEADERS, body: messagesBody('x') });
    expect(reply.status).toBe(200);
    expect(reply.headers['anthropic-ratelimit-unified-status']).toBe('allowed');
    expect(reply.headers['anthropic-ratelimit-unified-representative-claim']).toBe('five_hour');
    expect(Number(reply.headers['anthropic-ratelimit-unified-5h-utilization'])).toBeLessThan(1);
    expect(Number(reply.headers['anthropic-ratelimit-unified-7d-reset'])).toBeGreaterThan(Date.now() / 1000);
    expect(reply.headers['anthropic-ratelimit-requests-limit']).toBeUndefined();
  });

  test('say rejected in a 429', async () => {
    simulator.enqueue({ status: 429, retryAfter: 7 });
    const reply = await send(simulator.url, { headers: OAUTH_HEADERS, body: messagesBody('x') });
    expect(reply.headers['anthropic-ratelimit-unified-5h-status']).toBe('rejected');
    expect(reply.headers['retry-after']).toBe('7');
  });
});

describe('models', () => {
  test('are listed page by page and found one by one', async () => {
    const get = async (path: string): Promise<Record<string, unknown>> =>
      json(await send(simulator.url, { method: 'GET', path }));
    const all = await get('/v1/models?limit=1000');
    const ids = (all['data'] as { id: string }[]).map((model) => model.id);
    expect(all).toMatchObject({ has_more: false, first_id: ids[0], last_id: ids.at(-1) });
    const first = await get('/v1/models?limit=2');
    expect(first['has_more']).toBe(true);
    const second = await get(`/v1/models?limit=2&after_id=${String(first['last_id'])}`);
    expect(
      [...(first['data'] as { id: string }[]), ...(second['data'] as { id: string }[])].map(({ id }) => id),
    ).toEqual(ids.slice(0, 4));
    const before = await get(`/v1/models?limit=1&before_id=${String(ids[2])}`);
    expect(before).toMatchObject({ first_id: ids[1], has_more: true });
    expect(await get('/v1/models/claude-opus-5-5')).toMatchObject({
      type: 'model',
      display_name: 'Claude Opus 5.5',
    });
    expect(await get('/v1/models/gpt-6-luna')).toMatchObject({ error: { type: 'not_found_error' } });
  });
});
