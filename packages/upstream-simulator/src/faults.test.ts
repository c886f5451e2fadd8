import { setTimeout as sleep } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  KEY_HEADERS,
  type Reply,
  eventsOf,
  eventually,
  json,
  messageOf,
  messagesBody,
  send,
  start,
} from '../test/client.ts';
import type { FaultRule } from './faults.ts';
import { type Simulator, startSimulator } from './simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

const STREAM = messagesBody('[[deltas:6]]', { stream: true });
const WHOLE = messagesBody('[[say:a plain answer]]');

async function under(fault: FaultRule, body: unknown = STREAM): Promise<Reply> {
  simulator.enqueue(fault);
  return send(simulator.url, { body });
}

function names(reply: Reply): string[] {
  return eventsOf(reply.body).map((event) => event.name);
}

describe('status', () => {
  const types: [number, string][] = [
    [400, 'invalid_request_error'],
    [401, 'authentication_error'],
    [402, 'billing_error'],
    [403, 'permission_error'],
    [404, 'not_found_error'],
    [413, 'request_too_large'],
    [429, 'rate_limit_error'],
    [500, 'api_error'],
    [502, 'api_error'],
    [503, 'api_error'],
    [504, 'timeout_error'],
    [529, 'overloaded_error'],
  ];
  test.each(types)('%i carries the error type of the vendor', async (status, type) => {
    const reply = await under({ status });
    expect(reply.status).toBe(status);
    expect(json(reply)).toMatchObject({
      type: 'error',
      error: { type },
      request_id: reply.headers['request-id'],
    });
    expect(simulator.count({ status, outcome: 'refused' })).toBe(1);
  });

  test('headers, wording and body can be set', async () => {
    const reply = await under({
      status: 429,
      message: 'slow down',
      retryAfter: 600,
      shouldRetry: false,
      headers: { 'Anthropic-RateLimit-Requests-Remaining': '3', 'request-id': '' },
    });
    expect(json(reply)).toMatchObject({ error: { message: 'slow down' } });
    expect(reply.headers).toMatchObject({
      'retry-after': '600',
      'x-should-retry': 'false',
      'anthropic-ratelimit-requests-remaining': '3',
    });
    expect(reply.headers['request-id']).toBeUndefined();
    const page = await under({ status: 502, html: true });
    expect(page.headers['content-type']).toContain('text/html');
    expect(page.body.toString()).toContain('<html>');
    const bare = await under({ status: 500, body: '{"error":"upstream"}' });
    expect(bare.headers['content-type']).toBe('application/json');
    expect(json(bare)).toEqual({ error: 'upstream' });
  });

  test('headers alone leave the answer good', async () => {
    const reply = await under({ headers: { 'anthropic-ratelimit-unified-5h-utilization': '0.97' } }, WHOLE);
    expect(reply.status).toBe(200);
    expect(reply.headers['anthropic-ratelimit-unified-5h-utilization']).toBe('0.97');
  });

  test('an error can come with status 200', async () => {
    const reply = await under({ jsonErrorIn200: true, status: 529 });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(json(reply)).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
    expect(simulator.count({ outcome: 'refused', status: 200 })).toBe(1);
  });
});

describe('time', () => {
  test('an answer can be late, and its first event later still', async () => {
    simulator.enqueue({ delayMs: 60 });
    const startedMs = performance.now();
    await send(simulator.url, { body: WHOLE });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(58);
    simulator.enqueue({ firstEventDelayMs: 10_000 });
    const waiting = start(simulator.url, { body: STREAM });
    await eventually(() => simulator.requests[1]?.status === 200);
    expect(simulator.requests[1]?.eventsSent).toBe(0);
    waiting.leave();
    await eventually(() => simulator.count({ outcome: 'client_left' }) === 1);
  });

  test('a request that hangs is never answered and stays open until the client leaves', async () => {
    simulator.enqueue({ hang: true });
    const sent = start(simulator.url, { body: WHOLE });
    await eventually(() => simulator.count({ outcome: 'open' }) === 1);
    await sleep(30);
    expect(simulator.requests[0]).toMatchObject({ status: 0, closedEarlyAtMs: null });
    sent.leave();
    await eventually(() => simulator.count({ outcome: 'client_left' }) === 1);
  });

  test('a stream that stalls sends its events and then nothing', async () => {
    simulator.enqueue({ stall: 4 });
    const sent = start(simulator.url, { body: STREAM });
    await sent.firstByte;
    await sleep(50);
    expect(simulator.requests[0]).toMatchObject({ eventsSent: 4, outcome: 'open' });
    sent.leave();
    const reply = await sent.reply;
    expect(names(reply)).toEqual(['message_start', 'content_block_start', 'ping', 'content_block_delta']);
  });
});

describe('endings', () => {
  test('a connection can be reset before the answer', async () => {
    const reply = await under({ reset: true });
    expect(reply).toMatchObject({ status: 0, error: 'ECONNRESET' });
    expect(simulator.count({ outcome: 'cut' })).toBe(1);
  });

  test('a stream can be cut after events', async () => {
    const reply = await under({ cut: 5 });
    expect(names(reply)).toHaveLength(5);
    expect(reply.complete).toBe(false);
    expect(simulator.requests[0]).toMatchObject({ eventsSent: 5, outcome: 'cut', closedEarlyAtMs: null });
  });

  test('a stream can be cut at a byte', async () => {
    const reply = await under({ cutBytes: 500 });
    expect(reply.body).toHaveLength(500);
    expect(reply.complete).toBe(false);
    expect(simulator.requests[0]?.eventsSent).toBe(names(reply).length);
  });

  test('a body that is no stream is cut, stalled or shortened in its middle', async () => {
    const length = (await send(simulator.url, { body: WHOLE })).body.length;
    const cut = await under({ cut: 3 }, WHOLE);
    expect(cut).toMatchObject({ status: 200, complete: false });
    expect(cut.body).toHaveLength(Math.floor(length / 2));
    const short = await under({ cleanEnd: 3 }, WHOLE);
    expect(short).toMatchObject({ status: 200, complete: true });
    expect(short.body).toHaveLength(Math.floor(length / 2));
    const none = await under({ cut: 0 }, WHOLE);
    expect(none).toMatchObject({ status: 200, complete: false });
    expect(none.body).toHaveLength(0);
  });

  test('a stream can end cleanly before its time', async () => {
    const reply = await under({ cleanEnd: 6 });
    expect(reply.complete).toBe(true);
    expect(names(reply)).toHaveLength(6);
    expect(simulator.count({ outcome: 'ended_early' })).toBe(1);
  });

  test.each([0, 1, 5])('an error event can come at index %i', async (index) => {
    const reply = await under({ errorEvent: index, errorType: 'api_error' });
    expect(reply).toMatchObject({ status: 200, complete: true });
    const events = eventsOf(reply.body);
    expect(events).toHaveLength(index + 1);
    expect(events[index]).toMatchObject({
      name: 'error',
      data: { type: 'error', error: { type: 'api_error', message: 'Internal server error' } },
    });
    expect(simulator.count({ outcome: 'error_event' })).toBe(1);
  });

  test('usage is counted as far as the client was told', async () => {
    await under({ cut: 3 });
    expect(simulator.stats()).toMatchObject([{ outcome: 'cut', outputTokens: 1 }]);
  });
});

describe('form', () => {
  test('line ends and comments can be those of a proxy', async () => {
    const plain = await send(simulator.url, { body: STREAM });
    const odd = await under({ crlf: true, comments: true });
    expect(odd.body.toString()).toContain(': keep-alive\r\n\r\nevent: message_start\r\ndata: ');
    expect(odd.body.toString().replaceAll('\r\n', '')).not.toContain('\n');
    expect(messageOf(eventsOf(odd.body))).toEqual(messageOf(eventsOf(plain.body)));
  });

  test('gzip can come although nobody asked', async () => {
    for (const body of [STREAM, WHOLE]) {
      const plain = await send(simulator.url, { body });
      const zipped = await under({ gzip: true }, body);
      expect(zipped.headers['content-encoding']).toBe('gzip');
      expect(gunzipSync(zipped.body).equals(plain.body)).toBe(true);
    }
  });
});

describe('rules', () => {
  async function statusOf(path = '/v1/messages', key = 'sk-a', body: unknown = WHOLE): Promise<number> {
    return (await send(simulator.url, { path, body, headers: { ...KEY_HEADERS, 'x-api-key': key } })).status;
  }

  test('strike whom they match', async () => {
    simulator.setFault({ match: { apiKey: 'sk-b' }, status: 500 });
    simulator.setFault({ match: { path: '/as/alpha' }, status: 502 });
    simulator.setFault({ match: { account: 'beta' }, status: 503 });
    simulator.setFault({ match: { model: 'claude-opus-5-5' }, status: 529 });
    simulator.setFault({ match: { path: '/v1/messages/count_tokens' }, status: 404 });
    expect(await statusOf()).toBe(200);
    expect(await statusOf('/v1/messages', 'sk-b')).toBe(500);
    expect(await statusOf('/as/alpha/v1/messages')).toBe(502);
    expect(await statusOf('/as/alphabet/v1/messages')).toBe(200);
    expect(await statusOf('/as/beta/v1/messages?beta=true')).toBe(503);
    expect(await statusOf('/v1/messages', 'sk-a', messagesBody('x', { model: 'claude-opus-5-5' }))).toBe(529);
    expect(await statusOf('/v1/messages/count_tokens')).toBe(404);
  });

  test('with the same match replace each other, and an empty one removes', async () => {
    simulator.setFault({ match: { apiKey: 'sk-a' }, status: 500 });
    simulator.setFault({ match: { apiKey: 'sk-a' }, status: 529 });
    expect(await statusOf()).toBe(529);
    simulator.setFault({ match: { apiKey: 'sk-a' } });
    expect(await statusOf()).toBe(200);
  });

  test('are spent after their times, and queued faults go first and once', async () => {
    simulator.setFault({ status: 529, times: 2 });
    simulator.enqueue({ status: 500 });
    expect([await statusOf(), await statusOf(), await statusOf(), await statusOf()]).toEqual([
      500, 529, 529, 200,
    ]);
  });

  test('strike with their probability, in the same sequence every time', async () => {
    const round = async (): Promise<string> => {
      simulator.reset();
      simulator.setFault({ status: 529, rate: 0.3, seed: 7 });
      const statuses: number[] = [];
      for (let index = 0; index < 60; index += 1) statuses.push(await statusOf());
      return statuses.join();
    };
    const first = await round();
    const struck = first.split('529').length - 1;
    expect(struck).toBeGreaterThan(8);
    expect(struck).toBeLessThan(30);
    expect(await round()).toBe(first);
  });

  test('can be part of the address, of a header or of the prompt', async () => {
    expect(await statusOf('/faults/status=529/v1/messages')).toBe(529);
    expect(await statusOf('/as/x/faults/status%3D503,html/v1/messages')).toBe(503);
    const flaky: number[] = [];
    for (let index = 0; index < 40; index += 1)
      flaky.push(await statusOf('/faults/status=529,rate=0.5/v1/messages'));
    expect(new Set(flaky)).toEqual(new Set([200, 529]));
    const headers = { ...KEY_HEADERS, 'x-simulator-fault': '{"status":402}' };
    expect((await send(simulator.url, { body: WHOLE, headers })).status).toBe(402);
    const body = messagesBody('[[fault:status=529,times=1]] [[say:x]]');
    expect([await statusOf('/v1/messages', 'a', body), await statusOf('/v1/messages', 'b', body)]).toEqual([
      529, 200,
    ]);
  });

  test('that nobody can follow are refused aloud', async () => {
    expect(() => simulator.setFault({ replay: 'no-such-recording' })).toThrow('replay');
    const reply = await send(simulator.url, { path: '/faults/stauts=529/v1/messages', body: WHOLE });
    expect(reply.status).toBe(400);
    expect(reply.body.toString()).toContain('stauts');
  });
});
