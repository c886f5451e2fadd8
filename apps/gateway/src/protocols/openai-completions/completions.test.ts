import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { type CanonicalAnswer, type CanonicalEvent, noUsage } from '../canonical.ts';
import { type AnswerContext, ConversionNotes, NotConvertible } from '../codec.ts';
import { chatFacts, openAiClient, openAiFacts, openAiInput } from '../../../test/openai-fixtures.ts';
import { decodeRequest } from './decode-request.ts';
import { CompletionsEncoder, encodeAnswer } from './encode-answer.ts';
import { openaiCompletions } from './index.ts';

function decoded(body: JsonObject, notes = new ConversionNotes()) {
  const whole = { model: 'm', prompt: 'Once', ...body };
  return decodeRequest(whole, openAiFacts(openaiCompletions, whole), notes);
}

test.each<[path: string, body: JsonObject]>([
  ['model', { prompt: 'x' }],
  ['prompt', { model: 'm' }],
  ['prompt', { model: 'm', prompt: 5 }],
  ['max_tokens', { model: 'm', prompt: 'x', max_tokens: 'many' }],
])('refuses %s of %j and names it', (path, body) => {
  expect(openaiCompletions.inspect(openAiInput(body))).toMatchObject({ ok: false, path });
});

test.each<[body: JsonObject, most: number | null]>([
  [{ prompt: 'x' }, null],
  [{ prompt: 'x', max_tokens: 5 }, 5],
  [{ prompt: ['x', 'y'], max_tokens: 5, n: 2, best_of: 3 }, 30],
  [{ prompt: [1, 2, 3], max_tokens: 5 }, 5],
  [{ prompt: [[1], [2]] }, 262_144],
])('the output of %j can be %s tokens', (body, most) => {
  expect(openAiFacts(openaiCompletions, { model: 'm', ...body })).toMatchObject({
    dialect: 'openai-completions',
    maxOutputTokens: most,
    sessionId: null,
  });
});

test('a prompt is what a user says', () => {
  for (const prompt of ['Once', ['Once']]) {
    const notes = new ConversionNotes();
    const request = decoded(
      { prompt, max_tokens: 5, temperature: 0, stop: 'END', logprobs: 2, user: 'u', n: 1, stream: true },
      notes,
    );
    expect(request).toMatchObject({
      model: 'm',
      system: [],
      messages: [{ role: 'user', content: [{ type: 'text', text: 'Once' }] }],
      maxOutputTokens: 5,
      temperature: 0,
      stopSequences: ['END'],
      extras: { logprobs: 2 },
      endUserId: 'u',
      stream: true,
    });
    expect(notes.header).toBeNull();
  }
});

test('an unknown field is told', () => {
  const notes = new ConversionNotes();
  decoded({ grammar: 'x', echo: false, suffix: null }, notes);
  expect(notes.header).toBe('dropped=grammar');
});

test.each<[path: string, body: JsonObject]>([
  ['prompt', { prompt: ['a', 'b'] }],
  ['prompt', { prompt: [1, 2] }],
  ['prompt', { prompt: '' }],
  ['n', { n: 2 }],
  ['best_of', { best_of: 2 }],
  ['suffix', { suffix: 'the end' }],
  ['echo', { echo: true }],
])('what a chat cannot do is refused by name: %s', (path, body) => {
  expect(() => decoded(body)).toThrow(NotConvertible);
  expect(() => decoded(body)).toThrow(expect.objectContaining({ path }));
});

const context: AnswerContext = {
  model: 'asked-for',
  createdAtMs: 1_795_237_200_000,
  facts: { ...chatFacts, dialect: 'openai-completions', wantsUsage: true },
  request: {},
};
const usage = { ...noUsage, input: 3, output: 2 };
const events: CanonicalEvent[] = [
  { type: 'start', id: 'msg_01', usage: noUsage },
  { type: 'block_start', block: { type: 'thinking' } },
  { type: 'thinking', text: 'Hm' },
  { type: 'block_stop' },
  { type: 'block_start', block: { type: 'text' } },
  { type: 'text', text: ' upon' },
  { type: 'text', text: ' a time' },
  { type: 'block_stop' },
  { type: 'finish', stop: 'max_tokens', stopSequence: null, refusal: null, usage, serviceTier: null },
];

test('the vendor’s client library reads the stream', async () => {
  const encoder = new CompletionsEncoder(context);
  const client = openAiClient(
    events.map((event) => encoder.push(event)),
    'text/event-stream',
  );
  const stream = await client.completions.create({ model: 'm', prompt: 'x', stream: true });
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  expect(chunks.map(({ choices }) => choices[0]?.text ?? '').join('')).toBe(' upon a time');
  expect(chunks.map(({ choices }) => choices[0]?.finish_reason ?? null)).toEqual([
    null,
    null,
    'length',
    null,
  ]);
  for (const chunk of chunks) {
    expect(chunk).toMatchObject({
      id: 'cmpl-01',
      object: 'text_completion',
      created: 1_795_237_200,
      model: 'asked-for',
    });
  }
  expect(chunks.at(-1)).toMatchObject({
    choices: [],
    usage: { prompt_tokens: 3, completion_tokens: 2, total_tokens: 5 },
  });
});

test('usage is told only to who asked for it, and the stream ends with its last line', () => {
  const encoder = new CompletionsEncoder({ ...context, facts: { ...context.facts, wantsUsage: false } });
  const text = events.map((event) => encoder.push(event)).join('');
  expect(text).not.toContain('usage');
  expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
  expect(encoder.ping()).toMatch(/^: .*\n\n$/);
});

test('the vendor’s client library reads the whole answer', async () => {
  const answer: CanonicalAnswer = {
    id: 'msg_01',
    content: [
      { type: 'thinking', text: 'Hm', signature: null },
      { type: 'text', text: ' upon', citations: [] },
      { type: 'text', text: ' a time', citations: [] },
    ],
    stop: 'end_turn',
    stopSequence: null,
    refusal: null,
    usage,
    serviceTier: null,
  };
  const client = openAiClient([JSON.stringify(encodeAnswer(answer, context))], 'application/json');
  expect(await client.completions.create({ model: 'm', prompt: 'x' })).toMatchObject({
    id: 'cmpl-01',
    object: 'text_completion',
    model: 'asked-for',
    choices: [{ text: ' upon a time', index: 0, logprobs: null, finish_reason: 'stop' }],
    usage: { total_tokens: 5 },
  });
});
