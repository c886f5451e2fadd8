import {
  BedrockRuntimeClient,
  type BedrockRuntimeClientConfig,
  ConverseCommand,
  ConverseStreamCommand,
  type ConverseStreamOutput,
  CountTokensCommand,
  InvokeModelCommand,
  InvokeModelWithResponseStreamCommand,
  type Message,
  type TokenUsage,
} from '@aws-sdk/client-bedrock-runtime';
import { NodeHttpHandler } from '@smithy/node-http-handler';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json, messageOf, send } from '../../../test/client.ts';
import { parseJson } from '../../json.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';
import { EXAMPLE_SECRET_KEY } from './signature.ts';

let simulator: Simulator;
let client: BedrockRuntimeClient;
beforeAll(async () => {
  simulator = await startSimulator();
  client = clientAt(simulator.url);
});
afterAll(async () => {
  client.destroy();
  await simulator.close();
});
beforeEach(() => simulator.reset());

const MODEL = 'us.anthropic.claude-sonnet-4-5-20250929-v1:0';
const KEY_ID = 'AKIAIOSFODNN7EXAMPLE';

function clientAt(endpoint: string, more: BedrockRuntimeClientConfig = {}): BedrockRuntimeClient {
  return new BedrockRuntimeClient({
    endpoint,
    region: 'eu-central-1',
    credentials: { accessKeyId: KEY_ID, secretAccessKey: EXAMPLE_SECRET_KEY },
    requestHandler: new NodeHttpHandler(),
    maxAttempts: 1,
    ...more,
  });
}

function user(text: string): Message[] {
  return [{ role: 'user', content: [{ text }] }];
}

function invokeBody(prompt: string, more: object = {}): string {
  return JSON.stringify({
    anthropic_version: 'bedrock-2023-05-31',
    max_tokens: 1024,
    messages: [{ role: 'user', content: prompt }],
    ...more,
  });
}

async function nameOf(asked: Promise<unknown>): Promise<string> {
  const error = await asked.catch((reason: unknown) => reason);
  return error instanceof Error ? error.name : 'no error';
}

async function frames(
  asked: Promise<{ stream?: AsyncIterable<ConverseStreamOutput> | undefined }>,
): Promise<ConverseStreamOutput[]> {
  const events: ConverseStreamOutput[] = [];
  for await (const event of (await asked).stream ?? []) events.push(event);
  return events;
}

function textOf(events: readonly ConverseStreamOutput[]): string {
  return events.map((event) => event.contentBlockDelta?.delta?.text ?? '').join('');
}

describe('converse', () => {
  test('a whole answer has thoughts, text, usage and stop reason', async () => {
    const answer = await client.send(
      new ConverseCommand({ modelId: MODEL, messages: user('[[think:hm]] [[say:hello]]') }),
    );
    expect(answer).toMatchObject({
      output: {
        message: {
          role: 'assistant',
          content: [{ reasoningContent: { reasoningText: { text: 'hm' } } }, { text: 'hello' }],
        },
      },
      stopReason: 'end_turn',
      usage: { outputTokens: 3 },
    });
    const { inputTokens = 0, totalTokens } = answer.usage ?? {};
    expect(totalTokens).toBe(inputTokens + 3);
    expect(simulator.requests[0]).toMatchObject({ apiKey: KEY_ID, model: MODEL });
    expect(simulator.requests[0]?.url).toContain('v1%3A0/converse');
  });

  test('a stream says the same in frames, usage last', async () => {
    const events = await frames(
      client.send(
        new ConverseStreamCommand({
          modelId: MODEL,
          messages: user('[[think:hm, let me see]] [[say:Grüezi 世界, in several pieces]]'),
        }),
      ),
    );
    expect(textOf(events)).toBe('Grüezi 世界, in several pieces');
    expect(Object.keys(events[0] ?? {})).toEqual(['messageStart']);
    expect(events.some((event) => event.contentBlockStart !== undefined)).toBe(false);
    expect(events.at(-2)?.messageStop?.stopReason).toBe('end_turn');
    const usage = events.at(-1)?.metadata?.usage;
    expect(simulator.stats()).toMatchObject([
      { outcome: 'answered', inputTokens: usage?.inputTokens, outputTokens: usage?.outputTokens },
    ]);
  });

  test('tools are called, and a history without their results is refused', async () => {
    const toolConfig = {
      tools: [{ toolSpec: { name: 'weather', inputSchema: { json: { type: 'object' } } } }],
    };
    const prompt = user('[[tool:weather {"city":"Zürich"}]]');
    const events = await frames(
      client.send(new ConverseStreamCommand({ modelId: MODEL, messages: prompt, toolConfig })),
    );
    const start = events.find((event) => event.contentBlockStart !== undefined)?.contentBlockStart?.start;
    const toolUseId = start?.toolUse?.toolUseId ?? '';
    expect(start?.toolUse).toMatchObject({ name: 'weather' });
    expect(events.map((event) => event.contentBlockDelta?.delta?.toolUse?.input ?? '').join('')).toBe(
      '{"city":"Zürich"}',
    );
    expect(events.at(-2)?.messageStop?.stopReason).toBe('tool_use');
    const history: Message[] = [
      ...prompt,
      { role: 'assistant', content: [{ toolUse: { toolUseId, name: 'weather', input: {} } }] },
    ];
    const result: Message = {
      role: 'user',
      content: [{ toolResult: { toolUseId, content: [{ text: 'snow' }] } }],
    };
    const next = await client.send(
      new ConverseCommand({ modelId: MODEL, messages: [...history, result], toolConfig }),
    );
    expect(next.output?.message?.content).toEqual([{ text: 'The tool answered: snow' }]);
    const orphaned = client.send(
      new ConverseCommand({ modelId: MODEL, messages: [...history, ...user('x')], toolConfig }),
    );
    expect(await nameOf(orphaned)).toBe('ValidationException');
  });

  test('a cache point is written once and read from then on', async () => {
    const system = [
      { text: 'A rule of the house. '.repeat(60) },
      { cachePoint: { type: 'default' as const, ttl: '1h' as const } },
    ];
    const usageOf = async (prompt: string): Promise<TokenUsage | undefined> =>
      (await client.send(new ConverseCommand({ modelId: MODEL, messages: user(prompt), system }))).usage;
    const first = await usageOf('one');
    const written = first?.cacheWriteInputTokens ?? 0;
    expect(written).toBeGreaterThan(300);
    expect(first).toMatchObject({
      cacheReadInputTokens: 0,
      cacheDetails: [{ ttl: '1h', inputTokens: written }],
    });
    expect(await usageOf('two')).toMatchObject({ cacheReadInputTokens: written, cacheWriteInputTokens: 0 });
  });

  test.each<[string, Message[]]>([
    ['blank text', user(' ')],
    ['an odd id of a tool', [{ role: 'user', content: [{ toolResult: { toolUseId: 'a.b', content: [] } }] }]],
    [
      'a result without its call',
      [{ role: 'user', content: [{ toolResult: { toolUseId: 'a', content: [{ text: 'x' }] } }] }],
    ],
    ['two turns of a user', [...user('x'), ...user('y')]],
    ['an assistant first', [{ role: 'assistant', content: [{ text: 'x' }] }]],
  ])('%s is refused', async (_what, messages) => {
    expect(await nameOf(client.send(new ConverseCommand({ modelId: MODEL, messages })))).toBe(
      'ValidationException',
    );
  });

  test('limits and stop sequences hold', async () => {
    const ask = async (prompt: string, inferenceConfig: object): Promise<object> =>
      client.send(new ConverseCommand({ modelId: MODEL, messages: user(prompt), inferenceConfig }));
    expect(await ask('[[tokens:50]]', { maxTokens: 20 })).toMatchObject({
      stopReason: 'max_tokens',
      usage: { outputTokens: 20 },
    });
    expect(await ask('[[say:one STOP two]]', { stopSequences: ['STOP'] })).toMatchObject({
      stopReason: 'stop_sequence',
    });
  });
});

describe('invoke', () => {
  test('a whole answer is a message, its counts in the headers too', async () => {
    const { body, $metadata } = await client.send(
      new InvokeModelCommand({ modelId: MODEL, body: invokeBody('[[say:hello]]') }),
    );
    expect(parseJson(body.transformToString())).toMatchObject({
      id: expect.stringMatching(/^msg_bdrk_/u) as string,
      model: 'claude-sonnet-4-5-20250929',
      content: [{ type: 'text', text: 'hello' }],
      usage: { output_tokens: 2 },
    });
    expect($metadata.requestId).toMatch(/^[0-9a-f-]{36}$/u);
  });

  test('a stream is the events of the Messages API, without pings, with the metrics at its end', async () => {
    const { body } = await client.send(
      new InvokeModelWithResponseStreamCommand({
        modelId: MODEL,
        body: invokeBody('[[think:hm]] [[say:Grüezi 世界, in pieces]]'),
      }),
    );
    const events: { name: string; data: Record<string, unknown> }[] = [];
    for await (const { chunk } of body ?? []) {
      const data = JSON.parse(Buffer.from(chunk?.bytes ?? []).toString()) as Record<string, unknown>;
      events.push({ name: String(data['type']), data });
    }
    const message = messageOf(events);
    expect(message['content']).toMatchObject([{ type: 'thinking' }, { text: 'Grüezi 世界, in pieces' }]);
    expect(events.map((event) => event.name)).not.toContain('ping');
    expect(events.at(-2)?.data['usage']).toEqual({ output_tokens: expect.any(Number) as number });
    const [row] = simulator.stats();
    expect(events.at(-1)?.data['amazon-bedrock-invocationMetrics']).toMatchObject({
      inputTokenCount: row?.inputTokens,
      outputTokenCount: row?.outputTokens,
    });
  });

  test.each([
    ['model', { model: 'claude-sonnet-4-5' }, 'model: Extra inputs are not permitted'],
    ['stream', { stream: true }, 'stream: Extra inputs are not permitted'],
    ['no version', { anthropic_version: undefined }, 'anthropic_version: Field required'],
    ['no limit', { max_tokens: undefined }, 'max_tokens: Field required'],
  ])('a body with %s is refused', async (_what, more, message) => {
    const asked = client.send(new InvokeModelCommand({ modelId: MODEL, body: invokeBody('x', more) }));
    await expect(asked).rejects.toThrow(message);
  });

  test('a profile is known by its address too', async () => {
    const modelId = `arn:aws:bedrock:eu-central-1:123456789012:inference-profile/${MODEL}`;
    await client.send(new InvokeModelCommand({ modelId, body: invokeBody('x') }));
    expect(simulator.requests[0]?.model).toBe(modelId);
    const unknown = client.send(
      new InvokeModelCommand({ modelId: 'anthropic.unknown-model', body: invokeBody('x') }),
    );
    expect(await nameOf(unknown)).toBe('ValidationException');
  });

  test('tokens are counted', async () => {
    const body = Buffer.from(invokeBody('hello'));
    const counted = await client.send(
      new CountTokensCommand({ modelId: MODEL, input: { invokeModel: { body } } }),
    );
    expect(counted.inputTokens).toBe(Math.ceil(body.length / 4));
  });
});

describe('credentials', () => {
  const command = (): ConverseCommand => new ConverseCommand({ modelId: MODEL, messages: user('x') });

  async function refusal(more: BedrockRuntimeClientConfig, url = simulator.url): Promise<string> {
    const other = clientAt(url, more);
    const name = await nameOf(other.send(command()));
    other.destroy();
    return name;
  }

  test('a signature with another secret is refused, with the right one below a prefix it is good', async () => {
    const credentials = { accessKeyId: KEY_ID, secretAccessKey: 'other' };
    expect(await refusal({ credentials })).toBe('InvalidSignatureException');
    expect(await refusal({}, `${simulator.url}/as/west`)).toBe('no error');
    expect(simulator.requests.at(-1)?.account).toBe('west');
  });

  test('a session token is signed, and an expired one refused', async () => {
    const credentials = { accessKeyId: KEY_ID, secretAccessKey: EXAMPLE_SECRET_KEY };
    expect(await refusal({ credentials: { ...credentials, sessionToken: 'good' } })).toBe('no error');
    expect(await refusal({ credentials: { ...credentials, sessionToken: 'expired' } })).toBe(
      'ExpiredTokenException',
    );
  });

  test('a clock that is ten minutes off is refused', async () => {
    expect(await refusal({ systemClockOffset: 600_000 })).toBe('InvalidSignatureException');
  });

  test('a body that was changed on the way no longer fits its signature', async () => {
    await client.send(command());
    const url = simulator.requests[0]?.url ?? '';
    const headers = simulator.requests[0]?.headers ?? {};
    const signed: Record<string, string> = {};
    for (const [name, value] of Object.entries(headers)) {
      if (name !== 'content-length' && name !== 'connection') signed[name] = String(value);
    }
    const repeat = async (body: Buffer): Promise<number> =>
      (await send(simulator.url, { path: url, headers: signed, body })).status;
    const original = simulator.requests[0]?.rawBody ?? Buffer.alloc(0);
    expect(await repeat(original)).toBe(200);
    expect(await repeat(Buffer.concat([original, Buffer.from(' ')]))).toBe(403);
  });

  test('an API key goes as a bearer; nothing at all is told apart', async () => {
    const bearer = { token: { token: 'bedrock-api-key-x' }, authSchemePreference: ['httpBearerAuth'] };
    expect(await refusal(bearer)).toBe('no error');
    expect(simulator.requests[0]?.apiKey).toBe('bedrock-api-key-x');
    const none = await send(simulator.url, { path: `/model/${MODEL}/converse`, headers: {}, body: {} });
    expect([none.status, none.headers['x-amzn-errortype']]).toEqual([
      403,
      'MissingAuthenticationTokenException',
    ]);
    const strict = await startSimulator({ keys: ['AKIAOTHER'] });
    expect(await refusal({}, strict.url)).toBe('UnrecognizedClientException');
    await strict.close();
  });

  test('the secret key can be another one', async () => {
    const own = await startSimulator({ awsSecretKey: 'of-my-own' });
    const credentials = { accessKeyId: KEY_ID, secretAccessKey: 'of-my-own' };
    expect(await refusal({ credentials }, own.url)).toBe('no error');
    await own.close();
  });
});

describe('errors', () => {
  test.each([
    [400, undefined, 'ValidationException'],
    [400, 'ServiceQuotaExceededException', 'ServiceQuotaExceededException'],
    [403, undefined, 'AccessDeniedException'],
    [404, undefined, 'ResourceNotFoundException'],
    [408, undefined, 'ModelTimeoutException'],
    [424, undefined, 'ModelErrorException'],
    [429, undefined, 'ThrottlingException'],
    [429, 'ModelNotReadyException', 'ModelNotReadyException'],
    [500, undefined, 'InternalServerException'],
    [503, undefined, 'ServiceUnavailableException'],
  ])('%i %s is a %s', async (status, errorType, name) => {
    simulator.enqueue({ status, ...(errorType === undefined ? {} : { errorType }) });
    const asked = client.send(new ConverseCommand({ modelId: MODEL, messages: user('x') }));
    expect(await nameOf(asked)).toBe(name);
  });

  test.each([
    [undefined, 'ModelStreamErrorException'],
    ['throttlingException', 'ThrottlingException'],
    ['internalServerException', 'InternalServerException'],
  ])('an exception frame %s ends a stream', async (errorType, name) => {
    simulator.enqueue({ errorEvent: 2, ...(errorType === undefined ? {} : { errorType }) });
    const asked = frames(client.send(new ConverseStreamCommand({ modelId: MODEL, messages: user('x') })));
    expect(await nameOf(asked)).toBe(name);
    expect(simulator.count({ outcome: 'error_event' })).toBe(1);
  });

  test('the body names nothing but the message', async () => {
    const path = `/model/${encodeURIComponent(MODEL)}/converse`;
    simulator.enqueue({ status: 429 });
    const reply = await send(simulator.url, { path, headers: { authorization: 'Bearer x' }, body: {} });
    expect(json(reply)).toEqual({ message: 'Too many requests, please wait before trying again.' });
    expect(reply.headers['x-amzn-errortype']).toBe('ThrottlingException');
  });
});

describe('recordings', () => {
  test('converse', async () => {
    simulator.enqueue({ replay: 'bedrock-converse', chunking: 'bytes:100' });
    const events = await frames(
      client.send(new ConverseStreamCommand({ modelId: MODEL, messages: user('x') })),
    );
    expect(textOf(events)).toBe('Bedrock sagt „hallo“ 👋');
    expect(events.at(-1)?.metadata?.usage).toMatchObject({ inputTokens: 640, totalTokens: 6880 });
    expect(simulator.stats()).toMatchObject([
      { inputTokens: 640, cacheReadTokens: 4096, cacheWrite5mTokens: 1024, cacheWrite1hTokens: 1024 },
    ]);
  });

  test.each([
    ['bedrock-invoke-claude', 'no error'],
    ['bedrock-exception-midstream', 'ModelStreamErrorException'],
  ])('%s', async (replay, name) => {
    simulator.enqueue({ replay });
    const read = async (): Promise<void> => {
      const { body } = await client.send(
        new InvokeModelWithResponseStreamCommand({ modelId: MODEL, body: invokeBody('x') }),
      );
      for await (const event of body ?? []) expect(event.chunk?.bytes).toBeDefined();
    };
    expect(await nameOf(read())).toBe(name);
  });
});
