import OpenAI, { type ClientOptions } from 'openai';
import { OpenAI as OpenAI6 } from 'openai-sdk-6';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json, send } from '../../../test/client.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
let client: OpenAI;
beforeAll(async () => {
  simulator = await startSimulator();
  client = new OpenAI({ apiKey: 'sk-test', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

const MODEL = 'gpt-5.4-mini';
const weather = {
  type: 'function' as const,
  function: { name: 'weather', parameters: { type: 'object', properties: { city: { type: 'string' } } } },
};

function user(content: string): { role: 'user'; content: string }[] {
  return [{ role: 'user', content }];
}

describe('chat completions', () => {
  test('a whole answer has the shape and the headers of the vendor', async () => {
    const { data, response } = await client.chat.completions
      .create({ model: MODEL, messages: user('[[say:hello]]') })
      .withResponse();
    expect(data).toMatchObject({
      id: expect.stringMatching(/^chatcmpl-\w+$/u) as string,
      object: 'chat.completion',
      model: MODEL,
      choices: [{ index: 0, message: { role: 'assistant', content: 'hello' }, finish_reason: 'stop' }],
    });
    const { usage } = data;
    expect(usage?.total_tokens).toBe((usage?.prompt_tokens ?? 0) + 2);
    expect(response.headers.get('x-request-id')).toMatch(/^req_[0-9a-f]{32}$/u);
    expect(response.headers.get('x-ratelimit-limit-requests')).toBe('10000');
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('9999');
    expect(response.headers.get('x-ratelimit-reset-tokens')).toMatch(/^\d+ms$/u);
  });

  test('a stream says the same, and the usage only to those who ask for it', async () => {
    const request = { model: MODEL, messages: user('[[say:Grüezi 世界, in several pieces]]') };
    const quiet = await client.chat.completions.create({ ...request, stream: true });
    let text = '';
    for await (const chunk of quiet) {
      expect(chunk).not.toHaveProperty('usage');
      text += chunk.choices[0]?.delta.content ?? '';
    }
    expect(text).toBe('Grüezi 世界, in several pieces');
    expect(simulator.stats()).toMatchObject([{ outcome: 'answered', outputTokens: 0, inputTokens: 0 }]);

    const asked = client.chat.completions.stream({
      ...request,
      stream: true,
      stream_options: { include_usage: true },
    });
    const completion = await asked.finalChatCompletion();
    expect(completion.choices[0]?.message.content).toBe(text);
    expect(completion.usage?.completion_tokens).toBeGreaterThan(5);
    expect(simulator.stats().reduce((sum, row) => sum + row.outputTokens, 0)).toBe(
      completion.usage?.completion_tokens,
    );
  });

  test('the stream ends with [DONE], after the usage', async () => {
    const reply = await send(simulator.url, {
      path: '/v1/chat/completions',
      headers: { authorization: 'Bearer sk-test' },
      body: { model: MODEL, messages: user('x'), stream: true, stream_options: { include_usage: true } },
    });
    const lines = reply.body.toString().split('\n\n');
    expect(lines.at(-2)).toBe('data: [DONE]');
    expect(lines.at(-3)).toMatch(/^data: .*"choices":\[\],"usage":\{/u);
    expect(lines.slice(0, -3).every((line) => line.includes('"usage":null'))).toBe(true);
  });

  test('tools are called in fragments, and their result is answered', async () => {
    const prompt = user('[[tool:weather {"city":"Zürich"}]]');
    const stream = client.chat.completions.stream({ model: MODEL, messages: prompt, tools: [weather] });
    const completion = await stream.finalChatCompletion();
    const choice = completion.choices[0];
    expect(choice?.finish_reason).toBe('tool_calls');
    const [call] = choice?.message.tool_calls ?? [];
    expect(call).toMatchObject({
      id: expect.stringMatching(/^call_/u) as string,
      function: { name: 'weather', arguments: '{"city":"Zürich"}' },
    });
    const next = await client.chat.completions.create({
      model: MODEL,
      tools: [weather],
      messages: [
        ...prompt,
        { role: 'assistant', content: null, tool_calls: call === undefined ? [] : [call] },
        { role: 'tool', tool_call_id: call?.id ?? '', content: 'snow' },
      ],
    });
    expect(next.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'The tool answered: snow' },
    });
  });

  test('a call without its result is refused', async () => {
    const call = { id: 'call_1', type: 'function' as const, function: { name: 'weather', arguments: '{}' } };
    await expect(
      client.chat.completions.create({
        model: MODEL,
        messages: [{ role: 'assistant', tool_calls: [call] }, ...user('and?')],
      }),
    ).rejects.toThrow('did not have response messages: call_1');
  });

  test('models that reason know no max_tokens, older ones do', async () => {
    const asked = { messages: user('[[tokens:50]]'), max_tokens: 20 };
    await expect(client.chat.completions.create({ ...asked, model: MODEL })).rejects.toMatchObject({
      status: 400,
      code: 'unsupported_parameter',
      param: 'max_tokens',
    });
    const older = await client.chat.completions.create({ ...asked, model: 'gpt-4.1' });
    expect(older.choices[0]?.finish_reason).toBe('length');
  });

  test('reasoning is counted inside the output and never shown', async () => {
    const completion = await client.chat.completions.create({
      model: MODEL,
      messages: user('[[think:let me see what this is]] [[say:ok]]'),
    });
    expect(completion.choices[0]?.message.content).toBe('ok');
    expect(completion.usage).toMatchObject({
      completion_tokens: 7,
      completion_tokens_details: { reasoning_tokens: 6 },
    });
  });

  test('limits, stop sequences and schemas hold', async () => {
    const ask = async (prompt: string, more: object): Promise<object | undefined> =>
      (await client.chat.completions.create({ model: MODEL, messages: user(prompt), ...more })).choices[0];
    expect(await ask('[[tokens:50]]', { max_completion_tokens: 20 })).toMatchObject({
      finish_reason: 'length',
    });
    expect(await ask('[[say:one STOP two]]', { stop: 'STOP' })).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'one ' },
    });
    const schema = { type: 'object', properties: { title: { type: 'string' } } };
    const format = { type: 'json_schema', json_schema: { name: 'title', schema } };
    expect(await ask('[[say:Größe]]', { response_format: format })).toMatchObject({
      message: { content: '{"title":"Größe"}' },
    });
  });

  test('a long prompt is read from the cache the second time, and newer models count the writing', async () => {
    const long = 'A rule of the house. '.repeat(400);
    const usageOf = async (model: string, question: string): Promise<OpenAI.CompletionUsage | undefined> => {
      const messages = [{ role: 'system' as const, content: long }, ...user(question)];
      return (await client.chat.completions.create({ model, messages })).usage;
    };
    const first = await usageOf(MODEL, 'one');
    expect(first?.prompt_tokens_details?.cached_tokens).toBe(0);
    const second = await usageOf(MODEL, 'two');
    expect(second?.prompt_tokens).toBe(first?.prompt_tokens);
    expect(second?.prompt_tokens_details?.cached_tokens).toBe(2048);
    const written = await usageOf('gpt-6.1-terra', 'one');
    expect(written?.prompt_tokens_details).toMatchObject({ cached_tokens: 0, cache_write_tokens: 2048 });
    const read = await usageOf('gpt-6.1-terra', 'two');
    expect(read?.prompt_tokens_details).toMatchObject({ cached_tokens: 2048 });
  });
});

describe('responses', () => {
  const tools = [
    { type: 'function' as const, name: 'weather', parameters: { type: 'object' }, strict: false },
  ];

  test.each([
    ['7', (options: ClientOptions): OpenAI => new OpenAI(options)],
    // The two share what is used of them here, and no type.
    [
      '6',
      (options: ClientOptions) =>
        new OpenAI6({
          apiKey: String(options.apiKey),
          baseURL: options.baseURL ?? null,
          maxRetries: 0,
        }) as unknown as OpenAI,
    ],
  ])('the SDK %s puts a stream of reasoning, text and a tool call together', async (_version, clientOf) => {
    const sdk = clientOf({ apiKey: 'sk-test', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
    const stream = sdk.responses.stream({
      model: MODEL,
      input: '[[think:hm, let me see]] [[say:Grüezi 世界, in pieces]] [[tool:weather {"city":"Zürich"}]]',
      include: ['reasoning.encrypted_content'],
      tools,
    });
    const numbers: number[] = [];
    stream.on('event', (event: { sequence_number: number }) => numbers.push(event.sequence_number));
    const response = await stream.finalResponse();
    expect(numbers).toEqual(numbers.map((_, index) => index));
    expect(response.status).toBe('completed');
    expect(response.output).toMatchObject([
      {
        type: 'reasoning',
        summary: [{ text: 'hm, let me see' }],
        encrypted_content: expect.stringMatching(/^gAAAAAB/u) as string,
      },
      { type: 'message', status: 'completed', content: [{ text: 'Grüezi 世界, in pieces' }] },
      { type: 'function_call', name: 'weather', arguments: '{"city":"Zürich"}' },
    ]);
    expect(response.usage?.output_tokens_details.reasoning_tokens).toBe(4);
    expect(simulator.stats()).toMatchObject([
      { inputTokens: response.usage?.input_tokens, outputTokens: response.usage?.output_tokens },
    ]);
  });

  test('a whole answer is the one that the stream ends with', async () => {
    const request = { model: MODEL, input: '[[say:hello]]', store: false };
    const whole = await client.responses.create(request);
    expect(whole.output_text).toBe('hello');
    const again = await client.responses.create(request);
    expect(again).toEqual(whole);
  });

  test('a limit ends in response.incomplete', async () => {
    const stream = client.responses.stream({ model: MODEL, input: '[[tokens:50]]', max_output_tokens: 20 });
    expect(await stream.finalResponse()).toMatchObject({
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage: { output_tokens: 20 },
    });
  });

  test('responses are kept for the key that made them, unless it says no', async () => {
    const made = await client.responses.create({ model: MODEL, input: 'keep this' });
    expect(await client.responses.retrieve(made.id)).toMatchObject({ id: made.id, status: 'completed' });
    const next = { model: MODEL, input: 'go on', previous_response_id: made.id };
    expect(await client.responses.create(next)).toMatchObject({ previous_response_id: made.id });
    const other = new OpenAI({ apiKey: 'sk-other', baseURL: `${simulator.url}/v1`, maxRetries: 0 });
    await expect(other.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
    await expect(other.responses.create(next)).rejects.toMatchObject({ code: 'previous_response_not_found' });
    await client.responses.delete(made.id);
    await expect(client.responses.retrieve(made.id)).rejects.toMatchObject({ status: 404 });
    const unkept = await client.responses.create({ model: MODEL, input: 'not this', store: false });
    await expect(client.responses.retrieve(unkept.id)).rejects.toMatchObject({ status: 404 });
  });

  test('a kept stream can be read again from any event, without telling usage twice', async () => {
    const made = await client.responses.create({ model: MODEL, input: '[[say:keep this]]' });
    const replay = await client.responses.retrieve(made.id, { stream: true, starting_after: 2 });
    const numbers: number[] = [];
    for await (const event of replay) numbers.push(event.sequence_number);
    expect(numbers[0]).toBe(3);
    expect(simulator.stats().find((row) => row.method === 'GET')).toMatchObject({ outputTokens: 0 });
  });

  test('a result of a tool is answered, and an orphan refused', async () => {
    const call = { type: 'function_call' as const, call_id: 'call_1', name: 'weather', arguments: '{}' };
    const output = { type: 'function_call_output' as const, call_id: 'call_1', output: 'snow' };
    const input = [...user('[[tool:weather {}]]'), call, output];
    expect((await client.responses.create({ model: MODEL, input, tools })).output_text).toBe(
      'The tool answered: snow',
    );
    await expect(client.responses.create({ model: MODEL, input: [...user('x'), output] })).rejects.toThrow(
      'No tool call found',
    );
    await expect(client.responses.create({ model: MODEL, input: [...user('x'), call] })).rejects.toThrow(
      'No tool output found for function call call_1',
    );
  });

  test.each([
    ['user', 'output_text', "Supported values are: 'input_text'"],
    ['assistant', 'input_text', "Supported values are: 'output_text'"],
  ])('what the %s said is no %s', async (role, type, message) => {
    const reply = await send(simulator.url, {
      path: '/v1/responses',
      headers: { authorization: 'Bearer sk-test' },
      body: { model: MODEL, input: [{ role, content: [{ type, text: 'x' }] }] },
    });
    expect(reply.status).toBe(400);
    expect(reply.body.toString()).toContain(message);
  });

  test('compaction keeps what the user said', async () => {
    const compacted = await client.responses.compact({
      model: MODEL,
      input: [...user('first'), { role: 'assistant', content: 'yes' }, ...user('second')],
    });
    expect(compacted.object).toBe('response.compaction');
    expect(compacted.output.map((item) => item.type)).toEqual(['message', 'message', 'compaction']);
  });

  test('failures inside a 200 come as response.failed or as an error event', async () => {
    simulator.enqueue({ errorEvent: 2, errorType: 'rate_limit_exceeded' });
    const failed = client.responses.stream({ model: MODEL, input: 'x' });
    expect(await failed.finalResponse()).toMatchObject({
      status: 'failed',
      error: {
        code: 'rate_limit_exceeded',
        message: expect.stringContaining('try again in 8.2s') as string,
      },
    });
    simulator.enqueue({ errorEvent: 4, errorType: 'error', message: 'it broke' });
    const broken = client.responses.stream({ model: MODEL, input: 'x' });
    await expect(broken.finalResponse()).rejects.toThrow('it broke');
    expect(simulator.count({ outcome: 'error_event' })).toBe(2);
  });

  test('an upgrade to a websocket is refused the way clients expect', async () => {
    const reply = await send(simulator.url, {
      path: '/v1/responses',
      method: 'GET',
      headers: { authorization: 'Bearer sk-test', connection: 'upgrade', upgrade: 'websocket' },
    });
    expect(reply.status).toBe(426);
  });
});

test('embeddings come as numbers and as base64, the same vector', async () => {
  const model = 'text-embedding-3-small';
  const decoded = await client.embeddings.create({ model, input: ['one', 'two'], dimensions: 8 });
  const plain = await client.embeddings.create({
    model,
    input: 'two',
    dimensions: 8,
    encoding_format: 'float',
  });
  expect(decoded.data).toHaveLength(2);
  expect(decoded.data[1]?.embedding).toEqual(plain.data[0]?.embedding);
  expect(Math.hypot(...(plain.data[0]?.embedding ?? []))).toBeCloseTo(1, 5);
  expect(plain.usage).toEqual({ prompt_tokens: 1, total_tokens: 1 });
  expect(simulator.requests[0]?.body).toMatchObject({ encoding_format: 'base64' });
});

test('the legacy completions are answered, whole and as a stream', async () => {
  const request = { model: 'gpt-3.5-turbo-instruct', prompt: '[[say:once upon a time]]' };
  expect((await client.completions.create(request)).choices[0]?.text).toBe('once upon a time');
  let text = '';
  for await (const chunk of await client.completions.create({ ...request, stream: true })) {
    text += chunk.choices[0]?.text ?? '';
  }
  expect(text).toBe('once upon a time');
});

test('models are listed and found', async () => {
  const ids: string[] = [];
  for await (const model of client.models.list()) ids.push(model.id);
  expect(ids).toContain('gpt-5.6-sol');
  expect(await client.models.retrieve('gpt-9')).toMatchObject({ id: 'gpt-9', object: 'model' });
  await expect(client.models.retrieve('claude-opus-5-5')).rejects.toMatchObject({ code: 'model_not_found' });
});

describe('errors', () => {
  const request = { model: MODEL, messages: user('x') };

  test('a wrong or missing key is refused', async () => {
    const strict = await startSimulator({ keys: ['sk-right'] });
    const wrong = new OpenAI({ apiKey: 'sk-wrong-key', baseURL: `${strict.url}/v1`, maxRetries: 0 });
    await expect(wrong.chat.completions.create(request)).rejects.toMatchObject({
      status: 401,
      code: 'invalid_api_key',
      type: 'invalid_request_error',
    });
    const none = await send(strict.url, { path: '/v1/chat/completions', headers: {}, body: request });
    expect(none.status).toBe(401);
    await strict.close();
  });

  test.each([
    [429, undefined, 'rate_limit_exceeded', 'tokens'],
    [429, 'insufficient_quota', 'insufficient_quota', 'insufficient_quota'],
    [400, 'context_length_exceeded', 'context_length_exceeded', 'invalid_request_error'],
    [500, undefined, 'server_error', 'server_error'],
    [503, undefined, 'server_overloaded', 'server_error'],
  ])('%i %s has the code %s and the type %s', async (status, errorType, code, type) => {
    simulator.enqueue({ status, ...(errorType === undefined ? {} : { errorType }) });
    await expect(client.chat.completions.create(request)).rejects.toMatchObject({ status, code, type });
  });

  test('a rate limit says in durations when it ends; a spent quota has no such time', async () => {
    simulator.enqueue({ status: 429 });
    simulator.enqueue({ status: 429, errorType: 'insufficient_quota' });
    const ask = async (): Promise<Record<string, unknown>> =>
      (
        await send(simulator.url, {
          path: '/v1/chat/completions',
          headers: { authorization: 'Bearer sk-test' },
          body: request,
        })
      ).headers;
    const limited = await ask();
    expect(limited['x-ratelimit-remaining-tokens']).toBe('0');
    expect(limited['x-ratelimit-reset-tokens']).toMatch(/^(?:1m0s|59\.\d+s)$/u);
    expect((await ask())['x-ratelimit-remaining-tokens']).not.toBe('0');
  });

  test('an error inside a chat stream breaks it off', async () => {
    simulator.enqueue({ errorEvent: 2 });
    const stream = await client.chat.completions.create({ ...request, stream: true });
    await expect(async () => {
      for await (const chunk of stream) void chunk;
    }).rejects.toThrow('The server had an error');
  });

  test('an unknown address and a wrong method are told apart', async () => {
    const headers = { authorization: 'Bearer sk-test' };
    const unknown = await send(simulator.url, { path: '/v1/chat/other', headers, body: {} });
    expect(unknown.status).toBe(404);
    const wrong = await send(simulator.url, { path: '/v1/embeddings', method: 'PUT', headers, body: {} });
    expect(wrong.status).toBe(405);
    expect(json(wrong)).toMatchObject({
      error: { code: 'method_not_supported', type: 'invalid_request_error' },
    });
  });
});

describe('recordings', () => {
  test('chat with usage', async () => {
    simulator.enqueue({ replay: 'openai-chat-usage' });
    const stream = client.chat.completions.stream({ model: MODEL, messages: user('x') });
    expect(await stream.finalChatCompletion()).toMatchObject({
      choices: [{ message: { content: 'Idempotency means doing it twice has the same effect as once.' } }],
      usage: {
        prompt_tokens: 1500,
        completion_tokens: 120,
        prompt_tokens_details: { cache_write_tokens: 256 },
      },
    });
    expect(simulator.stats()).toMatchObject([
      { inputTokens: 220, cacheReadTokens: 1024, cacheWrite5mTokens: 256, outputTokens: 120 },
    ]);
  });

  test('chat with tools', async () => {
    simulator.enqueue({ replay: 'openai-chat-tools', chunking: 'bytes:13' });
    const stream = client.chat.completions.stream({ model: MODEL, messages: user('x') });
    expect(await stream.finalChatCompletion()).toMatchObject({
      choices: [
        {
          finish_reason: 'tool_calls',
          message: {
            tool_calls: [
              { id: 'call_fixtureA', function: { arguments: '{"q":"rust tokio"}' } },
              { id: 'call_fixtureB', function: { name: 'open_url' } },
            ],
          },
        },
      ],
    });
  });

  test('responses', async () => {
    simulator.enqueue({ replay: 'openai-responses' });
    const stream = client.responses.stream({ model: MODEL, input: 'x' });
    expect(await stream.finalResponse()).toMatchObject({
      output_text: 'Looking up “sonder”.',
      usage: { total_tokens: 3410 },
    });
  });

  test('responses that fail', async () => {
    simulator.enqueue({ replay: 'openai-responses-failed' });
    const stream = client.responses.stream({ model: MODEL, input: 'x' });
    expect(await stream.finalResponse()).toMatchObject({
      status: 'failed',
      error: { code: 'rate_limit_exceeded' },
    });
  });
});
