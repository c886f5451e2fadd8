// Relays that are each other's upstream, as far as nobody could know it: the request ends, with a reason, and soon.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { MODEL, rows, send } from '../relay-client.ts';

let gateway: TestGateway;
beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(() => gateway.close());

const question = { model: MODEL, max_tokens: 10, messages: [{ role: 'user', content: 'Hello' }] };

test('a request that goes round is refused after three relays, once, and as the client’s to mend', async () => {
  const { secret } = await gateway.admin.keys.create({ body: { name: 'round' } });
  const { id } = await gateway.admin.accounts.create({
    params: { kind: 'ccr' },
    body: {
      name: 'itself',
      settings: { baseUrl: `${gateway.url}/api` },
      credential: { apiKey: secret },
      clients: [],
    },
  });
  const answer = await send(gateway.url, secret, { body: question });
  expect([answer.status, JSON.parse(answer.body.toString())]).toEqual([
    400,
    expect.objectContaining({
      type: 'error',
      error: expect.objectContaining({
        message: expect.stringContaining('too many relays') as string,
      }) as unknown,
    }),
  ]);
  expect(answer.headers['x-should-retry']).not.toBe('true');
  const items = await rows(gateway);
  // Four times round, each with one attempt; the fifth was not let in.
  expect(items.map(({ attempts }) => attempts)).toEqual([1, 1, 1, 1]);
  const { status } = await gateway.admin.accounts.get({ params: { kind: 'ccr', id } });
  expect(status).toBe('ready');
});
