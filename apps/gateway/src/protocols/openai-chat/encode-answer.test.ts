import { expect, test } from 'vitest';
import { type CanonicalAnswer, type CanonicalEvent, noUsage } from '../canonical.ts';
import type { AnswerContext } from '../codec.ts';
import { chatFacts, openAiClient } from '../../../test/openai-fixtures.ts';
import { encodeAnswer } from './encode-answer.ts';
import { ChatEncoder } from './encode-events.ts';
import { openaiChat } from './index.ts';

const context: AnswerContext = {
  model: 'asked-for',
  createdAtMs: 1_795_237_200_999,
  facts: { ...chatFacts, wantsUsage: true },
  request: {},
};
const usage = {
  ...noUsage,
  input: 10,
  cacheRead: 20,
  cacheWrite5m: 3,
  cacheWrite1h: 4,
  output: 9,
  reasoning: 5,
};
const wireUsage = {
  prompt_tokens: 37,
  completion_tokens: 9,
  total_tokens: 46,
  prompt_tokens_details: { cached_tokens: 20, cache_write_tokens: 7 },
  completion_tokens_details: { reasoning_tokens: 5 },
};
const citation = { url: 'https://a.example', title: 'A' };

const events: CanonicalEvent[] = [
  { type: 'start', id: 'msg_01', usage: noUsage },
  { type: 'block_start', block: { type: 'thinking' } },
  { type: 'thinking', text: 'Hm' },
  { type: 'signature', signature: { vendor: 'anthropic', value: 's' } },
  { type: 'block_stop' },
  { type: 'hidden_thinking', signature: { vendor: 'anthropic', value: 's' } },
  { type: 'block_start', block: { type: 'text' } },
  { type: 'text', text: 'Let me ' },
  { type: 'text', text: '看.\n' },
  { type: 'citation', citation },
  { type: 'block_stop' },
  { type: 'block_start', block: { type: 'tool_call', id: 'toolu_1', name: 'f' } },
  { type: 'input', json: '{"x":' },
  { type: 'input', json: '1}' },
  { type: 'block_stop' },
  { type: 'block_start', block: { type: 'tool_call', id: 'toolu_2', name: 'g' } },
  { type: 'input', json: '{}' },
  { type: 'block_stop' },
  { type: 'finish', stop: 'tool_use', stopSequence: null, refusal: null, usage, serviceTier: 'standard' },
];

const answer: CanonicalAnswer = {
  id: 'msg_01',
  content: [
    { type: 'thinking', text: 'Hm', signature: null },
    { type: 'text', text: 'Let me 看.\n', citations: [citation] },
    { type: 'tool_call', id: 'toolu_1', name: 'f', input: { x: 1 } },
    { type: 'tool_call', id: 'toolu_2', name: 'g', input: {} },
  ],
  stop: 'tool_use',
  stopSequence: null,
  refusal: null,
  usage,
  serviceTier: 'standard',
};

function written(from: readonly CanonicalEvent[], wantsUsage = true): string[] {
  const encoder = new ChatEncoder({ ...context, facts: { ...chatFacts, wantsUsage } });
  return from.map((event) => encoder.push(event));
}

test('the vendor’s client library reads the stream as the answer it is', async () => {
  const client = openAiClient(written(events), 'text/event-stream');
  const stream = client.chat.completions.stream({
    model: 'm',
    messages: [],
    stream_options: { include_usage: true },
  });
  const final = await stream.finalChatCompletion();
  expect(final).toMatchObject({
    id: 'chatcmpl-01',
    object: 'chat.completion',
    created: 1_795_237_200,
    model: 'asked-for',
    choices: [
      {
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Let me 看.\n',
          tool_calls: [
            { id: 'toolu_1', type: 'function', function: { name: 'f', arguments: '{"x":1}' } },
            { id: 'toolu_2', type: 'function', function: { name: 'g', arguments: '{}' } },
          ],
        },
      },
    ],
    usage: wireUsage,
  });
});

test('and the whole answer alike', async () => {
  const client = openAiClient([JSON.stringify(encodeAnswer(answer, context))], 'application/json');
  const completion = await client.chat.completions.create({ model: 'm', messages: [] });
  expect(completion).toMatchObject({
    id: 'chatcmpl-01',
    object: 'chat.completion',
    created: 1_795_237_200,
    model: 'asked-for',
    service_tier: 'default',
    choices: [
      {
        index: 0,
        finish_reason: 'tool_calls',
        message: {
          role: 'assistant',
          content: 'Let me 看.\n',
          refusal: null,
          annotations: [
            { type: 'url_citation', url_citation: { ...citation, start_index: 0, end_index: 10 } },
          ],
          tool_calls: [{ id: 'toolu_1' }, { id: 'toolu_2' }],
        },
      },
    ],
    usage: wireUsage,
  });
});

test('usage is told only to who asked for it, and every stream ends with its last line', () => {
  const asked = written(events).join('');
  const chunks = asked.split('\n\n').filter((event) => event.startsWith('data: {'));
  expect(chunks.at(-1)).toContain('"choices":[]');
  for (const chunk of chunks) expect(chunk).toContain('"usage":');
  const silent = written(events, false).join('');
  expect(silent).not.toContain('usage');
  for (const text of [asked, silent]) expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
});

test('thoughts have no place, sources come behind the text that cites them', () => {
  const text = written(events).join('');
  expect(text).not.toContain('Hm');
  expect(written(events)[10]).toContain('"start_index":0,"end_index":10');
});

test('what the gateway writes its own observer reads', () => {
  const observer = openaiChat.observe('stream', chatFacts);
  observer.push(Buffer.from(written(events).join('')));
  expect(observer.observation()).toMatchObject({
    isComplete: true,
    usageSource: 'reported',
    usage: { input: 10, cacheRead: 20, cacheWrite5m: 7, output: 9, webSearches: 1 },
  });
});

test.each([
  ['end_turn', 'stop'],
  ['stop_sequence', 'stop'],
  ['pause_turn', 'stop'],
  ['max_tokens', 'length'],
  ['context_window', 'length'],
  ['refusal', 'content_filter'],
] as const)('an answer that ended by %s finished by %s', (stop, reason) => {
  expect(encodeAnswer({ ...answer, stop }, context)).toMatchObject({ choices: [{ finish_reason: reason }] });
  const [text] = written([
    { type: 'finish', stop, stopSequence: null, refusal: null, usage, serviceTier: null },
  ]);
  expect(text).toContain(`"finish_reason":"${reason}"`);
});

test('a refusal is told as one', () => {
  const refused = { ...answer, content: [], stop: 'refusal', refusal: 'No.' } as const;
  expect(encodeAnswer(refused, context)).toMatchObject({
    choices: [{ message: { content: null, refusal: 'No.' } }],
  });
  const [text] = written([
    { type: 'finish', stop: 'refusal', stopSequence: null, refusal: 'No.', usage, serviceTier: null },
  ]);
  expect(text).toContain('"delta":{"refusal":"No."}');
});

test('an answer of nothing has an empty text, and silence is filled with a comment', () => {
  expect(encodeAnswer({ ...answer, content: [] }, context)).toMatchObject({
    choices: [{ message: { content: '' } }],
  });
  expect(new ChatEncoder(context).ping()).toMatch(/^: .*\n\n$/);
});
