import { AzureOpenAI, OpenAI } from 'openai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Reply, json, send } from '../../../test/client.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
let dated: AzureOpenAI;
let v1: OpenAI;
beforeAll(async () => {
  simulator = await startSimulator();
  dated = new AzureOpenAI({
    endpoint: simulator.url,
    apiKey: 'azure-key',
    apiVersion: '2024-10-21',
    deployment: 'my-gpt41',
    maxRetries: 0,
  });
  v1 = new OpenAI({ baseURL: `${simulator.url}/openai/v1`, apiKey: 'entra-token', maxRetries: 0 });
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

function user(content: string): { role: 'user'; content: string }[] {
  return [{ role: 'user', content }];
}

const PATH = '/openai/deployments/my-gpt41/chat/completions?api-version=2024-10-21';

async function ask(path = PATH, body: object = { messages: user('x') }): Promise<Reply> {
  return send(simulator.url, { path, headers: { 'api-key': 'azure-key' }, body });
}

describe('the dated surface', () => {
  test('a deployment answers with the name of its model, and with what the filter found', async () => {
    const { data, response } = await dated.chat.completions
      .create({ model: '', messages: user('[[say:hello]]') })
      .withResponse();
    expect(data).toMatchObject({
      model: 'gpt-4.1-2025-04-14',
      choices: [{ message: { content: 'hello' }, content_filter_results: { hate: { severity: 'safe' } } }],
      prompt_filter_results: [{ prompt_index: 0 }],
    });
    expect(response.headers.get('apim-request-id')).toMatch(/^[0-9a-f-]{36}$/u);
    expect(response.headers.get('x-ratelimit-remaining-requests')).toBe('99');
    expect(simulator.requests[0]).toMatchObject({ apiKey: 'azure-key', model: 'my-gpt41' });
    expect(simulator.requests[0]?.url).toContain(
      '/deployments/my-gpt41/chat/completions?api-version=2024-10-21',
    );
  });

  test('a stream begins with the filter alone, and ends with usage and [DONE]', async () => {
    const body = {
      messages: user('[[say:Azure says hello]]'),
      stream: true,
      stream_options: { include_usage: true },
    };
    const lines = (await ask(PATH, body)).body.toString().split('\n\n');
    expect(JSON.parse((lines[0] ?? '').slice('data: '.length))).toMatchObject({
      choices: [],
      id: '',
      model: '',
      prompt_filter_results: [{ content_filter_results: { jailbreak: { detected: false } } }],
    });
    expect(lines.at(-2)).toBe('data: [DONE]');
    expect(lines.at(-3)).toContain('"choices":[],"usage":{"prompt_tokens"');
    expect(lines.join('')).not.toContain('obfuscation');
    const stream = dated.chat.completions.stream({ model: '', ...body, stream: true });
    expect((await stream.finalChatCompletion()).choices[0]?.message.content).toBe('Azure says hello');
  });

  test('legacy completions, embeddings and responses are there too', async () => {
    const completion = await dated.completions.create({ model: '', prompt: '[[say:once]]' });
    expect(completion.choices[0]?.text).toBe('once');
    const embedded = await dated.embeddings.create({ model: '', input: 'x', dimensions: 4 });
    expect(embedded.data[0]?.embedding).toHaveLength(4);
    const path = '/openai/responses?api-version=2025-04-01-preview';
    expect(json(await ask(path, { model: 'gpt-5.4', input: 'x' }))).toMatchObject({ object: 'response' });
  });

  test('without a version, or with one that is none, there is nothing', async () => {
    for (const version of ['', '?api-version=', '?api-version=latest']) {
      const reply = await ask(`/openai/deployments/my-gpt41/chat/completions${version}`);
      expect(json(reply)).toEqual({ error: { code: '404', message: 'Resource not found' } });
    }
  });
});

test('v1 takes the deployment as the model and a bearer', async () => {
  const completion = await v1.chat.completions.create({ model: 'my-gpt41', messages: user('[[say:hi]]') });
  expect(completion).toMatchObject({
    model: 'gpt-4.1-2025-04-14',
    choices: [{ message: { content: 'hi' } }],
  });
  expect(simulator.requests[0]).toMatchObject({ apiKey: 'entra-token', model: 'my-gpt41' });
  const stream = v1.responses.stream({ model: 'gpt-5.4-mini', input: '[[say:hello]]' });
  const response = await stream.finalResponse();
  expect(response).toMatchObject({ output_text: 'hello', model: 'gpt-5.4-mini' });
  const ids: string[] = [];
  for await (const model of v1.models.list()) ids.push(model.id);
  expect(ids.length).toBeGreaterThan(5);
});

describe('errors', () => {
  test('a key that is wrong', async () => {
    const strict = await startSimulator({ keys: ['right'] });
    const reply = await send(strict.url, { path: PATH, headers: { 'api-key': 'wrong' }, body: {} });
    expect(reply.status).toBe(401);
    expect(json(reply)).toMatchObject({ error: { code: '401' } });
    await strict.close();
  });

  test('a deployment that is not there', async () => {
    const path = PATH.replace('my-gpt41', 'unknown-gpt');
    expect(json(await ask(path))).toMatchObject({ error: { code: 'DeploymentNotFound' } });
  });

  test('a prompt that is filtered brings what was found', async () => {
    simulator.enqueue({ status: 400, errorType: 'content_filter' });
    expect(json(await ask())).toMatchObject({
      error: {
        code: 'content_filter',
        innererror: {
          code: 'ResponsibleAIPolicyViolation',
          content_filter_result: { violence: { filtered: true }, hate: { filtered: false } },
        },
      },
    });
  });

  test('a rate limit says in seconds and in milliseconds when to come back', async () => {
    simulator.enqueue({ status: 429 });
    const reply = await ask();
    expect(json(reply)).toMatchObject({ error: { code: '429' } });
    expect(reply.headers).toMatchObject({ 'retry-after': '26', 'retry-after-ms': '26000' });
    expect(reply.headers['x-ratelimit-remaining-tokens']).toBe('0');
  });
});

test('the recording', async () => {
  simulator.enqueue({ replay: 'azure-chat' });
  const stream = dated.chat.completions.stream({ model: '', messages: user('x') });
  expect(await stream.finalChatCompletion()).toMatchObject({
    choices: [{ message: { content: 'Azure says hello.' } }],
    usage: { prompt_tokens: 2048, prompt_tokens_details: { cached_tokens: 1920 } },
  });
  expect(simulator.stats()).toMatchObject([{ inputTokens: 128, cacheReadTokens: 1920, outputTokens: 6 }]);
});
