import { expect, test } from 'vitest';
import { z } from 'zod';
import type { JsonObject } from '../../platform/json.ts';
import { parseSkeleton } from '../../platform/json-skeleton.ts';
import type { InspectInput, RequestFacts } from '../protocol.ts';
import { openAiInput, openAiRequests } from '../../../test/openai-fixtures.ts';
import { openaiResponses } from './index.ts';

const good: JsonObject = { model: 'gpt-5.5', input: 'Hello' };
const TURN = /^00000000-0000-7000-8000-000000000001$/;

function facts(body: JsonObject, more: Partial<InspectInput> = {}): RequestFacts {
  const result = openaiResponses.inspect(openAiInput(body, more));
  if (!result.ok) throw new Error(result.message);
  return result.facts;
}

test.each(openAiRequests('openai-responses'))(
  'what $name sends is accepted and understood',
  ({ name, headers, body }) => {
    const isCodex = name.startsWith('codex');
    const result = facts(body, { headers });
    expect(result).toMatchObject({
      dialect: 'openai-responses',
      model: 'gpt-5.5',
      stream: true,
      maxOutputTokens: null,
      client: isCodex ? 'codex_cli' : 'OpenAI/JS',
      pinnedTo: null,
      service: null,
      // Codex says that nothing is to be kept; the library leaves it to the vendor, which keeps.
      keepsAnswerAs: isCodex ? undefined : 'response',
      ceiling: isCodex ? { inputTokens: null, passes: 21, webSearches: 20 } : { passes: 1, webSearches: 0 },
    });
    expect(result.sessionId).toMatch(isCodex ? TURN : /^[\da-f]{32}$/);
  },
);

test.each<[path: string, body: JsonObject]>([
  ['model', { input: 'x' }],
  ['model', { ...good, model: ' ' }],
  ['input', { model: 'm' }],
  ['input', { model: 'm', input: null }],
  ['input', { model: 'm', input: 5 }],
  ['max_output_tokens', { ...good, max_output_tokens: 'many' }],
  ['max_output_tokens', { ...good, max_output_tokens: 1.5 }],
])('refuses %s of %j and names it', (path, body) => {
  const result = openaiResponses.inspect(openAiInput(body));
  expect(result).toMatchObject({ ok: false, path });
  expect(result).toHaveProperty('message', expect.stringContaining(path));
});

test('unknown fields, items and tools pass', () => {
  expect(
    facts({
      ...good,
      input: [{ type: 'item_of_tomorrow' }, 5],
      tools: [{ type: 'new' }, 'x'],
      brand_new: {},
    }),
  ).toMatchObject({ model: 'gpt-5.5', stream: false });
});

test.each<[body: JsonObject, pinnedTo: string | null]>([
  [{}, null],
  [{ previous_response_id: null, conversation: null }, null],
  [{ previous_response_id: 'resp_1' }, 'response:resp_1'],
  [{ previous_response_id: 'resp_1', input: null }, 'response:resp_1'],
  [{ conversation: 'conv_1' }, 'conversation:conv_1'],
  [{ conversation: { id: 'conv_1' } }, 'conversation:conv_1'],
])('%j lives where %s does', (more, pinnedTo) => {
  const result = facts({ ...good, ...more });
  expect(result.pinnedTo).toBe(pinnedTo);
  // What is stored there joins the prompt, however long it is.
  expect(result.ceiling.inputTokens === null).toBe(pinnedTo !== null);
});

test('the vendor keeps an answer unless it is told not to; a compaction is kept by nobody', () => {
  const keeps = (more: JsonObject, operation: InspectInput['operation'] = 'generate'): unknown =>
    facts({ ...good, ...more }, { operation }).keepsAnswerAs;
  expect(keeps({})).toBe('response');
  expect(keeps({ store: true })).toBe('response');
  expect(keeps({ store: null })).toBe('response');
  expect(keeps({ store: false })).toBeUndefined();
  expect(keeps({}, 'compact')).toBeUndefined();
});

test.each<[what: string, body: JsonObject]>([
  ['a stored prompt', { prompt: { id: 'pmpt_1' }, input: null }],
  ['a reference', { input: [{ type: 'item_reference', id: 'msg_1' }] }],
  ['a compacted past', { input: [{ type: 'compaction', encrypted_content: 'x' }] }],
  ['a compacted past of Codex', { input: [{ type: 'context_compaction', encrypted_content: 'x' }] }],
  ['a document', { input: [{ role: 'user', content: [{ type: 'input_file', file_id: 'file_1' }] }] }],
  ['a tool that reads at the vendor', { tools: [{ type: 'file_search' }] }],
])('%s makes the prompt as long as it likes', (_what, body) => {
  expect(facts({ ...good, ...body }).ceiling.inputTokens).toBeNull();
});

test.each<[tools: JsonObject[], more: JsonObject, passes: number, webSearches: number]>([
  [[{ type: 'function', name: 'f' }, { type: 'custom', name: 'g' }, { type: 'local_shell' }], {}, 1, 0],
  [[{ type: 'tool_search', execution: 'client' }, { type: 'shell' }, { type: 'apply_patch' }], {}, 1, 0],
  [[{ type: 'tool_search' }], {}, 21, 0],
  [[{ type: 'shell', environment: { type: 'container_auto' } }], { max_tool_calls: 2 }, 3, 0],
  [[{ type: 'web_search_preview' }], { max_tool_calls: 4 }, 5, 4],
  [[{ type: 'web_search' }], {}, 21, 20],
])('tools %j with %j: %i passes, %i searches', (tools, more, passes, webSearches) => {
  expect(facts({ ...good, ...more, tools }).ceiling).toMatchObject({ passes, webSearches });
  // Codex brings them in an item.
  const input = [{ type: 'additional_tools', role: 'developer', tools }];
  expect(facts({ ...good, ...more, input }).ceiling).toMatchObject({ passes, webSearches });
});

test('the price depends on the tier that is asked for, the most it can cost on the limit', () => {
  const result = facts({ ...good, service_tier: 'priority', max_output_tokens: 9 });
  expect(result.maxOutputTokens).toBe(9);
  expect(result.ceiling).toMatchObject({
    inputTokens: expect.any(Number) as number,
    conditions: { serviceTier: 'priority', speed: null, inferenceGeo: null },
  });
});

test('pictures count by their number, in messages and in results, however the body was read', () => {
  const picture = { type: 'input_image', image_url: `data:image/png;base64,${'A'.repeat(300_000)}` };
  const body = {
    ...good,
    input: [
      { role: 'user', content: [picture, { type: 'input_text', text: 'x' }] },
      { type: 'function_call_output', call_id: 'a', output: [picture] },
      { type: 'computer_call_output', call_id: 'b', output: { ...picture, type: 'computer_screenshot' } },
    ],
  };
  const bytes = Buffer.from(JSON.stringify(body));
  for (const read of [body, parseSkeleton(bytes)]) {
    const { inputTokensEstimate, ceiling } = facts(z.custom<JsonObject>().parse(read), {
      bodyBytes: bytes.length,
    });
    expect(inputTokensEstimate).toBeGreaterThan(4500);
    expect(inputTokensEstimate).toBeLessThan(4800);
    expect(ceiling.inputTokens).toBeGreaterThan(1_000_000);
  }
});

test('the session is the client’s own, else the conversation by how it begins', () => {
  const session = (input: JsonObject['input'], headers = {}): string | null =>
    facts({ model: 'm', input }, { headers }).sessionId;
  expect(session('x', { 'session-id': 's', 'thread-id': 't' })).toBe('s');
  expect(facts({ ...good, prompt_cache_key: 'cache' }).sessionId).toBe('cache');
  const first = { role: 'user', content: [{ type: 'input_text', text: 'Hello' }] };
  const id = session([first]);
  expect(id).toMatch(/^[\da-f]{32}$/);
  expect(session('Hello')).toBe(id);
  expect(session([first, { role: 'assistant', content: 'Hi' }, { role: 'user', content: 'On' }])).toBe(id);
  expect(session('Other')).not.toBe(id);
  expect(session([{ role: 'developer', content: 'The same for everybody' }])).toBeNull();
});
