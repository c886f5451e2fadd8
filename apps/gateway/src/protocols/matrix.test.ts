// Every dialect that clients speak against every one that upstreams speak: what is asked and what is answered survives.
// A dialect that is registered joins by itself, with the recordings and the recorded requests of its name.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { chunkings, recordingsOf, type VendorRecording } from '../../test/recordings.ts';
import { isJsonObject, type JsonObject } from '../platform/json.ts';
import { AnswerCollector } from './bridge/collect-answer.ts';
import { playAnswer } from './bridge/play-answer.ts';
import { type Bridge, canConvert, openBridge } from './bridge.ts';
import type { CanonicalAnswer, CanonicalRequest, CanonicalUsage, SignatureVendor } from './canonical.ts';
import { type AnswerContext, ConversionNotes } from './codec.ts';
import type { AnswerConverter, DialectId, Protocol, PublicError, RequestFacts } from './protocol.ts';
import { protocols } from './registry.ts';

const all = Object.values(protocols);
const pairs = all
  .flatMap((client) => all.map((target) => ({ client, target })))
  .filter(({ client, target }) => client !== target && canConvert(client, target, 'generate'));
const named = pairs.map((pair) => [pair.client.id, pair.target.id, pair] as const);
/** Wrappings hand on what they do not know. */
const converted = named.filter(([, target, { client }]) => client.kin?.[target] === undefined);

/** Models that take all there is to take; any name does for a dialect that is not here. */
const MODELS: Readonly<Partial<Record<DialectId, string>>> = {
  anthropic: 'claude-sonnet-4-5',
  'openai-chat': 'gpt-5.5',
  'openai-responses': 'gpt-5.5',
  gemini: 'gemini-3.8-flash',
  'code-assist': 'gemini-3.8-flash',
};
/** What a dialect's clients have no place for. */
const WITHOUT_THOUGHTS: ReadonlySet<DialectId> = new Set(['openai-chat', 'openai-completions']);

const requestSchema = z.object({
  path: z.string(),
  query: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.custom<JsonObject>((value) => isJsonObject(value)),
});

interface Recorded {
  readonly name: string;
  readonly facts: RequestFacts;
  readonly body: JsonObject;
  readonly query: string;
}

/** The elder Completions have none of their own. */
const HAND_WRITTEN: Readonly<Partial<Record<DialectId, JsonObject>>> = {
  'openai-completions': { model: 'gpt-3.5-turbo-instruct', prompt: 'Say hello.', max_tokens: 16 },
};

const GENERATES = /\/(?:messages|completions|responses)$|generateContent$/i;

function recordedOf(client: Protocol): Recorded[] {
  const folder = new URL(`${client.id}/fixtures/client-requests/`, import.meta.url);
  const files = existsSync(folder) ? readdirSync(folder) : [];
  const stored = files.map((name) => ({
    name,
    ...requestSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
  }));
  const written = HAND_WRITTEN[client.id];
  const sent =
    written === undefined
      ? stored
      : [{ name: 'written', path: '/v1/completions', query: '', headers: {}, body: written }];
  return sent.flatMap(({ name, path, query, headers, body }) => {
    if (!GENERATES.test(path)) return [];
    const inspected = client.inspect({
      operation: 'generate',
      address: {
        model: /\/models\/([^:]+):/.exec(path)?.[1] ?? null,
        stream: path.includes(':') ? path.includes(':stream') : null,
        service: null,
      },
      query,
      body,
      bodyBytes: JSON.stringify(body).length,
      headers,
    });
    if (!inspected.ok) throw new Error(`${name}: ${inspected.message}`);
    return [{ name, query, body, facts: inspected.facts }];
  });
}

const recorded = new Map(all.map((client) => [client.id, recordedOf(client)] as const));
const requestsOf = ({ id }: Protocol): Recorded[] => recorded.get(id) ?? [];

function bridgeOf(client: Protocol, target: Protocol, { facts, body, query }: Recorded): Bridge {
  return openBridge({
    client,
    target,
    facts,
    json: () => body,
    body: Buffer.from(JSON.stringify(body)),
    query,
    upstreamModel: MODELS[target.id] ?? 'some-model',
    createdAtMs: 1_700_000_000_000,
  });
}

type Converted = Extract<Bridge, { type: 'converted' }>;

function convertedOf(client: Protocol, target: Protocol, request: Recorded): Converted {
  const bridge = bridgeOf(client, target, request);
  if (bridge.type !== 'converted') throw new Error(`${request.name}: ${JSON.stringify(bridge)}`);
  return bridge;
}

function parse(bytes: Uint8Array): JsonObject {
  const parsed: unknown = JSON.parse(Buffer.from(bytes).toString('utf8'));
  if (!isJsonObject(parsed)) throw new Error('no object');
  return parsed;
}

/** What matters of a request, in words that no dialect changes. */
function gistOf(request: CanonicalRequest): unknown {
  const blocks = request.messages.flatMap(({ content }) => content);
  const texts = [...request.system, ...blocks].map((block) => (block.type === 'text' ? block.text : ''));
  return {
    // Some dialects have one text where others have several.
    lines: texts.flatMap((text) => text.split('\n').filter((line) => line !== '')).toSorted(),
    tools: request.tools.map((tool) => (tool.type === 'function' ? tool.name : tool.type)),
    calls: blocks.flatMap((block) =>
      block.type === 'tool_call' ? [{ name: block.name, input: block.input }] : [],
    ),
    results: blocks.flatMap((block) => (block.type === 'tool_result' ? [JSON.stringify(block.content)] : [])),
    pairs: blocks.flatMap((block) => (block.type === 'tool_result' ? [callPlace(block.callId, blocks)] : [])),
    format: request.format?.type ?? null,
  };
}

function callPlace(
  id: string,
  blocks: readonly CanonicalRequest['messages'][number]['content'][number][],
): number {
  return blocks
    .filter(({ type }) => type === 'tool_call')
    .findIndex((block) => 'id' in block && block.id === id);
}

function decodeRequest(protocol: Protocol, body: JsonObject, facts: RequestFacts): CanonicalRequest | null {
  return protocol.client?.decodeRequest(body, facts, new ConversionNotes()) ?? null;
}

test.each(named)('what clients of %s ask is said in %s', (_client, _target, { client, target }) => {
  const requests = requestsOf(client);
  expect(requests.length).toBeGreaterThan(0);
  for (const request of requests) {
    const bridge = convertedOf(client, target, request);
    const said = decodeRequest(target, parse(bridge.body), { ...request.facts, dialect: target.id });
    const meant = decodeRequest(client, request.body, request.facts);
    if (said === null || meant === null) throw new Error('both dialects have clients');
    expect(gistOf(said), `${request.name} ${bridge.warnings ?? ''}`).toEqual(gistOf(meant));
    expect(bridge.path.startsWith('/v1')).toBe(true);
  }
});

const usage: CanonicalUsage = {
  input: 100,
  cacheRead: 40,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 60,
  reasoning: 20,
  webSearches: 0,
};
const VENDORS: Readonly<Partial<Record<DialectId, SignatureVendor>>> = {
  anthropic: 'anthropic',
  'openai-responses': 'openai',
  gemini: 'gemini',
  'code-assist': 'gemini',
};

/** As the target's upstream would answer. */
function madeAnswer(target: Protocol): CanonicalAnswer {
  const vendor = VENDORS[target.id];
  const signature = vendor === undefined ? null : { vendor, value: 'cHJvb2Y=' };
  return {
    id: 'msg_made01',
    content: [
      ...(vendor === undefined ? [] : [{ type: 'thinking' as const, text: 'Let me see — 看', signature }]),
      { type: 'text', text: 'Grüezi 👩‍🚀, "quoted"\nand\ttabbed', citations: [] },
      { type: 'tool_call', id: 'call_a1', name: 'get_weather', input: { city: 'Zürich', days: [1, 2] } },
      { type: 'tool_call', id: 'call_b2', name: 'get_weather', input: {} },
    ],
    stop: 'tool_use',
    stopSequence: null,
    refusal: null,
    usage,
    serviceTier: null,
  };
}

interface Answer {
  readonly name: string;
  readonly text: string;
  readonly stream: Buffer;
  readonly json: Buffer | null;
}

const DIALECT_OF_RECORDING: readonly (readonly [prefix: string, dialect: DialectId])[] = [
  ['anthropic', 'anthropic'],
  ['openai.chat', 'openai-chat'],
  ['openai.responses', 'openai-responses'],
  ['gemini.generateContent', 'gemini'],
  ['gemini.codeAssist', 'code-assist'],
];

function recordingsIn(target: Protocol, isComplete: boolean): VendorRecording[] {
  return recordingsOf('').filter(
    ({ sidecar: { dialect, complete } }) =>
      complete === isComplete &&
      DIALECT_OF_RECORDING.find(([prefix]) => dialect.startsWith(prefix))?.[1] === target.id,
  );
}

function contextOf(facts: RequestFacts): AnswerContext {
  return { model: facts.model, createdAtMs: 0, facts, request: {} };
}

const someRequest = requestsOf(protocols.anthropic)[0];
if (someRequest === undefined) throw new Error('no recorded request');
const someFacts = { ...someRequest.facts, wantsUsage: true } satisfies RequestFacts;

function answersOf(target: Protocol): Answer[] {
  const made = madeAnswer(target);
  const context = contextOf({ ...someFacts, dialect: target.id, stream: true });
  const encoder = target.client?.encodeEvents(context);
  const stream = playAnswer(made).map((event) => encoder?.push(event) ?? '');
  return [
    {
      name: 'made',
      text: textIn(made, 'text'),
      stream: Buffer.from(stream.join('')),
      json: Buffer.from(JSON.stringify(target.client?.encodeAnswer(made, context))),
    },
    ...recordingsIn(target, true).map(({ name, bytes, sidecar }) => ({
      name,
      text: sidecar.expected.text ?? '',
      stream: bytes,
      json: null,
    })),
  ];
}

function convert(converter: AnswerConverter, chunks: readonly Buffer[]): Buffer {
  return Buffer.concat([...chunks.map((chunk) => converter.push(chunk)), converter.end()]);
}

/** The answer as whoever speaks the dialect reads it. */
function read(protocol: Protocol, bytes: Buffer, form: 'stream' | 'json'): CanonicalAnswer | null {
  if (protocol.upstream === undefined) return null;
  if (form === 'json') return protocol.upstream.decodeAnswer(parse(bytes));
  const decoder = protocol.upstream.decodeEvents();
  const collector = new AnswerCollector();
  const answers = [...decoder.push(bytes), ...decoder.end()].map((event) => collector.push(event));
  return answers.find((answer) => answer !== null) ?? null;
}

function textIn({ content }: CanonicalAnswer, type: 'text' | 'thinking'): string {
  return content.map((block) => (block.type === type ? block.text : '')).join('');
}

/** What of an answer the client can be told. */
function essence(answer: CanonicalAnswer | null, client: Protocol): unknown {
  if (answer === null) return null;
  return {
    text: textIn(answer, 'text'),
    thinking: WITHOUT_THOUGHTS.has(client.id) ? '' : textIn(answer, 'thinking'),
    calls: answer.content.flatMap((block) =>
      block.type === 'tool_call' ? [{ id: block.id, name: block.name, input: block.input }] : [],
    ),
    stop: answer.stop,
    prompt: promptOf(answer.usage),
    cacheRead: answer.usage.cacheRead,
    output: answer.usage.output,
  };
}

/** Not every dialect tells what of the prompt was written to the cache. */
function promptOf(counts: Omit<CanonicalUsage, 'reasoning'>): number {
  return counts.input + counts.cacheRead + counts.cacheWrite5m + counts.cacheWrite1h;
}

test.each(named)('what reaches clients of %s from %s is what was answered', (_client, _target, pair) => {
  const { client, target } = pair;
  const [request] = requestsOf(client);
  if (request === undefined) throw new Error('no recorded request');
  for (const { name, text, stream, json } of answersOf(target)) {
    const answered = read(target, stream, 'stream');
    if (answered === null) throw new Error(`${name} is no answer of ${target.id}`);
    expect(textIn(answered, 'text'), name).toBe(text);
    for (const wanted of ['stream', 'json'] as const) {
      const facts = { ...request.facts, stream: wanted === 'stream', wantsUsage: true };
      const bridge = convertedOf(client, target, { ...request, facts });
      const inputs = [
        ...chunkings(stream).map(([cut, chunks]) => ({ cut, form: 'stream' as const, chunks })),
        ...(json === null ? [] : [{ cut: 'whole', form: 'json' as const, chunks: [json] }]),
      ];
      // Wrappings leave the form as it is, and are asked for it in the first place.
      const isKin = client.kin?.[target.id] !== undefined;
      for (const { cut: how, form, chunks } of inputs.filter((input) => !isKin || input.form === wanted)) {
        const where = `${name}, ${form} ${how} as ${wanted}`;
        const converter = bridge.answer(form);
        const bytes = converter === null ? Buffer.concat(chunks) : convert(converter, chunks);
        expect(converter?.failure ?? null, where).toBeNull();
        const observer = client.observe(wanted, facts);
        observer.push(bytes);
        const seen = observer.observation();
        expect(observer.phase, where).toBe('complete');
        expect(seen.usageSource, where).toBe('reported');
        expect([promptOf(seen.usage), seen.usage.output], where).toEqual([
          promptOf(answered.usage),
          answered.usage.output,
        ]);
        expect(essence(read(client, bytes, wanted), client), where).toEqual(
          client.upstream === undefined ? null : essence(answered, client),
        );
        // Of a dialect that no upstream speaks, the words have to do.
        expect(client.upstream !== undefined || bytes.includes(firstWords(answered)), where).toBe(true);
      }
    }
  }
});

function firstWords(answer: CanonicalAnswer): string {
  return JSON.stringify(textIn(answer, 'text').slice(0, 3)).slice(1, -1);
}

test.each(converted)(
  'what breaks off or is no answer never looks whole to clients of %s from %s',
  (_c, _t, pair) => {
    const { client, target } = pair;
    const [request] = requestsOf(client);
    if (request === undefined) throw new Error('no recorded request');
    for (const wanted of ['stream', 'json'] as const) {
      const facts = { ...request.facts, stream: wanted === 'stream', wantsUsage: true };
      const bridge = convertedOf(client, target, { ...request, facts });
      for (const { bytes } of recordingsIn(target, false)) {
        const converter = bridge.answer('stream');
        const out = convert(converter ?? fail(), [bytes]);
        expect(converter?.failure).not.toBeNull();
        const observer = client.observe(wanted, facts);
        observer.push(out);
        expect(observer.phase).not.toBe('complete');
        observer.push(Buffer.from(client.renderErrorEvent(cut, 'req_1')));
        expect(wanted === 'json' || observer.phase === 'error').toBe(true);
      }
      for (const body of ['', '<html>', '[]', '{}', '{"error":{"message":"x"}}']) {
        for (const form of ['stream', 'json'] as const) {
          const converter = bridge.answer(form);
          expect(convert(converter ?? fail(), [Buffer.from(body)]).toString()).toBe('');
          expect(converter?.failure).not.toBeNull();
        }
      }
    }
  },
);

const cut: PublicError = {
  status: 502,
  code: 'upstream_failed',
  message: 'It broke off.',
  retryAfterSeconds: null,
  shouldRetry: null,
};

function fail(): never {
  throw new Error('nothing to convert');
}

test.each(all.map((protocol) => [protocol.id, protocol] as const))(
  '%s stays as it is where the upstream speaks it too',
  (_id, protocol) => {
    for (const request of requestsOf(protocol)) {
      const facts = { ...request.facts, wantsUsage: true };
      expect(bridgeOf(protocol, protocol, { ...request, facts })).toEqual({ type: 'native', fit: null });
    }
  },
);
