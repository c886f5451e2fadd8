import { readFileSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, errorOf, json, message, MODEL, newest, rows, send } from '../relay-client.ts';

let gateway: TestGateway;
let account: { id: string; name: string; apiKey: string };
let secret = '';
let keyId = '';

beforeAll(async () => {
  gateway = await startTestGateway();
  account = await addAccount(gateway, { name: 'only' });
  ({ secret, id: keyId } = await addKey(gateway));
});
afterAll(async () => {
  await gateway.close();
});
afterEach(() => {
  gateway.simulator.clearFaults();
});

const recordingsDir = new URL('../../../../packages/upstream-simulator/recordings/', import.meta.url);

function recording(name: string): { bytes: Buffer; sidecar: Sidecar } {
  return {
    bytes: readFileSync(new URL(`${name}.sse`, recordingsDir)),
    sidecar: JSON.parse(readFileSync(new URL(`${name}.json`, recordingsDir), 'utf8')) as Sidecar,
  };
}

interface Sidecar {
  model: string;
  expected: {
    usage: Partial<
      Record<'input_uncached' | 'cache_read' | 'cache_write_5m' | 'cache_write_1h' | 'output', number>
    >;
    cost: { pico_usd: string };
  };
}

describe('bytes pass untouched', () => {
  const chunkings = ['whole', 'per-event', 'bytes:1', 'bytes:7'] as const;
  test.each(
    ['anthropic-text', 'anthropic-thinking-tools-cache', 'anthropic-utf8-split', 'ccr-relay-crlf'].flatMap(
      (name) => chunkings.map((chunking) => [name, chunking] as const),
    ),
  )(
    '%s in chunks "%s": the client gets the very bytes, the books the right usage and cost',
    async (name, chunking) => {
      const { bytes, sidecar } = recording(name);
      gateway.simulator.enqueue({ replay: name, chunking });
      const answer = await send(gateway.url, secret, {
        body: message('hi', { stream: true, model: sidecar.model }),
      });
      expect(answer.status).toBe(200);
      expect(answer.headers['content-type']).toContain('text/event-stream');
      expect(answer.body.equals(bytes)).toBe(true);

      const row = await newest(gateway);
      const { usage, cost } = sidecar.expected;
      expect(row).toMatchObject({
        outcome: 'ok',
        status: 200,
        usageSource: 'reported',
        model: sidecar.model,
        keyId,
      });
      expect(row.usage).toEqual({
        input: usage.input_uncached ?? 0,
        cacheWrite5m: usage.cache_write_5m ?? 0,
        cacheWrite1h: usage.cache_write_1h ?? 0,
        cacheRead: usage.cache_read ?? 0,
        output: usage.output ?? 0,
      });
      expect(row.costNanoUsd).toBe(Number((BigInt(cost.pico_usd) + 500n) / 1000n));
      expect(row.price.lines.reduce((sum, line) => sum + line.costNanoUsd, 0)).toBe(row.costNanoUsd);
    },
  );

  test('the request body reaches the upstream byte for byte, with unknown fields and odd spacing', async () => {
    const body = `{ "messages":[{"role":"user","content":"caf\\u00e9 ☕"},{"role":"system","content":"x","output_config":{}}],\n"model" : "${MODEL}","max_tokens":5, "context_management":{"edits":[]},"unknown":[1,{"model":"inner"}] }`;
    await send(gateway.url, secret, { path: '/api/v1/messages?beta=true', body });
    const seen = gateway.simulator.requests.at(-1);
    expect(seen?.rawBody.toString()).toBe(body);
    expect(seen?.url).toBe(`/as/only/v1/messages?beta=true`);
  });

  test('the credential is swapped, the client is not dressed up, and nothing of ours goes upstream', async () => {
    await send(gateway.url, null, {
      path: `/claude/v1/messages?key=${secret}&beta=true`,
      body: message('hi'),
      headers: {
        'x-api-key': secret,
        'user-agent': 'my-client/1.0',
        'anthropic-beta': 'one,two',
        'x-forwarded-for': '10.0.0.1',
        cookie: 'a=b',
      },
    });
    const seen = gateway.simulator.requests.at(-1);
    expect(seen?.headers).toMatchObject({
      'x-api-key': account.apiKey,
      'user-agent': 'my-client/1.0',
      'anthropic-beta': 'one,two',
      'anthropic-version': '2023-06-01',
    });
    expect(seen?.headers['authorization']).toBeUndefined();
    expect(seen?.headers['cookie']).toBeUndefined();
    expect(seen?.headers['x-forwarded-for']).toBeUndefined();
    expect(JSON.stringify([seen?.headers, seen?.url])).not.toContain(secret);
  });

  test('a compressed answer is read and handed on decoded', async () => {
    gateway.simulator.enqueue({ replay: 'anthropic-text', gzip: true });
    const answer = await send(gateway.url, secret, { body: message('hi', { stream: true }) });
    expect(answer.headers['content-encoding']).toBeUndefined();
    expect(answer.body.equals(recording('anthropic-text').bytes)).toBe(true);
    expect((await newest(gateway)).usageSource).toBe('reported');
  });

  test('an answer that is no stream comes whole, with its usage', async () => {
    const answer = await send(gateway.url, secret, { body: message('[[say:hello there]]') });
    expect(answer.status).toBe(200);
    const { content, usage } = json(answer) as {
      content: { text: string }[];
      usage: { input_tokens: number; output_tokens: number };
    };
    expect(content[0]?.text).toBe('hello there');
    expect((await newest(gateway)).usage).toMatchObject({
      input: usage.input_tokens,
      output: usage.output_tokens,
    });
  });

  test('a mapped model is spliced into the body, and nothing else changes', async () => {
    const mapped = await addAccount(gateway, {
      name: 'mapped',
      models: { map: { 'house-model': 'claude-haiku-5-5' } },
    });
    const body =
      '{"model":"house-model","max_tokens":9,"messages":[{"role":"user","content":"\\"model\\":\\"house-model\\""}]}';
    expect((await send(gateway.url, secret, { body })).status).toBe(200);
    expect(gateway.simulator.requests.at(-1)?.rawBody.toString()).toBe(
      body.replace('"model":"house-model",', '"model":"claude-haiku-5-5",'),
    );
    const row = await newest(gateway);
    expect(row).toMatchObject({
      model: 'house-model',
      servedModel: 'claude-haiku-5-5',
      accountId: mapped.id,
    });
    await gateway.admin.accounts.remove({ params: { kind: 'claude-console', id: mapped.id } });
  });
});

describe('side routes', () => {
  test('tokens are counted upstream, and neither billed nor listed', async () => {
    const before = (await rows(gateway)).length;
    const answer = await send(gateway.url, secret, {
      path: '/api/v1/messages/count_tokens?beta=true',
      body: { model: MODEL, messages: [{ role: 'user', content: 'hello' }] },
    });
    expect(answer.status).toBe(200);
    expect(json(answer)['input_tokens']).toBeGreaterThan(0);
    expect((await rows(gateway)).length).toBe(before);
  });

  test('models are listed in the vendor’s shape, and one can be read', async () => {
    const list = json(await send(gateway.url, secret, { method: 'GET', path: '/api/v1/models?limit=1000' }));
    const ids = (list['data'] as { id: string; type: string }[]).map(({ id }) => id);
    expect(ids).toContain(MODEL);
    const one = json(await send(gateway.url, secret, { method: 'GET', path: `/claude/v1/models/${MODEL}` }));
    expect(one).toMatchObject({ id: MODEL, type: 'model' });
    const none = await send(gateway.url, secret, { method: 'GET', path: '/api/v1/models/claude-nope' });
    expect([none.status, errorOf(none).error.type]).toEqual([404, 'not_found_error']);
  });

  test('a key tells its holder what it is and what it used', async () => {
    const ask = async (path: string): Promise<Record<string, unknown>> =>
      json(await send(gateway.url, secret, { method: 'GET', path }));
    await gateway.settled();
    const { usage: figures } = await gateway.admin.keys.get({ params: { id: keyId } });
    expect(await ask('/api/v1/me')).toMatchObject({
      id: `user_${keyId}`,
      type: 'user',
      display_name: 'test key',
    });
    expect(await ask('/claude/v1/usage')).toMatchObject({
      usage: { total: { requests: figures.total.requests, inputTokens: figures.total.input } },
    });
    expect(await ask('/api/v1/key-info')).toMatchObject({
      keyInfo: { id: keyId, name: 'test key', usage: { daily: { outputTokens: figures.today.output } } },
    });
    expect((await send(gateway.url, null, { method: 'GET', path: '/api/v1/me' })).status).toBe(401);
  });

  test('event reports are taken', async () => {
    for (const path of ['/api/event_logging/batch', '/api/api/event_logging/batch']) {
      const answer = await send(gateway.url, null, { path, body: { events: [] } });
      expect([answer.status, json(answer)]).toEqual([200, { success: true }]);
    }
  });

  test('an unknown address is a 404 in the dialect', async () => {
    const answer = await send(gateway.url, secret, { path: '/api/v1/nothing', body: {} });
    expect([answer.status, errorOf(answer).error.type]).toEqual([404, 'not_found_error']);
  });
});

describe('the key', () => {
  test.each([
    ['authorization', (key: string) => `Bearer ${key}`],
    ['x-api-key', (key: string) => key],
    ['api-key', (key: string) => key],
    ['x-goog-api-key', (key: string) => key],
  ])('is taken from %s', async (header, value) => {
    const answer = await send(gateway.url, null, {
      body: message('hi'),
      headers: { [header]: value(secret) },
    });
    expect(answer.status).toBe(200);
  });

  test('missing and unknown ones are refused at once and for good', async () => {
    for (const [key, code] of [
      [null, 'key_missing'],
      [`cr_${'0'.repeat(64)}`, 'key_unknown'],
    ] as const) {
      const answer = await send(gateway.url, key, { body: message('hi') });
      const { error, request_id: requestId } = errorOf(answer);
      expect([answer.status, error.type, error.details?.error_code]).toEqual([
        401,
        'authentication_error',
        code,
      ]);
      expect(answer.headers['x-should-retry']).toBe('false');
      expect(answer.headers['content-type']).toContain('application/json');
      expect(requestId).toBe(answer.headers['x-request-id']);
    }
  });

  test.each([
    [{ permissions: ['gemini' as const] }, 403, 'permission_error', 'permission_denied'],
    [
      { models: { mode: 'deny' as const, list: ['claude-sonnet-*'] } },
      403,
      'permission_error',
      'model_not_allowed',
    ],
    [
      { models: { mode: 'allow' as const, list: ['claude-opus-*'] } },
      403,
      'permission_error',
      'model_not_allowed',
    ],
    [{ clients: ['claude_code' as const] }, 403, 'permission_error', 'client_not_allowed'],
    [{ ipAllow: ['10.1.0.0/16'] }, 403, 'permission_error', 'ip_not_allowed'],
    [{ enabled: false }, 401, 'authentication_error', 'key_disabled'],
    [{ expiration: { at: '2020-01-01T00:00:00Z' } }, 401, 'authentication_error', 'key_expired'],
  ])('with %j is refused with %i %s %s, listed, and costs nothing', async (fields, status, type, code) => {
    const key = await addKey(gateway, fields);
    const answer = await send(gateway.url, key.secret, { body: message('hi') });
    const { error } = errorOf(answer);
    expect([answer.status, error.type, error.details?.error_code]).toEqual([status, type, code]);
    expect(answer.headers['x-should-retry']).toBe('false');
    expect(await newest(gateway)).toMatchObject({
      keyId: key.id,
      outcome: 'refused',
      errorCode: code,
      status,
      costNanoUsd: 0,
      attempts: [],
    });
  });

  test('an address range of the key is honoured', async () => {
    const key = await addKey(gateway, { ipAllow: ['127.0.0.0/8'] });
    expect((await send(gateway.url, key.secret, { body: message('hi') })).status).toBe(200);
  });

  test('with debug on, the answer says which account, how many attempts, and how long', async () => {
    const key = await addKey(gateway, { debug: true });
    const answer = await send(gateway.url, key.secret, { body: message('hi') });
    expect(answer.headers).toMatchObject({ 'x-relay-account': 'only', 'x-relay-attempts': '1' });
    expect(answer.headers['x-relay-timing']).toMatch(/^admit=[\d.]+, route=[\d.]+, upstream=[\d.]+$/);
    const plain = await send(gateway.url, secret, { body: message('hi') });
    expect(plain.headers['x-relay-account']).toBeUndefined();
  });

  test('that lives from its first use becomes active with it', async () => {
    const key = await addKey(gateway, { expiration: { afterFirstUse: { days: 2 } } });
    expect((await gateway.admin.keys.get({ params: { id: key.id } })).status).toBe('not-activated');
    await send(gateway.url, key.secret, { body: message('hi') });
    const used = await gateway.admin.keys.get({ params: { id: key.id } });
    expect(used.status).toBe('active');
    expect(Date.parse(used.expiresAt ?? '') - Date.parse(used.activatedAt ?? '')).toBe(2 * 86_400_000);
  });
});

describe('bad input', () => {
  test.each([
    ['{not json', 'bad_json'],
    ['[]', 'invalid_request'],
    [JSON.stringify({ max_tokens: 1, messages: [] }), 'invalid_request'],
    [JSON.stringify({ model: MODEL, max_tokens: 1 }), 'invalid_request'],
    ['', 'bad_json'],
  ])('%s is a 400 that says what is wrong', async (body, code) => {
    const answer = await send(gateway.url, secret, { body });
    const { error } = errorOf(answer);
    expect([answer.status, error.type, error.details?.error_code]).toEqual([
      400,
      'invalid_request_error',
      code,
    ]);
    expect(error.message.length).toBeGreaterThan(10);
  });

  test('a model that no account serves is a 503 that names the kinds considered', async () => {
    const answer = await send(gateway.url, secret, { body: message('hi', { model: 'gpt-5' }) });
    expect(answer.status).toBe(503);
    expect(errorOf(answer).error.message).toContain('claude-console');
  });

  test('the upstream’s own complaint about the request comes as it was sent', async () => {
    const body = message('hi', { messages: [] });
    const answer = await send(gateway.url, secret, { body });
    expect(answer.status).toBe(400);
    const direct = await send(gateway.simulator.url, null, {
      path: '/as/only/v1/messages',
      body,
      headers: { 'x-api-key': account.apiKey },
    });
    expect(errorOf(answer).error).toEqual(errorOf(direct).error);
  });
});

test('a body over the limit is a 413 in the dialect', async () => {
  const small = await startTestGateway({ env: { REQUEST_MAX_SIZE_MB: '1' } });
  const key = await addKey(small);
  const answer = await send(small.url, key.secret, { body: message('x'.repeat(1_100_000)) });
  expect([answer.status, errorOf(answer).error.type]).toEqual([413, 'request_too_large']);
  await small.close();
});
