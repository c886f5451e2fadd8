// What holds of every vendor that generates: markers, faults, log, counters, the same answer for the same request.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Reply, send } from '../../test/client.ts';
import { type Simulator, startSimulator } from '../simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

interface Target {
  name: string;
  model: string;
  /** The path of a whole answer and that of a stream. */
  paths: readonly [whole: string, stream: string];
  headers: Record<string, string>;
  body: (prompt: string, stream: boolean) => object;
}

const bearer = { authorization: 'Bearer key-1' };
const gemini = (prompt: string): object => ({ contents: [{ role: 'user', parts: [{ text: prompt }] }] });
const converse = (prompt: string): object => ({ messages: [{ role: 'user', content: [{ text: prompt }] }] });

function both(path: string): [string, string] {
  return [path, path];
}

const TARGETS: Target[] = [
  {
    name: 'messages',
    model: 'claude-sonnet-5-5',
    paths: both('/v1/messages'),
    headers: { 'x-api-key': 'key-1', 'anthropic-version': '2023-06-01' },
    body: (content, stream) => ({
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      messages: [{ role: 'user', content }],
      stream,
    }),
  },
  {
    name: 'another relay',
    model: 'claude-sonnet-5-5',
    paths: both('/ccr/v1/messages'),
    headers: bearer,
    body: (content, stream) => ({
      model: 'claude-sonnet-5-5',
      max_tokens: 500,
      messages: [{ role: 'user', content }],
      stream,
    }),
  },
  {
    name: 'chat',
    model: 'gpt-5.4',
    paths: both('/v1/chat/completions'),
    headers: bearer,
    body: (content, stream) => ({ model: 'gpt-5.4', messages: [{ role: 'user', content }], stream }),
  },
  {
    name: 'completions',
    model: 'gpt-3.5-turbo-instruct',
    paths: both('/v1/completions'),
    headers: bearer,
    body: (prompt, stream) => ({ model: 'gpt-3.5-turbo-instruct', prompt, stream, max_tokens: 500 }),
  },
  {
    name: 'responses',
    model: 'gpt-5.4',
    paths: both('/v1/responses'),
    headers: bearer,
    body: (input, stream) => ({ model: 'gpt-5.4', input, stream }),
  },
  {
    name: 'azure',
    model: 'gpt-4.1',
    paths: both('/openai/deployments/gpt-4.1/chat/completions?api-version=2024-10-21'),
    headers: { 'api-key': 'key-1' },
    body: (content, stream) => ({ messages: [{ role: 'user', content }], stream }),
  },
  {
    name: 'gemini',
    model: 'gemini-3.8-flash',
    paths: [
      '/v1beta/models/gemini-3.8-flash:generateContent',
      '/v1beta/models/gemini-3.8-flash:streamGenerateContent?alt=sse',
    ],
    headers: { 'x-goog-api-key': 'key-1' },
    body: gemini,
  },
  {
    name: 'code assist',
    model: 'gemini-3.8-flash',
    paths: ['/v1internal:generateContent', '/v1internal:streamGenerateContent?alt=sse'],
    headers: bearer,
    body: (prompt) => ({ model: 'gemini-3.8-flash', project: 'p', request: gemini(prompt) }),
  },
  {
    name: 'converse',
    model: 'anthropic.claude-opus-5-5',
    paths: ['/model/anthropic.claude-opus-5-5/converse', '/model/anthropic.claude-opus-5-5/converse-stream'],
    headers: bearer,
    body: converse,
  },
];

/** Always streams, and asks for more than the others. */
const CODEX: Target = {
  name: 'codex',
  model: 'gpt-5.4',
  paths: both('/backend-api/codex/responses'),
  headers: { ...bearer, 'chatgpt-account-id': 'a' },
  body: (content) => ({
    model: 'gpt-5.4',
    input: [{ role: 'user', content }],
    stream: true,
    store: false,
  }),
};

describe.each([...TARGETS, CODEX])('$name', ({ name, model, paths, headers, body }) => {
  async function ask(prompt: string, stream: boolean, prefix = ''): Promise<Reply> {
    return send(simulator.url, {
      path: `${prefix}${paths[stream ? 1 : 0]}`,
      headers,
      body: body(prompt, stream),
    });
  }

  test("says what it is told to, its model's name too", async () => {
    const said = await ask('Reply with the word relayword', false);
    expect(said.status).toBe(200);
    // The prompt comes back in none of the answers.
    expect(said.body.toString()).toContain('relayword');
    expect((await ask('[[model]]', false)).body.toString()).toContain(model);
  });

  test('paces the pieces of a stream, in as many as asked for', async () => {
    const startedMs = performance.now();
    await ask('[[deltas:4]] [[pace:15]]', true);
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(55);
    const few = simulator.requests.at(-1)?.eventsSent ?? 0;
    await ask('[[deltas:14]]', true);
    expect((simulator.requests.at(-1)?.eventsSent ?? 0) - few).toBe(10);
  });

  test('gives the same bytes for the same request', async () => {
    const first = await ask('tell me something', true);
    simulator.reset();
    const second = await ask('tell me something', true);
    expect(comparable(second)).toBe(comparable(first));
  });

  test('fails on demand by marker, address and rule', async () => {
    expect((await ask('[[fault:status=503,times=1]]', true)).status).toBe(503);
    expect((await ask('[[fault:status=503,times=1]]', true)).status).toBe(200);
    expect((await ask('x', true, '/faults/status=429')).status).toBe(429);
    simulator.setFault({ match: { account: 'west', apiKey: 'key-1', model }, cut: 2 });
    const cut = await ask('x', true, '/as/west');
    expect([cut.status, cut.complete]).toEqual([200, false]);
    expect(simulator.count({ account: 'west', outcome: 'cut' })).toBe(1);
  });

  test('ends a stream with an error of its own', async () => {
    simulator.enqueue({ errorEvent: 1, message: 'it broke here' });
    const reply = await ask('x', true);
    expect(reply.body.toString()).toContain('it broke here');
    expect(simulator.stats()).toMatchObject([{ outcome: 'error_event', apiKey: 'key-1', model }]);
    expect(simulator.requests.at(-1)?.eventsSent, name).toBe(2);
  });
});

/** Code Assist traces every request anew. */
function comparable(reply: Reply): string {
  return reply.body.toString('latin1').replaceAll(/"traceId":"\w+"/gu, '');
}
