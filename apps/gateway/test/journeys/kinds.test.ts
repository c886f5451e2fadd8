// Every kind of account behind every client's own SDK: text, streams, tools, and the books.
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addKind, type BoundKey, kinds } from '../kinds.ts';
import { newest } from '../relay-client.ts';

let gateway: TestGateway;
const bound = new Map<string, BoundKey>();

beforeAll(async () => {
  gateway = await startTestGateway();
  for (const kind of kinds) bound.set(kind, await addKind(gateway, kind));
});
afterAll(async () => {
  await gateway.close();
});

function keyOf(kind: string): BoundKey {
  const key = bound.get(kind);
  if (key === undefined) throw new Error(`no account of ${kind}`);
  return key;
}

const weather = {
  name: 'get_weather',
  description: 'The weather of a city',
  schema: { type: 'object' as const, properties: { city: { type: 'string' } }, required: ['city'] },
};
const SAY = 'Reply with the word relay';
const CALL = '[[tool:get_weather {"city":"Zürich"}]]';

interface Told {
  text: string;
  toolName: string | undefined;
  toolInput: unknown;
  stop: string | null | undefined;
}

interface ClientProgram {
  /** A whole answer. */
  whole(key: BoundKey, prompt: string): Promise<Told>;
  /** The same by a stream. */
  stream(key: BoundKey, prompt: string): Promise<Told>;
  readonly stops: readonly [text: string, tool: string];
}

const anthropic = ({ secret }: BoundKey) =>
  new Anthropic({ apiKey: secret, baseURL: `${gateway.url}/api`, maxRetries: 0 });
const openai = ({ secret }: BoundKey) =>
  new OpenAI({ apiKey: secret, baseURL: `${gateway.url}/openai/v1`, maxRetries: 0 });
const genai = ({ secret }: BoundKey) =>
  new GoogleGenAI({ apiKey: secret, httpOptions: { baseUrl: `${gateway.url}/gemini` } });

const programs: Readonly<Record<string, ClientProgram>> = {
  '@anthropic-ai/sdk': {
    stops: ['end_turn', 'tool_use'],
    whole: async (key, prompt) => readMessage(await anthropic(key).messages.create(messageOf(key, prompt))),
    stream: async (key, prompt) =>
      readMessage(await anthropic(key).messages.stream(messageOf(key, prompt)).finalMessage()),
  },
  'openai chat': {
    stops: ['stop', 'tool_calls'],
    whole: async (key, prompt) => readChat(await openai(key).chat.completions.create(chatOf(key, prompt))),
    stream: async (key, prompt) =>
      readChat(await openai(key).chat.completions.stream(chatOf(key, prompt)).finalChatCompletion()),
  },
  'openai responses': {
    stops: ['completed', 'completed'],
    whole: async (key, prompt) => readResponse(await openai(key).responses.create(responseOf(key, prompt))),
    stream: async (key, prompt) =>
      readResponse(await openai(key).responses.stream(responseOf(key, prompt)).finalResponse()),
  },
  '@google/genai': {
    stops: ['STOP', 'STOP'],
    whole: async (key, prompt) =>
      readContent([await genai(key).models.generateContent(contentOf(key, prompt))]),
    stream: async (key, prompt) => {
      const chunks = [];
      for await (const chunk of await genai(key).models.generateContentStream(contentOf(key, prompt)))
        chunks.push(chunk);
      return readContent(chunks);
    },
  },
};

function messageOf({ model }: BoundKey, content: string) {
  const { name, description, schema } = weather;
  return {
    model,
    max_tokens: 2000,
    messages: [{ role: 'user' as const, content }],
    tools: [{ name, description, input_schema: schema }],
  };
}

function readMessage({ content, stop_reason }: Anthropic.Message): Told {
  const call = content.find((block) => block.type === 'tool_use');
  const text = content.flatMap((block) => (block.type === 'text' ? block.text : [])).join('');
  return { text, toolName: call?.name, toolInput: call?.input, stop: stop_reason };
}

function chatOf({ model }: BoundKey, content: string) {
  const { name, description, schema: parameters } = weather;
  return {
    model,
    messages: [{ role: 'user' as const, content }],
    tools: [{ type: 'function' as const, function: { name, description, parameters } }],
  };
}

function readChat({ choices: [choice] }: OpenAI.ChatCompletion): Told {
  const call = choice?.message.tool_calls?.[0];
  const made = call?.type === 'function' ? call.function : undefined;
  return {
    text: choice?.message.content ?? '',
    toolName: made?.name,
    toolInput: made && (JSON.parse(made.arguments) as unknown),
    stop: choice?.finish_reason,
  };
}

function responseOf({ model }: BoundKey, input: string) {
  const { name, description, schema: parameters } = weather;
  return {
    model,
    input: [{ role: 'user' as const, content: input }],
    store: false,
    tools: [{ type: 'function' as const, name, description, parameters, strict: false }],
  };
}

function readResponse({ output, output_text, status }: OpenAI.Responses.Response): Told {
  const call = output.find((item) => item.type === 'function_call');
  return {
    text: output_text,
    toolName: call?.name,
    toolInput: call && (JSON.parse(call.arguments) as unknown),
    stop: status,
  };
}

function contentOf({ model }: BoundKey, contents: string) {
  const { name, description, schema: parametersJsonSchema } = weather;
  return {
    model,
    contents,
    config: { tools: [{ functionDeclarations: [{ name, description, parametersJsonSchema }] }] },
  };
}

function readContent(chunks: readonly Awaited<ReturnType<GoogleGenAI['models']['generateContent']>>[]): Told {
  const parts = chunks.flatMap(({ candidates }) => candidates?.[0]?.content?.parts ?? []);
  const call = parts.find(({ functionCall }) => functionCall !== undefined)?.functionCall;
  return {
    text: parts.flatMap(({ text, thought }) => (thought === true ? [] : (text ?? []))).join(''),
    toolName: call?.name,
    toolInput: call?.args,
    stop: chunks.flatMap(({ candidates }) => candidates?.[0]?.finishReason ?? []).at(-1),
  };
}

describe.each(Object.entries(programs))('%s', (_name, program) => {
  describe.each(kinds)('served by %s', (kind) => {
    test.each(['whole', 'stream'] as const)('gets its answer %s, and the books are right', async (form) => {
      const key = keyOf(kind);
      const told = await program[form](key, SAY);
      expect(told).toEqual({
        text: 'relay',
        toolName: undefined,
        toolInput: undefined,
        stop: program.stops[0],
      });
      const row = await newest(gateway);
      expect(row).toMatchObject({
        kind,
        accountId: key.accountId,
        model: key.model,
        outcome: 'ok',
        usageSource: 'reported',
        stream: form === 'stream',
      });
      expect(row.usage.input).toBeGreaterThan(0);
      expect(row.usage.output).toBeGreaterThan(0);
      expect(row.costNanoUsd).toBeGreaterThan(0);
      expect(row.price.lines.reduce((sum, line) => sum + line.costNanoUsd, 0)).toBe(row.costNanoUsd);
    });

    test.each(['whole', 'stream'] as const)('calls a tool %s', async (form) => {
      expect(await program[form](keyOf(kind), CALL)).toMatchObject({
        toolName: 'get_weather',
        toolInput: { city: 'Zürich' },
        stop: program.stops[1],
      });
    });
  });
});
