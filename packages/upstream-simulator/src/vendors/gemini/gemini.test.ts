import { GoogleGenAI, type GenerateContentResponse, type Part } from '@google/genai';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { json, send } from '../../../test/client.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
let client: GoogleGenAI;
beforeAll(async () => {
  simulator = await startSimulator();
  client = clientAt(simulator.url);
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

function clientAt(baseUrl: string, apiKey = 'AIza-test'): GoogleGenAI {
  return new GoogleGenAI({ apiKey, httpOptions: { baseUrl } });
}

const MODEL = 'gemini-3.8-flash';
const PATH = `/v1beta/models/${MODEL}`;
const KEY = { 'x-goog-api-key': 'AIza-test' };
const tools = [{ functionDeclarations: [{ name: 'set_reminder' }] }];
const thinking = { thinkingConfig: { includeThoughts: true } };

function contents(text: string): { role: string; parts: Part[] }[] {
  return [{ role: 'user', parts: [{ text }] }];
}

async function read(stream: AsyncGenerator<GenerateContentResponse>): Promise<{
  parts: Part[];
  last: GenerateContentResponse | undefined;
}> {
  const parts: Part[] = [];
  let last: GenerateContentResponse | undefined;
  for await (const chunk of stream) {
    parts.push(...(chunk.candidates?.[0]?.content?.parts ?? []));
    last = chunk;
  }
  return { parts, last };
}

function textOf(parts: readonly Part[], thought = false): string {
  return parts.map((part) => ((part.thought === true) === thought ? (part.text ?? '') : '')).join('');
}

describe('generateContent', () => {
  test('a whole answer has the shape of the vendor, its thoughts outside the candidates', async () => {
    const answer = await client.models.generateContent({
      model: MODEL,
      contents: '[[think:let me see what this is]] [[say:hello]]',
      config: thinking,
    });
    expect(answer.text).toBe('hello');
    expect(answer.candidates?.[0]).toMatchObject({
      finishReason: 'STOP',
      content: { role: 'model', parts: [{ thought: true }, { text: 'hello' }] },
    });
    const { promptTokenCount = 0, ...usage } = answer.usageMetadata ?? {};
    expect(usage).toMatchObject({
      candidatesTokenCount: 2,
      thoughtsTokenCount: 6,
      totalTokenCount: promptTokenCount + 8,
    });
    expect(simulator.stats()).toMatchObject([{ inputTokens: promptTokenCount, outputTokens: 8 }]);
    expect(simulator.requests[0]).toMatchObject({ apiKey: 'AIza-test', model: MODEL });
  });

  test('a stream says the same, with usage that counts up', async () => {
    const stream = await client.models.generateContentStream({
      model: MODEL,
      contents: '[[think:hm]] [[say:Grüezi 世界, this takes several pieces]]',
      config: thinking,
    });
    const { parts, last } = await read(stream);
    expect(textOf(parts)).toBe('Grüezi 世界, this takes several pieces');
    expect(textOf(parts, true)).toBe('hm');
    expect(last?.candidates?.[0]?.finishReason).toBe('STOP');
    expect(simulator.stats()).toMatchObject([
      { outputTokens: (last?.usageMetadata?.candidatesTokenCount ?? 0) + 1 },
    ]);
  });

  test('events have CRLF line ends, no names and no sentinel', async () => {
    const reply = await send(simulator.url, {
      path: `${PATH}:streamGenerateContent?alt=sse`,
      headers: KEY,
      body: { contents: contents('[[say:hi]]') },
    });
    expect(reply.headers['content-type']).toBe('text/event-stream');
    expect(reply.body.toString()).toMatch(/^(?:data: \{.*\}\r\n\r\n)+$/u);
  });

  test('without alt=sse the stream is an array that grows', async () => {
    const ask = async (): Promise<Awaited<ReturnType<typeof send>>> =>
      send(simulator.url, {
        path: `${PATH}:streamGenerateContent?key=AIza-query`,
        headers: {},
        body: { contents: contents('[[deltas:3]]') },
      });
    const reply = await ask();
    expect(reply.headers['content-type']).toBe('application/json; charset=UTF-8');
    expect(JSON.parse(reply.body.toString())).toHaveLength(4);
    expect(simulator.requests[0]?.apiKey).toBe('AIza-query');
    simulator.enqueue({ errorEvent: 2 });
    expect(JSON.parse((await ask()).body.toString())).toMatchObject([{}, {}, { error: { code: 503 } }]);
    simulator.enqueue({ status: 429 });
    expect(json(await ask())).toMatchObject([{ error: { status: 'RESOURCE_EXHAUSTED' } }]);
  });

  test('a client that leaves early knows part of the usage', async () => {
    simulator.enqueue({ cleanEnd: 2 });
    await read(
      await client.models.generateContentStream({ model: MODEL, contents: '[[tokens:100]] [[deltas:50]]' }),
    );
    const [row] = simulator.stats();
    expect(row?.outputTokens).toBeGreaterThan(0);
    expect(row?.outputTokens).toBeLessThan(100);
  });

  test('thoughts are counted but not shown unless the client wants them', async () => {
    const answer = await client.models.generateContent({
      model: MODEL,
      contents: '[[think:hidden]] [[say:x]]',
    });
    expect(answer.candidates?.[0]?.content?.parts).toEqual([{ text: 'x' }]);
    expect(answer.usageMetadata?.thoughtsTokenCount).toBe(2);
  });

  test('limits, stop sequences and schemas hold', async () => {
    const ask = async (prompt: string, config: object): Promise<GenerateContentResponse> =>
      client.models.generateContent({ model: MODEL, contents: prompt, config });
    const cut = await ask('[[tokens:50]]', { maxOutputTokens: 20 });
    expect(cut.candidates?.[0]?.finishReason).toBe('MAX_TOKENS');
    expect(cut.usageMetadata?.candidatesTokenCount).toBe(20);
    expect((await ask('[[say:one STOP two]]', { stopSequences: ['STOP'] })).text).toBe('one ');
    const schema = {
      type: 'OBJECT',
      properties: { reason: { type: 'STRING' }, score: { type: 'INTEGER' } },
    };
    const routed = await ask('[[say:Größe]]', {
      responseMimeType: 'application/json',
      responseJsonSchema: schema,
    });
    expect(routed.text).toBe('{"reason":"Größe","score":1}');
  });

  test('a long prompt is read from the cache the second time', async () => {
    const systemInstruction = 'A rule of the house. '.repeat(400);
    const usageOf = async (prompt: string): Promise<GenerateContentResponse['usageMetadata']> =>
      (await client.models.generateContent({ model: MODEL, contents: prompt, config: { systemInstruction } }))
        .usageMetadata;
    const first = await usageOf('one');
    expect(first?.cachedContentTokenCount).toBeUndefined();
    const second = await usageOf('two');
    expect(second?.cachedContentTokenCount).toBe(2048);
    expect(second?.promptTokenCount).toBe(first?.promptTokenCount);
  });
});

describe('tools', () => {
  const prompt = '[[tool:set_reminder {"at":"08:00"}]]';

  test('a call carries its signature, and its result is answered', async () => {
    const stream = await client.models.generateContentStream({
      model: MODEL,
      contents: prompt,
      config: { tools },
    });
    const { parts, last } = await read(stream);
    const call = parts.find((part) => part.functionCall !== undefined);
    expect(call).toMatchObject({
      functionCall: {
        name: 'set_reminder',
        args: { at: '08:00' },
        id: expect.stringMatching(/^fc_/u) as string,
      },
      thoughtSignature: expect.any(String) as string,
    });
    expect(last?.candidates?.[0]?.finishReason).toBe('STOP');
    const { id = '', name = '' } = call?.functionCall ?? {};
    const next = await client.models.generateContent({
      model: MODEL,
      contents: [
        ...contents(prompt),
        { role: 'model', parts: call === undefined ? [] : [call] },
        { role: 'user', parts: [{ functionResponse: { id, name, response: { output: 'set' } } }] },
      ],
      config: { tools },
    });
    expect(next.text).toBe('The tool answered: set');
  });

  test('a history without the signature or without the result is refused', async () => {
    const call = { functionCall: { name: 'set_reminder', args: {} } };
    const answer = { functionResponse: { name: 'set_reminder', response: {} } };
    const ask = async (callPart: Part, answers: Part[], model = MODEL): Promise<unknown> =>
      client.models.generateContent({
        model,
        contents: [...contents('x'), { role: 'model', parts: [callPart] }, { role: 'user', parts: answers }],
      });
    await expect(ask(call, [answer])).rejects.toThrow('missing a thought_signature');
    await expect(ask(call, [answer], 'gemini-2.5-pro')).resolves.toBeDefined();
    const signed = { ...call, thoughtSignature: 'c2ln' };
    await expect(ask(signed, [{ text: 'no result' }])).rejects.toThrow('number of function response parts');
    await expect(ask({ text: 'no call' }, [answer])).rejects.toThrow(
      'immediately after a function call turn',
    );
  });
});

test('parameters of tools take no whole JSON schema, parametersJsonSchema does', async () => {
  const ask = async (field: string): Promise<number> => {
    const declaration = { name: 'f', [field]: { $schema: 'http://json-schema.org/draft-07/schema#' } };
    const body = { contents: contents('x'), tools: [{ functionDeclarations: [declaration] }] };
    return (await send(simulator.url, { path: `${PATH}:generateContent`, headers: KEY, body })).status;
  };
  expect([await ask('parameters'), await ask('parametersJsonSchema')]).toEqual([400, 200]);
});

test('tokens are counted, models listed and found, on both versions', async () => {
  expect(await client.models.countTokens({ model: MODEL, contents: 'hello' })).toMatchObject({
    totalTokens: expect.any(Number) as number,
  });
  const names: (string | undefined)[] = [];
  for await (const model of await client.models.list({ config: { pageSize: 3 } })) names.push(model.name);
  expect(names).toContain(`models/${MODEL}`);
  expect(names.length).toBeGreaterThan(3);
  for (const version of ['v1', 'v1beta']) {
    const reply = await send(simulator.url, {
      path: `/${version}/models/gemini-2.5-pro`,
      method: 'GET',
      headers: KEY,
    });
    expect(json(reply)).toMatchObject({ name: 'models/gemini-2.5-pro', inputTokenLimit: 1_048_576 });
  }
});

describe('errors', () => {
  const request = { model: MODEL, contents: 'x' };

  async function errorOf(asked: Promise<unknown>): Promise<{ status: number; body: unknown }> {
    const error = (await asked.catch((reason: unknown) => reason)) as Error & { status: number };
    return { status: error.status, body: JSON.parse(error.message) };
  }

  test('a wrong key is a bad request with its reason, a missing one is forbidden', async () => {
    const strict = await startSimulator({ keys: ['AIza-right'] });
    const wrong = await errorOf(clientAt(strict.url, 'AIza-wrong').models.generateContent(request));
    expect(wrong).toMatchObject({
      status: 400,
      body: { error: { status: 'INVALID_ARGUMENT', details: [{ reason: 'API_KEY_INVALID' }] } },
    });
    const none = await send(strict.url, { path: `${PATH}:generateContent`, headers: {}, body: {} });
    expect(none.status).toBe(403);
    await strict.close();
  });

  test('a quota that is spent says for how long, and whether for the day', async () => {
    simulator.enqueue({ status: 429, retryAfter: 7 });
    simulator.enqueue({ status: 429, errorType: 'PerDay' });
    expect(await errorOf(client.models.generateContent(request))).toMatchObject({
      status: 429,
      body: {
        error: {
          status: 'RESOURCE_EXHAUSTED',
          details: [
            { violations: [{ quotaId: expect.stringContaining('PerMinute') as string }] },
            {},
            { '@type': 'type.googleapis.com/google.rpc.RetryInfo', retryDelay: '7s' },
          ],
        },
      },
    });
    const daily = await errorOf(client.models.generateContent(request));
    expect(JSON.stringify(daily.body)).toContain('GenerateRequestsPerDayPerProject');
  });

  test.each([
    [401, 'UNAUTHENTICATED'],
    [403, 'PERMISSION_DENIED'],
    [500, 'INTERNAL'],
    [503, 'UNAVAILABLE'],
    [504, 'DEADLINE_EXCEEDED'],
  ])('%i is %s', async (status, name) => {
    simulator.enqueue({ status });
    expect(await errorOf(client.models.generateContent(request))).toMatchObject({
      status,
      body: { error: { code: status, status: name } },
    });
  });

  test('an unknown model is not found', async () => {
    const asked = client.models.generateContent({ ...request, model: 'gemini-unknown-x' });
    expect(await errorOf(asked)).toMatchObject({ status: 404, body: { error: { status: 'NOT_FOUND' } } });
  });

  test('an error inside a stream is an event', async () => {
    simulator.enqueue({ errorEvent: 1 });
    await expect(async () => read(await client.models.generateContentStream(request))).rejects.toThrow(
      'The model is overloaded',
    );
    expect(simulator.count({ outcome: 'error_event' })).toBe(1);
  });
});

describe('recordings', () => {
  test('generateContent', async () => {
    simulator.enqueue({ replay: 'gemini-generate', chunking: 'bytes:11' });
    const { parts, last } = await read(
      await client.models.generateContentStream({ model: MODEL, contents: 'x' }),
    );
    expect(textOf(parts)).toBe('Es regnet in Zürich 🌧.');
    expect(parts.find((part) => part.functionCall !== undefined)).toMatchObject({
      functionCall: { name: 'set_reminder', args: { text: 'Schirm', at: '08:00' } },
      thoughtSignature: 'CfixtureThoughtSignature==',
    });
    expect(last?.usageMetadata).toMatchObject({ candidatesTokenCount: 37, thoughtsTokenCount: 88 });
    expect(simulator.stats()).toMatchObject([
      { inputTokens: 1028, cacheReadTokens: 3072, outputTokens: 125 },
    ]);
  });

  test('an error in the middle', async () => {
    simulator.enqueue({ replay: 'gemini-error-midstream' });
    const stream = await client.models.generateContentStream({ model: MODEL, contents: 'x' });
    await expect(read(stream)).rejects.toThrow('overloaded');
  });
});
