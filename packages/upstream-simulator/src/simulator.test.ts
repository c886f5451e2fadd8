import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KEY_HEADERS, eventually, json, messagesBody, send, start } from '../test/client.ts';
import { type Simulator, startSimulator } from './simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator({ maxLoggedRequests: 20 });
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

describe('the log', () => {
  test('keeps what arrived, to the byte', async () => {
    const raw = Buffer.from(
      '{ "model":"claude-haiku-5-5",  "max_tokens":5, "messages":[{"role":"user","content":"é"}]}',
    );
    await send(simulator.url, { path: '/as/main/v1/messages?beta=true', body: raw });
    const [request] = simulator.requests;
    expect(request).toMatchObject({
      method: 'POST',
      url: '/as/main/v1/messages?beta=true',
      path: '/v1/messages',
      account: 'main',
      apiKey: KEY_HEADERS['x-api-key'],
      model: 'claude-haiku-5-5',
      outcome: 'answered',
      closedEarlyAtMs: null,
      body: { max_tokens: 5 },
    });
    expect(request?.rawBody.equals(raw)).toBe(true);
    expect(request?.headers['anthropic-version']).toBe('2023-06-01');
  });

  test('is bounded while the counters stay exact', async () => {
    for (let index = 0; index < 50; index += 1) await send(simulator.url, { body: messagesBody(`${index}`) });
    expect(simulator.requests).toHaveLength(20);
    expect(simulator.requests.at(-1)?.body).toMatchObject({ messages: [{ content: '49' }] });
    expect(simulator.count()).toBe(50);
  });
});

describe('a client that hangs up', () => {
  test('is noticed at once, with the event it had reached', async () => {
    const sent = start(simulator.url, { body: messagesBody('[[deltas:500]] [[pace:10]]', { stream: true }) });
    await sent.firstByte;
    await eventually(() => (simulator.requests[0]?.eventsSent ?? 0) >= 6);
    const leftAtMs = Date.now();
    sent.leave();
    await eventually(() => simulator.requests[0]?.outcome === 'client_left');
    const request = simulator.requests[0];
    expect((request?.closedEarlyAtMs ?? 0) - leftAtMs).toBeLessThan(200);
    const reached = request?.eventsSent ?? 0;
    expect(reached).toBeGreaterThanOrEqual(6);
    expect(reached).toBeLessThan(100);
    expect(simulator.stats()).toMatchObject([{ outcome: 'client_left', count: 1, outputTokens: 1 }]);
  });

  test('is noticed before the answer began', async () => {
    simulator.enqueue({ delayMs: 10_000 });
    const sent = start(simulator.url, { body: messagesBody('x') });
    await eventually(() => simulator.count({ outcome: 'open' }) === 1);
    sent.leave();
    await eventually(() => simulator.count({ outcome: 'client_left' }) === 1);
    expect(simulator.requests[0]).toMatchObject({ status: 0, eventsSent: 0 });
  });
});

describe('the counters', () => {
  test('tell attempts apart by account, key, model and outcome, and add up the usage told', async () => {
    const to = async (path: string, key: string, prompt: string): Promise<Record<string, unknown>> =>
      json(
        await send(simulator.url, {
          path,
          headers: { ...KEY_HEADERS, 'x-api-key': key },
          body: messagesBody(prompt),
        }),
      );
    const told = [
      await to('/as/a/v1/messages', 'k1', '[[tokens:10]]'),
      await to('/as/a/v1/messages', 'k1', '[[tokens:20]]'),
    ].map((message) => (message['usage'] as { input_tokens: number }).input_tokens);
    await to('/as/b/v1/messages', 'k2', 'x');
    await to('/as/b/v1/messages', 'k2', '[[fault:status=529]]');
    expect(simulator.count({ account: 'a', apiKey: 'k1', outcome: 'answered' })).toBe(2);
    expect(simulator.count({ account: 'b' })).toBe(2);
    expect(simulator.count({ status: 529 })).toBe(1);
    expect(simulator.stats().find((row) => row.account === 'a')).toMatchObject({
      count: 2,
      outputTokens: 30,
      inputTokens: (told[0] ?? 0) + (told[1] ?? 0),
    });
  });

  test('forget what began before a reset', async () => {
    simulator.enqueue({ hang: true });
    const sent = start(simulator.url, { body: messagesBody('x') });
    await eventually(() => simulator.count() === 1);
    const [request] = simulator.requests;
    simulator.reset();
    sent.leave();
    await eventually(() => request?.outcome === 'client_left');
    expect(simulator.count()).toBe(0);
  });

  test('count every one of many concurrent requests', async () => {
    simulator.setFault({ status: 529, rate: 0.5, seed: 3 });
    const replies = await Promise.all(
      Array.from({ length: 200 }, async () => send(simulator.url, { body: messagesBody('x') })),
    );
    const good = replies.filter((reply) => reply.status === 200).length;
    expect(simulator.count({ outcome: 'answered' })).toBe(good);
    expect(simulator.count({ outcome: 'refused', status: 529 })).toBe(200 - good);
    expect(simulator.count({ outcome: 'open' })).toBe(0);
  });
});

describe('control over HTTP', () => {
  async function control(method: string, path: string, body?: unknown): Promise<Record<string, unknown>> {
    return json(await send(simulator.url, { method, path: `/_simulator/${path}`, headers: {}, body }));
  }

  test('sets and clears faults, and tells requests and counters', async () => {
    await control('POST', 'faults', [{ status: 503, match: { model: 'claude-sonnet-5-5' }, times: 1 }]);
    expect(await control('GET', 'faults')).toMatchObject({ faults: [{ status: 503 }] });
    expect((await send(simulator.url, { body: messagesBody('x') })).status).toBe(503);
    await control('POST', 'faults', { status: 500 });
    await control('DELETE', 'faults');
    expect((await send(simulator.url, { body: messagesBody('y') })).status).toBe(200);
    expect(await control('GET', 'stats')).toMatchObject({
      requests: 2,
      rows: [
        { outcome: 'refused', status: 503, count: 1 },
        { outcome: 'answered', status: 200, count: 1 },
      ],
    });
    expect(await control('GET', 'requests?limit=1')).toMatchObject({
      requests: [{ model: 'claude-sonnet-5-5', outcome: 'answered', body: { messages: [{ content: 'y' }] } }],
    });
    await control('POST', 'reset');
    expect(await control('GET', 'stats')).toMatchObject({ requests: 0, rows: [] });
  });

  test('takes all rules or none', async () => {
    expect(await control('POST', 'faults', [{ status: 500 }, { status: 'many' }])).toMatchObject({
      error: 'fault field "status" cannot be "many"',
    });
    expect(await control('GET', 'faults')).toEqual({ faults: [] });
  });
});

describe('life', () => {
  test('a body above 32 MB is refused as too large', async () => {
    const reply = await send(simulator.url, { body: Buffer.alloc(33 * 1024 * 1024, 0x20) });
    // A client that is still sending may see the connection close before it reads the answer.
    expect([0, 413]).toContain(reply.status);
    expect(simulator.count({ status: 413 })).toBe(1);
  });

  test('a port that is taken rejects the start', async () => {
    await expect(startSimulator({ port: simulator.port })).rejects.toThrow('EADDRINUSE');
  });

  test('closing does not wait for clients that hang', async () => {
    const other = await startSimulator();
    other.enqueue({ hang: true });
    const sent = start(other.url, { body: messagesBody('x') });
    await eventually(() => other.count() === 1);
    await other.close();
    expect((await sent.reply).error).toBe('ECONNRESET');
  });
});
