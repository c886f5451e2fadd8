import { expect, test } from 'vitest';
import type { JsonObject } from '../../platform/json.ts';
import { sseEvent } from '../sse.ts';
import type { AnswerObserver } from '../protocol.ts';
import { responsesFacts } from '../../../test/openai-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { openaiResponses } from './index.ts';

const recordings = recordingsOf('openai-responses').filter(({ sidecar }) => sidecar.complete);
const [failed] = recordingsOf('openai-responses-failed');

function observed(text: string | readonly Buffer[], answer: 'stream' | 'json' = 'stream'): AnswerObserver {
  const observer = openaiResponses.observe(answer, responsesFacts);
  for (const chunk of typeof text === 'string' ? [Buffer.from(text)] : text) observer.push(chunk);
  return observer;
}

function event(type: string, fields: JsonObject = {}): string {
  return sseEvent(type, { type, ...fields });
}

function delta(text: string): string {
  return event('response.output_text.delta', { delta: text });
}

/** As hosts write them that know no names of events. */
function nameless(stream: string): string {
  return stream.replaceAll(/^event: .*\n/gm, '');
}

const head = event('response.created', { response: { id: 'resp_1', model: 'm', status: 'in_progress' } });
const usage = {
  input_tokens: 30,
  input_tokens_details: { cached_tokens: 10, cache_write_tokens: 5 },
  output_tokens: 9,
};

test.each(recordings)('$name: figures, end and reason, however it is cut and named', ({ bytes, sidecar }) => {
  const { usage: expected } = sidecar.expected;
  for (const written of [
    bytes,
    Buffer.from(nameless(bytes.toString())),
    Buffer.from(bytes.toString().replaceAll('\n', '\r\n')),
  ]) {
    for (const [, chunks] of chunkings(written)) {
      const observer = observed(chunks);
      expect(observer.phase).toBe('complete');
      expect(observer.observation()).toEqual({
        usageSource: 'reported',
        usage: {
          input: expected?.input_uncached,
          cacheRead: expected?.cache_read,
          cacheWrite5m: expected?.cache_write,
          cacheWrite1h: 0,
          output: expected?.output,
          webSearches: 0,
        },
        conditions: { serviceTier: 'default', speed: null, inferenceGeo: null },
        servedModel: sidecar.model,
        messageId: 'resp_fixture000000000000000000000009',
        stopReason: 'completed',
        isComplete: true,
        error: null,
      });
    }
  }
});

test.each(recordings)(
  '$name: cut after any event it is neither complete nor free of charge',
  ({ bytes, sidecar }) => {
    const events = bytes.toString().split('\n\n').slice(0, -1);
    for (let count = 0; count < events.length; count += 1) {
      const observer = observed(events.slice(0, count).map((text) => Buffer.from(`${text}\n\n`)));
      const { isComplete, usage: counted, usageSource } = observer.observation();
      expect(isComplete).toBe(false);
      // Nothing is delivered before the first item.
      expect(observer.phase).toBe(count < 3 ? 'waiting' : 'content');
      expect(usageSource).toBe('estimated');
      expect(counted.output).toBeLessThan(3 * (sidecar.expected.usage?.output ?? 0));
      expect(counted.output > 0).toBe(count > 4);
      expect(counted.input).toBe(counted.output > 0 ? responsesFacts.inputTokensEstimate : 0);
    }
  },
);

test('a failure in the stream is one before and behind content, however it is cut', () => {
  for (const [, chunks] of chunkings(failed?.bytes ?? Buffer.alloc(0))) {
    const observer = observed(chunks);
    expect(observer.phase).toBe('error');
    expect(observer.observation()).toMatchObject({
      isComplete: false,
      stopReason: 'failed',
      usage: { output: 0 },
      error: {
        type: 'rate_limit_exceeded',
        message: expect.stringContaining('try again in 8.2s') as string,
        raw: expect.stringContaining('"response.failed"') as string,
      },
    });
  }
  const later = observed(`${head}${delta('Hello')}${failed?.bytes.toString() ?? ''}`);
  expect(later.phase).toBe('error');
  expect(later.observation().usage.output).toBe(2);
});

test.each<[name: string, text: string, type: string]>([
  [
    'as the vendor’s',
    event('error', { code: 'server_error', message: 'broke', param: null }),
    'server_error',
  ],
  ['with an object in it', event('error', { error: { type: 'overloaded', message: 'broke' } }), 'overloaded'],
  ['without a name', 'data: {"error":{"code":"slow_down","message":"broke"}}\n\n', 'slow_down'],
  ['flat and without a name', 'data: {"object":"error","message":"broke"}\n\n', 'api_error'],
])('a bare error, %s, is one, and nothing behind it undoes that', (_name, text, type) => {
  const observer = observed(`${head}${text}${event('response.completed', { response: { usage } })}`);
  expect(observer.phase).toBe('error');
  expect(observer.observation()).toMatchObject({ isComplete: false, error: { type, message: 'broke' } });
});

test('an answer that ran out of tokens is whole, and says why it ended', () => {
  const end = event('response.incomplete', {
    response: {
      id: 'resp_1',
      status: 'incomplete',
      incomplete_details: { reason: 'max_output_tokens' },
      usage,
    },
  });
  const observer = observed(`${head}${delta('a')}${end}data: [DONE]\n\n`);
  expect(observer.phase).toBe('complete');
  expect(observer.observation()).toMatchObject({
    isComplete: true,
    stopReason: 'max_output_tokens',
    usage: { input: 15, cacheRead: 10, cacheWrite5m: 5, output: 9 },
  });
  // Some hosts say it although the answer broke off.
  expect(observed(`${head}${delta('a')}data: [DONE]\n\n`).phase).toBe('content');
});

test('the order of members and the size of a piece are the host’s', () => {
  const reordered = [
    { response: { id: 'resp_1', model: 'm', tools: [{ type: 'function' }] }, type: 'response.created' },
    { sequence_number: 1, delta: 'abc"\\', type: 'response.output_text.delta' },
    { sequence_number: 2, response: { status: 'completed', usage }, type: 'response.completed' },
  ].map((data) => sseEvent(null, data));
  expect(observed(reordered.slice(0, 2).join('')).observation()).toMatchObject({
    messageId: 'resp_1',
    usage: { output: 3 },
  });
  expect(observed(reordered.join('')).phase).toBe('complete');
  const large = 12_000_000;
  expect(observed(`${head}${delta('a'.repeat(large))}`).observation().usage.output).toBe(large / 3);
});

test('an answer without figures is charged by what passed, hidden thoughts included', () => {
  const item = event('response.output_item.done', {
    item: { type: 'reasoning', summary: [], encrypted_content: 'x'.repeat(3000) },
  });
  const observer = observed(`${head}${item}${event('response.completed', { response: {} })}`);
  const { usageSource, isComplete, usage: counted } = observer.observation();
  expect({ usageSource, isComplete }).toEqual({ usageSource: 'estimated', isComplete: true });
  expect(counted.output).toBeGreaterThan(1000);
  expect(counted.output).toBeLessThan(1100);
  const picture = event('response.output_item.done', {
    item: { type: 'image_generation_call', result: 'x'.repeat(3000) },
  });
  expect(observed(`${head}${picture}`).observation().usage.output).toBe(0);
});

const search = (action: JsonObject | null): JsonObject => ({
  type: 'web_search_call',
  ...(action === null ? {} : { action }),
});
const searches = [search({ type: 'search' }), search({ type: 'open_page' }), search(null)];

test('searches are counted, opened pages are not; known before the end as well', () => {
  const items = searches.map((item) => event('response.output_item.done', { item }));
  const started = observed(`${head}${items.join('')}`);
  expect(started.observation()).toMatchObject({ usageSource: 'partial', usage: { webSearches: 2 } });
  const response = { status: 'completed', usage, output: searches };
  const whole = observed(`${head}${items.join('')}${event('response.completed', { response })}`);
  expect(whole.observation().usage).toMatchObject({ webSearches: 2, output: 9 });
  expect(observed(JSON.stringify(response), 'json').observation().usage.webSearches).toBe(2);
});

test('a whole answer: its figures, its failure, its being put off', () => {
  const json = observed(
    JSON.stringify({ id: 'resp_1', model: 'm', status: 'completed', output: [], usage, error: null }),
    'json',
  );
  expect(json.phase).toBe('complete');
  expect(json.observation()).toMatchObject({ usageSource: 'reported', messageId: 'resp_1' });
  const broken = observed('{"status":"failed","error":{"code":"server_error","message":"m"}}', 'json');
  expect(broken.phase).toBe('error');
  // It is made and charged in the background: what it can come to at most is all that is known.
  const queued = observed('{"id":"resp_1","status":"queued","usage":null,"background":true}', 'json');
  expect(queued.observation()).toMatchObject({
    usageSource: 'partial',
    messageId: 'resp_1',
    usage: { input: responsesFacts.inputTokensEstimate, output: responsesFacts.maxOutputTokens ?? 0 },
  });
});

test('a stream in the background is queued first, and ends as any other', () => {
  const queued = event('response.queued', { response: { id: 'resp_1', status: 'queued' } });
  expect(observed(queued).phase).toBe('waiting');
  const whole = observed(`${queued}${delta('a')}${event('response.completed', { response: { usage } })}`);
  expect(whole.observation()).toMatchObject({ messageId: 'resp_1', isComplete: true });
});
