// The official SDKs, both generations, must not notice that they talk to a relay.
import Anthropic from '@anthropic-ai/sdk';
import AnthropicOld from 'anthropic-sdk-0';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, MODEL, newest } from '../relay-client.ts';

let gateway: TestGateway;
let secret = '';
let accountId = '';

beforeAll(async () => {
  gateway = await startTestGateway();
  ({ id: accountId } = await addAccount(gateway));
  ({ secret } = await addKey(gateway));
});
afterAll(async () => {
  await gateway.close();
});
afterEach(async () => {
  await gateway.admin.accounts.reset({ params: { kind: 'claude-console', id: accountId } });
});

type Create = (apiKey: string, baseURL: string) => Anthropic;

// What is called here is the same in both; the types of the old one differ in corners that are not.
const createOld = (apiKey: string, baseURL: string): unknown =>
  new AnthropicOld({ apiKey, baseURL, maxRetries: 0 });
const generations: [string, Create][] = [
  ['1.x', (apiKey, baseURL) => new Anthropic({ apiKey, baseURL, maxRetries: 0 })],
  ['0.x', createOld as Create],
];

describe.each(generations)('@anthropic-ai/sdk %s', (_, create) => {
  const client = () => create(secret, `${gateway.url}/api`);

  test('a message, and its usage on the books', async () => {
    const answer = await client().messages.create({
      model: MODEL,
      max_tokens: 100,
      messages: [{ role: 'user', content: 'Reply with the word relay' }],
    });
    expect(answer.content[0]).toMatchObject({ type: 'text', text: 'relay' });
    const row = await newest(gateway);
    expect(row).toMatchObject({
      outcome: 'ok',
      usage: { input: answer.usage.input_tokens, output: answer.usage.output_tokens },
    });
    // claude-sonnet-5-5: 2 USD in, 10 USD out for a million tokens.
    expect(row.costNanoUsd).toBe(answer.usage.input_tokens * 2000 + answer.usage.output_tokens * 10_000);
  });

  test('a stream with thinking and a tool call', async () => {
    const stream = client().messages.stream({
      model: MODEL,
      max_tokens: 2000,
      messages: [{ role: 'user', content: '[[think:let me see]] [[tool:get_weather {"city":"Zürich"}]]' }],
      tools: [
        { name: 'get_weather', input_schema: { type: 'object', properties: { city: { type: 'string' } } } },
      ],
    });
    const answer = await stream.finalMessage();
    expect(answer.stop_reason).toBe('tool_use');
    expect(answer.content.find(({ type }) => type === 'tool_use')).toMatchObject({
      input: { city: 'Zürich' },
    });
    expect(answer.content.some(({ type }) => type === 'thinking')).toBe(true);
    expect((await newest(gateway)).usage.output).toBe(answer.usage.output_tokens);
  });

  test('tokens counted, models listed', async () => {
    const counted = await client().messages.countTokens({
      model: MODEL,
      messages: [{ role: 'user', content: 'hello' }],
    });
    expect(counted.input_tokens).toBeGreaterThan(0);
    const ids: string[] = [];
    for await (const { id } of client().models.list({ limit: 3 })) ids.push(id);
    expect(ids).toContain(MODEL);
    expect(new Set(ids).size).toBe(ids.length);
  });

  test('errors are the SDK’s own classes, with the request id', async () => {
    const wrongKey = create(`cr_${'f'.repeat(64)}`, `${gateway.url}/api`);
    const message = { model: MODEL, max_tokens: 1, messages: [{ role: 'user' as const, content: 'x' }] };
    await expect(wrongKey.messages.create(message)).rejects.toMatchObject({
      status: 401,
      requestID: expect.stringMatching(/^req_/u) as string,
    });
    gateway.simulator.enqueue({ errorEvent: 4, errorType: 'overloaded_error' });
    await expect(client().messages.stream(message).finalMessage()).rejects.toThrow(/overloaded|Overloaded/u);
  });
});
