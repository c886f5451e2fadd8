import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { KEY_HEADERS, eventsOf, json, messageOf, messagesBody, send } from '../../../test/client.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

async function ask(prompt: string, more: Record<string, unknown> = {}): Promise<Record<string, unknown>> {
  return json(await send(simulator.url, { body: messagesBody(prompt, more) }));
}

async function askStreaming(
  prompt: string,
  more: Record<string, unknown> = {},
): Promise<Record<string, unknown>> {
  const reply = await send(simulator.url, { body: messagesBody(prompt, { ...more, stream: true }) });
  return messageOf(eventsOf(reply.body));
}

function textOf(message: Record<string, unknown>): string {
  const blocks = message['content'] as { type: string; text: string }[];
  return blocks
    .filter((block) => block.type === 'text')
    .map((block) => block.text)
    .join('');
}

describe('messages', () => {
  test('a whole answer has the shape and the headers of the vendor', async () => {
    const reply = await send(simulator.url, { body: messagesBody('[[say:hello]]') });
    expect(reply.status).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(reply.headers['request-id']).toMatch(/^req_\w{20,}$/u);
    expect(reply.headers['anthropic-organization-id']).toMatch(/^[0-9a-f-]{36}$/u);
    expect(reply.headers['anthropic-ratelimit-requests-limit']).toBe('4000');
    expect(reply.headers['anthropic-ratelimit-requests-remaining']).toBe('3999');
    expect(reply.headers['anthropic-ratelimit-requests-reset']).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/u);
    expect(json(reply)).toMatchObject({
      id: expect.stringMatching(/^msg_01\w{22}$/u) as string,
      type: 'message',
      role: 'assistant',
      model: 'claude-sonnet-5-5',
      content: [{ type: 'text', text: 'hello' }],
      stop_reason: 'end_turn',
      stop_sequence: null,
      usage: {
        output_tokens: 2,
        cache_creation_input_tokens: 0,
        cache_read_input_tokens: 0,
        cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
        service_tier: 'standard',
      },
    });
  });

  test('a stream has the events of the vendor in their order and says the same as the whole answer', async () => {
    const reply = await send(simulator.url, {
      body: messagesBody('[[think:hm, let me see]] [[say:Grüezi 世界 👩‍🚀, this takes several pieces]]', {
        stream: true,
      }),
    });
    expect(reply.headers['content-type']).toBe('text/event-stream; charset=utf-8');
    const events = eventsOf(reply.body);
    expect(events.slice(0, 3).map((event) => event.name)).toEqual([
      'message_start',
      'content_block_start',
      'ping',
    ]);
    expect(events.slice(-3).map((event) => event.name)).toEqual([
      'content_block_stop',
      'message_delta',
      'message_stop',
    ]);
    const message = messageOf(events);
    expect(message['stop_reason']).toBe('end_turn');
    expect(message['content']).toMatchObject([
      { type: 'thinking', thinking: 'hm, let me see', signature: expect.stringMatching(/^EqQB/u) as string },
      { type: 'text', text: 'Grüezi 世界 👩‍🚀, this takes several pieces' },
    ]);
    expect(events.filter((event) => event.name === 'content_block_delta').length).toBeGreaterThan(4);
  });

  test('the same request gives the same bytes, another prompt another answer', async () => {
    const body = messagesBody('tell me something', { stream: true });
    const first = await send(simulator.url, { body });
    const second = await send(simulator.url, { body });
    expect(second.body.equals(first.body)).toBe(true);
    expect(second.headers['request-id']).not.toBe(first.headers['request-id']);
    const other = await send(simulator.url, { body: messagesBody('tell me more', { stream: true }) });
    expect(other.body.equals(first.body)).toBe(false);
  });

  test('markers steer text, length, pieces and model name', async () => {
    expect(textOf(await ask('Reply with the word relay'))).toBe('relay');
    expect(textOf(await ask('reply with only the word Größe.'))).toBe('Größe');
    expect(textOf(await ask('[[model]]'))).toBe('claude-sonnet-5-5');
    const long = await ask('[[tokens:300]]');
    expect(long['usage']).toMatchObject({ output_tokens: 300 });
    expect(textOf(long).split(' ')).toHaveLength(300);
    const reply = await send(simulator.url, { body: messagesBody('[[deltas:17]]', { stream: true }) });
    expect(eventsOf(reply.body).filter((event) => event.name === 'content_block_delta')).toHaveLength(17);
  });

  test('pace spreads the pieces over time', async () => {
    const startedMs = performance.now();
    await send(simulator.url, { body: messagesBody('[[deltas:5]] [[pace:20]]', { stream: true }) });
    expect(performance.now() - startedMs).toBeGreaterThanOrEqual(95);
  });

  test('max_tokens and stop sequences end a text where they would end the model', async () => {
    expect(await ask('[[tokens:50]]', { max_tokens: 20 })).toMatchObject({
      stop_reason: 'max_tokens',
      usage: { output_tokens: 20 },
    });
    expect(await ask('[[say:one two STOP three]]', { stop_sequences: ['STOP'] })).toMatchObject({
      stop_reason: 'stop_sequence',
      stop_sequence: 'STOP',
      content: [{ text: 'one two ' }],
    });
    expect(await ask('warm up', { max_tokens: 0 })).toMatchObject({
      content: [],
      usage: { output_tokens: 0 },
    });
  });

  test('a schema asked for is followed', async () => {
    const schema = { type: 'object', properties: { title: { type: 'string' } }, required: ['title'] };
    const message = await askStreaming('<session>[[say:Größe]]</session>', {
      output_config: { format: { type: 'json_schema', schema } },
    });
    expect(JSON.parse(textOf(message))).toEqual({ title: 'Größe' });
  });

  test('thinking that the client wants omitted is only a signature', async () => {
    const message = await askStreaming('[[think:secret]] [[say:x]]', {
      thinking: { type: 'adaptive', display: 'omitted' },
    });
    expect(message['content']).toMatchObject([
      { type: 'thinking', thinking: '' },
      { type: 'text', text: 'x' },
    ]);
  });

  test('every API version is answered, and the newer one refuses sampling parameters', async () => {
    const headers = { ...KEY_HEADERS, 'anthropic-version': '2026-10-21' };
    const body = messagesBody('x', { temperature: 1 });
    expect((await send(simulator.url, { body })).status).toBe(200);
    expect((await send(simulator.url, { body, headers })).status).toBe(400);
  });
});

describe('tools', () => {
  const tools = [
    { name: 'Bash', input_schema: {} },
    { name: 'look_up', input_schema: {} },
  ];

  test('a bash marker calls the offered tool, streaming and not', async () => {
    const prompt = 'please [[bash:echo relay_probe_$((40+2))]]';
    for (const message of [await ask(prompt, { tools }), await askStreaming(prompt, { tools })]) {
      expect(message).toMatchObject({
        stop_reason: 'tool_use',
        content: [
          { type: 'text', text: 'I will run it.' },
          {
            type: 'tool_use',
            id: expect.stringMatching(/^toolu_/u) as string,
            name: 'Bash',
            input: { command: 'echo relay_probe_$((40+2))' },
          },
        ],
      });
    }
  });

  test('any tool can be called, with JSON that holds brackets', async () => {
    const message = await ask('[[tool:look_up {"ids":[[1],[2]],"where":"Zürich"}]]', { tools });
    expect(message['content']).toMatchObject([
      {},
      { name: 'look_up', input: { ids: [[1], [2]], where: 'Zürich' } },
    ]);
  });

  test('a tool that is not offered is not called', async () => {
    expect(await ask('[[bash:ls]]')).toMatchObject({ stop_reason: 'end_turn' });
  });

  test('a result is answered with its content and calls no tool again', async () => {
    const result = { type: 'tool_result', tool_use_id: 'toolu_1', content: 'relay_probe_42' };
    const message = await ask('', {
      tools,
      messages: [
        { role: 'user', content: '[[bash:x]]' },
        { role: 'system', content: 'environment' },
        { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }] },
        { role: 'user', content: [result, { type: 'text', text: 'note: [[bash:x]]' }] },
      ],
    });
    expect(message['stop_reason']).toBe('end_turn');
    expect(textOf(message)).toContain('relay_probe_42');
  });
});

test.each([
  ['a call without its result', ['call', 'text'], '`tool_use` ids were found without `tool_result` blocks'],
  ['a call at the end', ['call'], '`tool_use` ids were found without `tool_result` blocks'],
  [
    'a result without its call',
    ['result'],
    'unexpected `tool_use_id` found in `tool_result` blocks: toolu_1',
  ],
])('%s is refused', async (_what, names, message) => {
  const turns: Record<string, object> = {
    call: { role: 'assistant', content: [{ type: 'tool_use', id: 'toolu_1', name: 'Bash', input: {} }] },
    result: { role: 'user', content: [{ type: 'tool_result', tool_use_id: 'toolu_1', content: 'x' }] },
    text: { role: 'user', content: 'and?' },
  };
  const messages = [turns['text'], ...names.map((name) => turns[name])];
  const reply = await send(simulator.url, { body: messagesBody('', { messages }) });
  expect(reply.status).toBe(400);
  expect(reply.body.toString()).toContain(message);
});

describe('usage', () => {
  const long = 'A rule of the house. '.repeat(60);

  async function usageOf(
    question: string,
    ttl?: string,
    key = 'sk-ant-api03-a',
  ): Promise<Record<string, number>> {
    const mark = { type: 'ephemeral', ...(ttl === undefined ? {} : { ttl }) };
    const body = messagesBody(question, { system: [{ type: 'text', text: long, cache_control: mark }] });
    const reply = await send(simulator.url, { body, headers: { ...KEY_HEADERS, 'x-api-key': key } });
    return json(reply)['usage'] as Record<string, number>;
  }

  test('a marked prefix is written once per key and read from then on, and the sum stays the same', async () => {
    const first = await usageOf('one');
    const second = await usageOf('two');
    expect(first['cache_creation_input_tokens']).toBeGreaterThan(300);
    expect(first['cache_creation']).toEqual({
      ephemeral_5m_input_tokens: first['cache_creation_input_tokens'],
      ephemeral_1h_input_tokens: 0,
    });
    expect(first['cache_read_input_tokens']).toBe(0);
    expect(second['cache_read_input_tokens']).toBe(first['cache_creation_input_tokens']);
    expect(second['cache_creation_input_tokens']).toBe(0);
    expect(second['input_tokens']).toBe(first['input_tokens']);
    expect((await usageOf('three', undefined, 'sk-ant-api03-b'))['cache_read_input_tokens']).toBe(0);
  });

  test('an hour is counted apart from five minutes', async () => {
    const usage = await usageOf('one', '1h');
    expect(usage['cache_creation']).toEqual({
      ephemeral_5m_input_tokens: 0,
      ephemeral_1h_input_tokens: usage['cache_creation_input_tokens'],
    });
  });

  test('a growing conversation reads what it wrote although the mark moved on', async () => {
    const block = (text: string, marked: boolean): object => ({
      type: 'text',
      text,
      ...(marked ? { cache_control: { type: 'ephemeral' } } : {}),
    });
    const turn = async (messages: object[]): Promise<Record<string, number>> =>
      (await ask('', { messages }))['usage'] as Record<string, number>;
    const first = await turn([{ role: 'user', content: [block(long, true)] }]);
    const second = await turn([
      { role: 'user', content: [block(long, false)] },
      { role: 'assistant', content: 'so it is' },
      { role: 'user', content: [block('and then?', true)] },
    ]);
    expect(second['cache_read_input_tokens']).toBe(first['cache_creation_input_tokens']);
    expect(second['cache_creation_input_tokens']).toBeGreaterThan(0);
  });

  test('counting tokens agrees with itself and needs no max_tokens', async () => {
    const body = { model: 'claude-sonnet-5-5', messages: [{ role: 'user', content: 'hello' }] };
    const reply = await send(simulator.url, { path: '/v1/messages/count_tokens?beta=true', body });
    expect(json(reply)).toEqual({ input_tokens: Math.ceil(JSON.stringify(body).length / 4) });
  });
});
