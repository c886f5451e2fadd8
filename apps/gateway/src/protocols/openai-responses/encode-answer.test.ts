import { expect, test } from 'vitest';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { type CanonicalAnswer, type CanonicalEvent, noUsage } from '../canonical.ts';
import { type AnswerContext, ConversionNotes } from '../codec.ts';
import { openAiClient, responsesFacts } from '../../../test/openai-fixtures.ts';
import { decodeAnswer } from './decode-answer.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeAnswer } from './encode-answer.ts';
import { ResponseEncoder } from './encode-events.ts';
import { openaiResponses } from './index.ts';

const tools: JsonObject[] = [
  { type: 'function', name: 'f', parameters: { type: 'object' } },
  { type: 'custom', name: 'apply_patch', format: { type: 'grammar', syntax: 'lark', definition: 'x' } },
  { type: 'tool_search', execution: 'client', parameters: { type: 'object' } },
  { type: 'namespace', name: 'mail', tools: [{ type: 'function', name: 'send' }] },
  { type: 'namespace', name: 'functions', tools: [{ type: 'custom', name: 'exec' }] },
  { type: 'local_shell' },
  { type: 'shell' },
];
const context: AnswerContext = {
  model: 'asked-for',
  createdAtMs: 1_795_237_200_999,
  facts: responsesFacts,
  request: { model: 'asked-for', input: 'x', tools, instructions: 'Be brief.', reasoning: { effort: 'low' } },
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
const anthropic = { vendor: 'anthropic', value: 's' } as const;
const gemini = { vendor: 'gemini', value: 'g' } as const;
const citation = { url: 'https://a.example', title: 'A' };
const finish = (more: Partial<Extract<CanonicalEvent, { type: 'finish' }>> = {}): CanonicalEvent => ({
  type: 'finish',
  stop: 'end_turn',
  stopSequence: null,
  refusal: null,
  usage,
  serviceTier: 'standard',
  ...more,
});
const start: CanonicalEvent = { type: 'start', id: 'msg_01', usage: noUsage };

function call(name: string, ...pieces: string[]): CanonicalEvent[] {
  return [
    { type: 'block_start', block: { type: 'tool_call', id: `call_${name}`, name } },
    ...pieces.map((json) => ({ type: 'input' as const, json })),
    { type: 'block_stop' },
  ];
}

const events: CanonicalEvent[] = [
  start,
  { type: 'block_start', block: { type: 'thinking' } },
  { type: 'thinking', text: 'Hm' },
  { type: 'thinking', text: '.' },
  { type: 'signature', signature: anthropic },
  { type: 'block_stop' },
  { type: 'hidden_thinking', signature: anthropic },
  { type: 'block_start', block: { type: 'text' } },
  { type: 'text', text: 'Let me ' },
  { type: 'text', text: '看.\n' },
  { type: 'citation', citation },
  { type: 'block_stop' },
  { type: 'block_start', block: { type: 'text' } },
  { type: 'text', text: 'More' },
  { type: 'block_stop' },
  ...call('f', '{"x":', '1}'),
  ...call('g'),
  finish({ stop: 'tool_use' }),
];

const outputItems = [
  {
    type: 'reasoning',
    id: 'rs_01_0',
    summary: [{ type: 'summary_text', text: 'Hm.' }],
    encrypted_content: 'crs.anthropic.s',
  },
  { type: 'reasoning', id: 'rs_01_1', summary: [], encrypted_content: 'crs.anthropic.s' },
  {
    type: 'message',
    id: 'msg_01_2',
    role: 'assistant',
    status: 'completed',
    content: [
      {
        type: 'output_text',
        text: 'Let me 看.\n',
        annotations: [{ type: 'url_citation', ...citation, start_index: 0, end_index: 10 }],
      },
      { type: 'output_text', text: 'More', annotations: [] },
    ],
  },
  { type: 'function_call', id: 'fc_01_3', call_id: 'call_f', name: 'f', arguments: '{"x":1}' },
  { type: 'function_call', id: 'fc_01_4', call_id: 'call_g', name: 'g', arguments: '{}' },
];

const wholeResponse = {
  id: 'resp_01',
  object: 'response',
  created_at: 1_795_237_200,
  model: 'asked-for',
  status: 'completed',
  error: null,
  incomplete_details: null,
  instructions: 'Be brief.',
  reasoning: { effort: 'low', summary: null },
  service_tier: 'default',
  store: false,
  output: outputItems,
  usage: {
    input_tokens: 37,
    input_tokens_details: { cached_tokens: 20, cache_write_tokens: 7 },
    output_tokens: 9,
    output_tokens_details: { reasoning_tokens: 5 },
    total_tokens: 46,
  },
};

const eventSchema = z.looseObject({
  type: z.string(),
  sequence_number: z.number(),
  item: z.custom<JsonObject>(isJsonObject).optional(),
  response: z.custom<JsonObject>(isJsonObject).optional(),
});

function written(from: readonly CanonicalEvent[]): string[] {
  const encoder = new ResponseEncoder(context);
  return from.map((event) => encoder.push(event));
}

function wire(from: readonly CanonicalEvent[]): z.output<typeof eventSchema>[] {
  return written(from)
    .join('')
    .split('\n\n')
    .slice(0, -1)
    .map((text) => {
      const [, name, data = ''] = /^event: (.*)\ndata: (.*)$/.exec(text) ?? [];
      const event = eventSchema.parse(JSON.parse(data));
      expect(event.type).toBe(name);
      return event;
    });
}

test('the vendor’s client library reads the stream as the answer it is', async () => {
  const stream = openAiClient(written(events), 'text/event-stream').responses.stream({
    model: 'm',
    input: 'x',
  });
  const deltas: string[] = [];
  stream.on('response.output_text.delta', ({ delta }) => deltas.push(delta));
  stream.on('response.function_call_arguments.delta', ({ delta }) => deltas.push(delta));
  const final = await stream.finalResponse();
  expect(final).toMatchObject(wholeResponse);
  expect(final.output_text).toBe('Let me 看.\nMore');
  expect(deltas).toEqual(['Let me ', '看.\n', 'More', '{"x":', '1}']);
});

test('and the whole answer alike, however it is asked for', async () => {
  const answer: CanonicalAnswer = {
    id: 'msg_01',
    content: [
      { type: 'thinking', text: 'Hm.', signature: anthropic },
      { type: 'hidden_thinking', signature: anthropic },
      { type: 'text', text: 'Let me 看.\n', citations: [citation] },
      { type: 'text', text: 'More', citations: [] },
      { type: 'tool_call', id: 'call_f', name: 'f', input: { x: 1 } },
      { type: 'tool_call', id: 'call_g', name: 'g', input: {} },
    ],
    stop: 'tool_use',
    stopSequence: null,
    refusal: null,
    usage,
    serviceTier: 'standard',
  };
  const client = openAiClient([JSON.stringify(encodeAnswer(answer, context))], 'application/json');
  expect(await client.responses.create({ model: 'm', input: 'x' })).toMatchObject(wholeResponse);
});

test('events are numbered without gaps, items begin and end in their order, and the end has all of it', () => {
  const all = wire(events);
  expect(all.map(({ sequence_number: number }) => number)).toEqual(all.map((_event, index) => index));
  expect(all.slice(0, 2).map(({ type }) => type)).toEqual(['response.created', 'response.in_progress']);
  const places = (type: string): unknown[] =>
    all.filter((event) => event.type === type).map((event) => event['output_index']);
  expect(places('response.output_item.added')).toEqual([0, 1, 2, 3, 4]);
  expect(places('response.output_item.done')).toEqual([0, 1, 2, 3, 4]);
  const items = all.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item);
  expect(items).toMatchObject(outputItems);
  expect(all.at(-1)).toMatchObject({ type: 'response.completed', response: { output: items } });
  // Nothing of an item after its end.
  const last = new Map(all.map((event, index) => [event['output_index'], [event.type, index] as const]));
  for (const index of [0, 1, 2, 3, 4]) expect(last.get(index)?.[0]).toBe('response.output_item.done');
});

test('the types of a message’s events, of a thought’s and of a call’s', () => {
  expect(wire(events).map(({ type }) => type.replace('response.', ''))).toEqual([
    'created',
    'in_progress',
    'output_item.added',
    'reasoning_summary_part.added',
    'reasoning_summary_text.delta',
    'reasoning_summary_text.delta',
    'reasoning_summary_text.done',
    'reasoning_summary_part.done',
    'output_item.done',
    'output_item.added',
    'output_item.done',
    'output_item.added',
    'content_part.added',
    'output_text.delta',
    'output_text.delta',
    'output_text.annotation.added',
    'output_text.done',
    'content_part.done',
    'content_part.added',
    'output_text.delta',
    'output_text.done',
    'content_part.done',
    'output_item.done',
    'output_item.added',
    'function_call_arguments.delta',
    'function_call_arguments.delta',
    'function_call_arguments.done',
    'output_item.done',
    'output_item.added',
    'function_call_arguments.done',
    'output_item.done',
    'completed',
  ]);
});

test('a custom tool is called with its text, not with the object that stood for it', () => {
  const patch = '*** Begin Patch\n+"x"\n*** End Patch';
  const json = JSON.stringify({ input: patch });
  const all = wire([start, ...call('apply_patch', json.slice(0, 9), json.slice(9)), finish()]);
  expect(all.slice(2, -1)).toMatchObject([
    {
      type: 'response.output_item.added',
      item: { type: 'custom_tool_call', name: 'apply_patch', input: '' },
    },
    { type: 'response.custom_tool_call_input.delta', item_id: 'ctc_01_0', output_index: 0, delta: patch },
    { type: 'response.custom_tool_call_input.done', input: patch },
    {
      type: 'response.output_item.done',
      item: {
        id: 'ctc_01_0',
        type: 'custom_tool_call',
        status: 'completed',
        call_id: 'call_apply_patch',
        name: 'apply_patch',
        input: patch,
      },
    },
  ]);
  // Models that miss the form are not corrected: the client tells them what is wrong with it.
  const raw = wire([start, ...call('apply_patch', '*** Begin'), finish()]);
  expect(raw.at(-2)?.item).toMatchObject({ input: '*** Begin' });
});

test.each<[name: string, input: JsonObject, item: JsonObject]>([
  [
    'tool_search',
    { query: 'mail' },
    { type: 'tool_search_call', execution: 'client', arguments: { query: 'mail' } },
  ],
  [
    'mail__send',
    { to: 'a' },
    { type: 'function_call', namespace: 'mail', name: 'send', arguments: '{"to":"a"}' },
  ],
  // So Codex has the newest models run everything.
  [
    'functions__exec',
    { input: 'text(1)' },
    { type: 'custom_tool_call', namespace: 'functions', name: 'exec', input: 'text(1)' },
  ],
  [
    'local_shell',
    { command: ['ls'] },
    { type: 'local_shell_call', action: { type: 'exec', command: ['ls'], env: {}, timeout_ms: null } },
  ],
  ['shell', { commands: 'ls' }, { type: 'shell_call', action: { commands: ['ls'], timeout_ms: null } }],
  ['unheard_of', { a: 1 }, { type: 'function_call', name: 'unheard_of', arguments: '{"a":1}' }],
])('a call of %s comes as the client knows it, and is understood when it comes back', (name, input, item) => {
  const all = wire([start, ...call(name, JSON.stringify(input)), finish({ stop: 'tool_use' })]);
  const [last] = all.slice(-2);
  expect(last).toMatchObject({
    type: 'response.output_item.done',
    item: { call_id: `call_${name}`, status: 'completed', ...item },
  });
  expect(all.filter(({ type }) => type === 'response.output_item.added')).toHaveLength(1);
  const body = { ...context.request, input: [last?.item ?? {}] };
  const { messages } = decodeRequest(body, responsesFacts, new ConversionNotes());
  const told = name === 'shell' ? { commands: ['ls'] } : input;
  const [message] = messages;
  expect(message?.content[0]).toMatchObject({ type: 'tool_call', id: `call_${name}`, name });
  expect(message?.content[0]).toHaveProperty('input', expect.objectContaining(told));
});

test('Google’s signature stands before its call, and comes back as that call’s', () => {
  const [first, ...rest] = call('f', '{}');
  if (first === undefined) throw new Error('no call');
  const all = wire([start, first, { type: 'signature', signature: gemini }, ...rest, finish()]);
  const items = all.filter(({ type }) => type === 'response.output_item.done').map(({ item }) => item ?? {});
  expect(items).toMatchObject([
    { type: 'reasoning', summary: [], encrypted_content: 'crs.gemini.g' },
    { type: 'function_call', call_id: 'call_f' },
  ]);
  const { messages } = decodeRequest(
    { ...context.request, input: items },
    responsesFacts,
    new ConversionNotes(),
  );
  expect(messages[0]?.content).toEqual([
    { type: 'tool_call', id: 'call_f', name: 'f', input: {}, signature: gemini },
  ]);
});

test('thoughts without a text keep their proof and their kind', () => {
  const items = wire([
    start,
    { type: 'block_start', block: { type: 'thinking' } },
    { type: 'signature', signature: anthropic },
    { type: 'block_stop' },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'gAAAA' } },
    finish(),
  ]).flatMap(({ type, item }) => (type === 'response.output_item.done' && item !== undefined ? [item] : []));
  expect(items).toMatchObject([{ encrypted_content: 'crs.anthropic.s' }, { encrypted_content: 'gAAAA' }]);
  const { messages } = decodeRequest(
    { ...context.request, input: items },
    responsesFacts,
    new ConversionNotes(),
  );
  expect(messages[0]?.content).toEqual([
    { type: 'thinking', text: '', signature: anthropic },
    { type: 'hidden_thinking', signature: { vendor: 'openai', value: 'gAAAA' } },
  ]);
});

test.each([
  ['end_turn', 'completed', null],
  ['stop_sequence', 'completed', null],
  ['max_tokens', 'incomplete', { reason: 'max_output_tokens' }],
  ['context_window', 'incomplete', { reason: 'max_output_tokens' }],
  ['refusal', 'incomplete', { reason: 'content_filter' }],
  ['pause_turn', 'incomplete', null],
] as const)('an answer that ended by %s is %s', (stop, status, details) => {
  expect(wire([start, finish({ stop })]).at(-1)).toMatchObject({
    type: `response.${status}`,
    response: { status, incomplete_details: details },
  });
});

test('a refusal in words is a part of the message, and the answer is whole', () => {
  const all = wire([start, finish({ stop: 'refusal', refusal: 'No.' })]);
  expect(all.map(({ type }) => type).slice(2)).toEqual([
    'response.output_item.added',
    'response.content_part.added',
    'response.refusal.delta',
    'response.refusal.done',
    'response.content_part.done',
    'response.output_item.done',
    'response.completed',
  ]);
  expect(decodeAnswer(all.at(-1)?.response ?? {})).toMatchObject({ stop: 'refusal', refusal: 'No.' });
});

test('what the gateway writes its own observer reads', () => {
  const observer = openaiResponses.observe('stream', responsesFacts);
  observer.push(Buffer.from(written(events).join('')));
  expect(observer.observation()).toMatchObject({
    isComplete: true,
    usageSource: 'reported',
    messageId: 'resp_01',
    usage: { input: 10, cacheRead: 20, cacheWrite5m: 7, output: 9 },
  });
});

test('silence is filled with a comment before the first event, and with the vendor’s own event behind it', async () => {
  const encoder = new ResponseEncoder(context);
  expect(encoder.ping()).toMatch(/^: .*\n\n$/);
  const pieces = [
    encoder.ping(),
    ...events.flatMap((event) => [encoder.push(event), encoder.ping()]).slice(0, -1),
  ];
  expect(pieces[2]).toMatch(/^event: keepalive\ndata: \{"type":"keepalive","sequence_number":2\}\n\n$/);
  const stream = openAiClient(pieces, 'text/event-stream').responses.stream({ model: 'm', input: 'x' });
  expect(await stream.finalResponse()).toMatchObject(wholeResponse);
});
