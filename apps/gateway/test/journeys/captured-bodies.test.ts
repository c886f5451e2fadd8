// Bodies that a key wants kept: what is stored, what is never stored, who may read them, when they go.
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, newest, send } from '../relay-client.ts';

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
  await addAccount(gateway);
});
afterAll(async () => {
  await gateway.close();
});

async function relay(secret: string, body: object): Promise<string> {
  const answer = await send(gateway.url, secret, { body });
  expect(answer.status).toBe(200);
  await gateway.settled();
  await gateway.gateway.services.captures.idle(5000);
  return String(answer.headers['x-request-id']);
}

const bodiesOf = (id: string) => gateway.admin.requests.bodies({ params: { id } });

describe('of a key that does not ask for it', () => {
  test('nothing is kept', async () => {
    const { secret } = await addKey(gateway, { name: 'plain' });
    const id = await relay(secret, message('remember nothing'));
    await expect(bodiesOf(id)).rejects.toMatchObject({ code: 'not_found' });
    expect((await gateway.admin.requests.get({ params: { id } })).bodies).toBeNull();
    expect(
      await gateway.gateway.services.redis.background.exists(
        gateway.gateway.services.redis.keyspace.bodies(id),
      ),
    ).toBe(0);
  });
});

describe('of a key that asks for both', () => {
  let secret = '';
  let keyId = '';
  beforeAll(async () => {
    const added = await addKey(gateway, { name: 'kept', capture: { request: true, response: true } });
    ({ secret } = added);
    keyId = added.id;
  });

  test('request and answer can be read, whole answers and streams, and reading leaves an audit entry', async () => {
    const { events } = gateway.gateway.services;
    const audited: string[] = [];
    const stop = events.on('audit', ({ action, target }) => void audited.push(`${action} ${target.id}`));
    for (const stream of [false, true]) {
      const id = await relay(secret, message('good morning', { stream }));
      const { request, response } = await bodiesOf(id);
      expect(JSON.parse(request?.text ?? '')).toMatchObject({ messages: [{ content: 'good morning' }] });
      expect(response?.text).toContain(stream ? 'event: message_stop' : '"type":"message"');
      expect(response?.isCut).toBe(false);
      expect(response?.bytes).toBe(Buffer.byteLength(response?.text ?? ''));
      expect(audited).toContain(`request.read_bodies ${id}`);
      const { bodies } = await gateway.admin.requests.get({ params: { id } });
      expect(Date.parse(bodies?.expiresAt ?? '')).toBeGreaterThan(Date.now() + 23 * 3_600_000);
    }
    stop();
  });

  test('what is stored is sealed, and has no credentials under its seal either', async () => {
    const secrets = ['sk-ant-api03-abcdefghijklmnopqrstuvwxyz', 'hunter2hunter2', 'AKIAIOSFODNN7EXAMPLE'];
    const text = `{"api_key":"${secrets[1]}"} and ${secrets[0]} and ${secrets[2]} but keep this sentence`;
    const id = await relay(secret, message(text));
    const { redis } = gateway.gateway.services;
    const stored = await redis.background.getBuffer(redis.keyspace.bodies(id));
    expect(stored?.includes('keep this sentence')).toBe(false);
    expect(() => gunzipSync(stored ?? Buffer.alloc(0))).toThrow('incorrect header check');
    const { request } = await bodiesOf(id);
    expect(request?.text).toContain('keep this sentence');
    for (const each of secrets) expect(request?.text).not.toContain(each);
  });

  test('they are deleted one by one, and all of a key', async () => {
    const [one, two, three] = [
      await relay(secret, message('1')),
      await relay(secret, message('2')),
      await relay(secret, message('3')),
    ];
    await gateway.admin.requests.deleteBodies({ params: { id: one } });
    await expect(bodiesOf(one)).rejects.toMatchObject({ code: 'not_found' });
    expect((await bodiesOf(two)).request).not.toBeNull();
    const { deleted } = await gateway.admin.requests.deleteAllBodies({ query: { keyId } });
    expect(deleted).toBeGreaterThanOrEqual(2);
    await expect(bodiesOf(three)).rejects.toMatchObject({ code: 'not_found' });
    const { redis } = gateway.gateway.services;
    expect(await redis.background.hget(redis.keyspace.bodySizes, 'total')).toBe('0');
    expect((await newest(gateway)).bodies).toBeNull();
  });

  test('a refused request and a token count keep nothing that was not relayed', async () => {
    const answer = await send(gateway.url, secret, {
      path: '/api/v1/messages/count_tokens',
      body: { model: 'claude-sonnet-5-5', messages: [{ role: 'user', content: 'x' }] },
    });
    expect(answer.status).toBe(200);
    await gateway.gateway.services.captures.idle(5000);
    await expect(bodiesOf(String(answer.headers['x-request-id']))).rejects.toMatchObject({
      code: 'not_found',
    });
  });
});

test('only the answer, where only that is asked for', async () => {
  const { secret } = await addKey(gateway, { name: 'half', capture: { request: false, response: true } });
  const { request, response } = await bodiesOf(await relay(secret, message('half')));
  expect(request).toBeNull();
  expect(response?.text).toContain('message');
});
