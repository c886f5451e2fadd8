import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { ConversionNotes } from '../codec.ts';
import { gemini } from '../gemini/index.ts';
import type { Protocol, RequestFacts } from '../protocol.ts';
import { factsOf, geminiRequests, inspectInput, streamFacts } from '../../../test/gemini-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { answerHousekeeping, answerOperation } from './housekeeping.ts';
import { codeAssist } from './index.ts';

const contents = [{ role: 'user', parts: [{ text: 'hi' }] }];
const generations = geminiRequests('code-assist').filter(({ path }) => path.endsWith('enerateContent'));

test.each(generations.map((request) => [request.name, request] as const))(
  '%s is understood',
  (_, recorded) => {
    const result = codeAssist.inspect(inspectInput(recorded));
    if (!result.ok) throw new Error(result.message);
    expect(result.facts).toMatchObject({
      dialect: 'code-assist',
      model: recorded.body['model'],
      stream: recorded.path.includes('stream'),
      sessionId: '00000000-0000-4000-8000-000000000001',
      client: 'gemini_cli',
      streamForm: 'events',
    });
    const notes = new ConversionNotes();
    const request = codeAssist.client?.decodeRequest(recorded.body, result.facts, notes);
    expect(request).toMatchObject({
      model: recorded.body['model'],
      extras: { topK: 64 },
      thinking: { display: 'summary' },
    });
    expect(notes.header).toBeNull();
  },
);

test('counting names the model inside', () => {
  const body = { request: { model: 'models/gemini-3.8-flash', contents } };
  const counted = factsOf(
    body,
    { operation: 'count_tokens', address: { model: null, stream: false, service: null } },
    codeAssist,
  );
  expect(counted).toMatchObject({ model: 'gemini-3.8-flash', operation: 'count_tokens' });
});

test.each<[path: string, body: JsonObject]>([
  ['request', { model: 'm' }],
  ['request', { model: 'm', request: 'x' }],
  ['model', { request: { contents } }],
  ['request.contents', { model: 'm', request: {} }],
])('refuses a body without %s', (path, body) => {
  const input = inspectInput({ path: '/v1internal:generateContent', query: '', headers: {}, body });
  expect(codeAssist.inspect(input)).toMatchObject({ ok: false, path });
});

test('what cannot be converted is named where the client wrote it', () => {
  const decode = (request: JsonObject) =>
    codeAssist.client?.decodeRequest({ request }, streamFacts, new ConversionNotes());
  expect(() => decode({ contents, cachedContent: 'x' })).toThrow(
    expect.objectContaining({ path: 'request.cachedContent' }) as Error,
  );
  expect(() => decode({ contents: [{ parts: [{ novel: 1 }] }] })).toThrow(
    expect.objectContaining({ path: 'request.contents.0.parts.0.novel' }) as Error,
  );
});

const MODEL = 'gemini-3.8-flash';
// Blanks, numbers and orders that a parser would not keep.
const geminiBody = `{ "contents" : [{"parts":[{"text":"}\\"],\\\\{"}],"role":"user"}],\n"generationConfig":{"temperature":1.0} }`;

test('a Gemini request goes into the wrapping and comes out byte for byte', () => {
  const wrapped = gemini.kin?.['code-assist']?.request(Buffer.from(geminiBody), MODEL, 'generate').toString();
  expect(wrapped).toBe(`{"model":"${MODEL}","request":${geminiBody}}`);
  const unwrapped = codeAssist.kin?.gemini?.request(Buffer.from(wrapped ?? ''), MODEL, 'generate').toString();
  expect(unwrapped).toBe(geminiBody);
});

test('what only Code Assist knows does not come out', () => {
  const body = `{"project":"p","user_prompt_id":"u","request":{"contents":[],"session_id":"s","labels":{}},"model":"m"}`;
  expect(codeAssist.kin?.gemini?.request(Buffer.from(body), 'm', 'generate').toString()).toBe(
    '{"contents":[]}',
  );
});

test.each([
  ['{"contents":[1.0]}', '{"request":{"model":"models/m","contents":[1.0]}}', '{"contents":[1.0]}'],
  [
    '{"generateContentRequest":{"model":"models/x","contents":[1.0],"tools":[]}}',
    '{"request":{"model":"models/m","contents":[1.0]}}',
    '{"contents":[1.0]}',
  ],
])('a count of %s is wrapped with its model inside', (body, wrapped, unwrapped) => {
  const into = gemini.kin?.['code-assist']?.request(Buffer.from(body), 'm', 'count_tokens');
  expect(into?.toString()).toBe(wrapped);
  expect(codeAssist.kin?.gemini?.request(into ?? Buffer.alloc(0), 'm', 'count_tokens').toString()).toBe(
    unwrapped,
  );
});

function converted(
  protocol: Protocol,
  answer: 'stream' | 'json',
  chunks: readonly Uint8Array[],
  facts: RequestFacts = streamFacts,
): string {
  const [kin] = Object.values(protocol.kin ?? {});
  const converter = kin?.answer(answer, facts) ?? null;
  if (converter === null) return Buffer.concat(chunks).toString();
  return Buffer.concat([...chunks.map((chunk) => converter.push(chunk)), converter.end()]).toString();
}

const [wrappedStream] = recordingsOf('gemini-code-assist');
const [plainStream] = recordingsOf('gemini-generate');
const dataOf = (text: string): string[] =>
  text.split(/\r?\n/).flatMap((line) => (line.startsWith('data: ') ? [line.slice(6)] : []));

test('streams lose and get the wrapping event by event, under every cut, byte for byte inside', () => {
  const wrapped = wrappedStream?.bytes ?? Buffer.alloc(0);
  const plain = plainStream?.bytes.toString('utf8') ?? '';
  for (const [cut, chunks] of chunkings(wrapped)) {
    expect(dataOf(converted(gemini, 'stream', chunks)), cut).toEqual(dataOf(plain));
  }
  const again = converted(codeAssist, 'stream', [Buffer.from(plain)]);
  expect(dataOf(again)).toEqual(
    dataOf(plain).map((data) => `{"response":${data},"traceId":"fixtureGem10AAAAQ"}`),
  );
  expect(converted(gemini, 'stream', [Buffer.from(again)])).toBe(plain);
});

test('a stream that was asked for as an array is one here too', () => {
  const array = converted(gemini, 'stream', [wrappedStream?.bytes ?? Buffer.alloc(0)], {
    ...streamFacts,
    streamForm: 'array',
  });
  expect(JSON.parse(array)).toEqual(
    dataOf(plainStream?.bytes.toString('utf8') ?? '').map((data) => JSON.parse(data) as unknown),
  );
});

test('errors stay as they are, whole and inside a stream', () => {
  const error = '{"error":{"code":503,"message":"no","status":"UNAVAILABLE"}}';
  for (const protocol of [gemini, codeAssist]) {
    expect(dataOf(converted(protocol, 'stream', [Buffer.from(`data: ${error}\r\n\r\n`)]))).toEqual([error]);
    for (const body of [error, `[${error}]`, '']) {
      expect(converted(protocol, 'json', [Buffer.from(body)])).toBe(body);
    }
  }
});

test('whole answers change their wrapping, counts have none', () => {
  const plain = '{ "candidates":[{"x":1.0}],"responseId":"r" }';
  const wrapped = converted(codeAssist, 'json', [
    Buffer.from(plain.slice(0, 9)),
    Buffer.from(plain.slice(9)),
  ]);
  expect(wrapped).toBe(`{"response":${plain},"traceId":"r"}`);
  expect(converted(gemini, 'json', [Buffer.from(wrapped)])).toBe(plain);
  const counting = { ...streamFacts, operation: 'count_tokens' } as const;
  expect(converted(gemini, 'json', [Buffer.from('{"totalTokens":5}')], counting)).toBe('{"totalTokens":5}');
});

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());

test.each(['generate', 'count_tokens'] as const)(
  'the vendor takes what is wrapped and encoded: %s',
  async (operation) => {
    const request = gemini.client?.decodeRequest({ contents }, streamFacts, new ConversionNotes());
    const { upstream } = codeAssist;
    if (request === undefined || upstream === undefined) throw new Error('no codec');
    const { path, query } = upstream.address(operation, MODEL, false);
    const notes = new ConversionNotes();
    const encoded =
      operation === 'generate'
        ? upstream.encodeRequest(request, MODEL, notes)
        : upstream.count?.encodeRequest(request, MODEL, notes);
    const bodies = [
      Buffer.from(JSON.stringify(encoded)),
      gemini.kin?.['code-assist']?.request(Buffer.from(geminiBody), MODEL, operation),
    ];
    for (const body of bodies) {
      const answer = await fetch(`${simulator.url}${path}${query}`, {
        method: 'POST',
        headers: { authorization: 'Bearer ya29.test', 'content-type': 'application/json' },
        body: body?.toString() ?? '',
      });
      const json = (await answer.json()) as JsonObject;
      expect(answer.status, JSON.stringify(json)).toBe(200);
      const figure =
        operation === 'generate'
          ? upstream.decodeAnswer(json)?.usage.output
          : upstream.count?.decodeAnswer(json);
      expect(figure).toBeGreaterThan(0);
    }
  },
);

test('answers of other vendors come wrapped', () => {
  const encoder = codeAssist.client?.encodeEvents({
    model: MODEL,
    createdAtMs: 0,
    facts: streamFacts,
    request: {},
  });
  encoder?.push({
    type: 'start',
    id: 'msg_1',
    usage: {
      input: 0,
      cacheRead: 0,
      cacheWrite5m: 0,
      cacheWrite1h: 0,
      output: 0,
      reasoning: 0,
      webSearches: 0,
    },
  });
  const [data = ''] = dataOf(encoder?.push({ type: 'text', text: 'a' }) ?? '');
  expect(JSON.parse(data)).toMatchObject({
    response: { candidates: [{ content: { parts: [{ text: 'a' }] } }], responseId: 'msg_1' },
    traceId: 'msg_1',
  });
});

test.each(
  geminiRequests('code-assist').filter((each) => !generations.some(({ name }) => name === each.name)),
)('the gateway itself answers $name', ({ path, body }) => {
  expect(answerHousekeeping(path.slice(path.lastIndexOf(':') + 1), body)).not.toBeNull();
});

test('a client that is set up has a tier and a project, and is not onboarded', () => {
  expect(answerHousekeeping('loadCodeAssist', {})).toMatchObject({
    currentTier: { id: 'standard-tier' },
    cloudaicompanionProject: 'gateway',
  });
  expect(answerHousekeeping('loadCodeAssist', { cloudaicompanionProject: 'own' })).toMatchObject({
    cloudaicompanionProject: 'own',
  });
  const onboarded = { done: true, response: { cloudaicompanionProject: { id: 'gateway' } } };
  expect(answerHousekeeping('onboardUser', { tierId: 'standard-tier' })).toMatchObject(onboarded);
  expect(answerOperation()).toMatchObject(onboarded);
  expect(answerHousekeeping('retrieveUserQuota', { project: 'p' })).toEqual({ buckets: [] });
});

test.each(['generateContent', 'toString', 'unknown', ''])(
  '%s is nothing the gateway answers itself',
  (method) => {
    expect(answerHousekeeping(method, {})).toBeNull();
  },
);
