import { expect, test } from 'vitest';
import type { AnswerObserver } from '../protocol.ts';
import { chatFacts } from '../../../test/openai-fixtures.ts';
import { chunkings, recordingsOf } from '../../../test/recordings.ts';
import { openaiChat } from '../openai-chat/index.ts';
import { openaiCompletions } from '../openai-completions/index.ts';

const recordings = [...recordingsOf('openai-chat'), ...recordingsOf('azure-chat')];

function observed(text: string | readonly Buffer[], protocol = openaiChat): AnswerObserver {
  const observer = protocol.observe('stream', chatFacts);
  for (const chunk of typeof text === 'string' ? [Buffer.from(text)] : text) observer.push(chunk);
  return observer;
}

test.each(recordings)('$name: figures, end and reason, however it is cut', ({ bytes, sidecar }) => {
  const { usage, chat_finish_reason: mapped } = sidecar.expected;
  for (const [, chunks] of chunkings(bytes)) {
    const observer = observed(chunks);
    expect(observer.phase).toBe('complete');
    expect(observer.observation()).toMatchObject({
      usageSource: 'reported',
      usage: {
        input: usage?.input_uncached,
        cacheRead: usage?.cache_read,
        cacheWrite5m: usage?.cache_write,
        cacheWrite1h: 0,
        output: usage?.output,
      },
      servedModel: sidecar.model,
      stopReason: mapped ?? sidecar.expected['finish_reason'],
      isComplete: true,
      error: null,
    });
  }
});

test.each(recordings)(
  '$name: cut after any event it is neither complete nor free of charge',
  ({ bytes, sidecar }) => {
    const events = bytes.toString().split('\n\n').slice(0, -1);
    // The usage chunk comes after the reason: with it the answer is whole, last line or not.
    for (let count = 0; count < events.length - 2; count += 1) {
      const observer = observed(events.slice(0, count).map((event) => Buffer.from(`${event}\n\n`)));
      const { isComplete, usage, usageSource } = observer.observation();
      expect(isComplete).toBe(false);
      expect(observer.phase).not.toBe('complete');
      expect(usageSource).toBe('estimated');
      expect(usage.output).toBeLessThan(3 * (sidecar.expected.usage?.output ?? 0));
      expect(usage.input).toBe(observer.phase === 'content' ? chatFacts.inputTokensEstimate : 0);
    }
    const withoutLast = observed(events.slice(0, -1).map((event) => Buffer.from(`${event}\n\n`)));
    expect(withoutLast.phase).toBe('complete');
  },
);

test('a role and a filter’s verdict are nothing to deliver yet; a text, a thought and a call are', () => {
  const [azure] = recordingsOf('azure-chat');
  const events = azure?.bytes.toString().split('\n\n') ?? [];
  expect(observed(`${events.slice(0, 2).join('\n\n')}\n\n`).phase).toBe('waiting');
  expect(observed(`${events.slice(0, 3).join('\n\n')}\n\n`).phase).toBe('content');
  for (const delta of [
    '{"content":"a"}',
    '{"reasoning_content":"a"}',
    '{"tool_calls":[{"index":0,"id":"1","function":{"name":"f","arguments":""}}]}',
  ]) {
    expect(observed(`data: {"id":"1","choices":[{"index":0,"delta":${delta}}]}\n\n`).phase).toBe('content');
  }
});

test('an error is one, first or later, and the last line does not undo it', () => {
  const error =
    'data: {"error":{"message":"slow down","type":"server_error","code":"server_overloaded"}}\n\ndata: [DONE]\n\n';
  const chunk = 'data: {"id":"1","choices":[{"index":0,"delta":{"content":"a"}}]}\n\n';
  for (const text of [error, `${chunk}${error}`]) {
    const observer = observed(text);
    expect(observer.phase).toBe('error');
    expect(observer.observation()).toMatchObject({
      isComplete: false,
      error: { type: 'server_error', message: 'slow down' },
    });
  }
  expect(observed('data: {"object":"error","message":"m","code":500}\n\n').observation().error?.message).toBe(
    'm',
  );
  expect(observed('data: {"id":"1","error":null,"choices":[{"delta":{"content":"error"}}]}\n\n').phase).toBe(
    'content',
  );
});

test('figures in every chunk, as some hosts send them, are final only with the last', () => {
  const chunk = (index: number, tokens: number, reason: string | null): string =>
    `data: {"id": "1", "choices": [{"index": ${index}, "delta": {"content": "abc"}, "finish_reason": ${JSON.stringify(reason)}}], "usage": {"prompt_tokens": 5, "completion_tokens": ${tokens}, "total_tokens": ${tokens + 5}}}\n\n`;
  const started = `${chunk(0, 1, null)}${chunk(1, 2, null)}`;
  expect(observed(started).observation()).toMatchObject({
    usageSource: 'partial',
    usage: { input: 5, output: 2 },
  });
  // One of two answers has ended.
  expect(observed(`${started}${chunk(0, 3, 'stop')}`).phase).toBe('content');
  const whole = observed(`${started}${chunk(0, 3, 'stop')}${chunk(1, 4, 'length')}`);
  expect(whole.phase).toBe('complete');
  expect(whole.observation()).toMatchObject({ usageSource: 'reported', usage: { input: 5, output: 4 } });
});

test('a host that reports no usage is charged by what it wrote', () => {
  const observer = observed(
    `data: {"id":"1","choices":[{"index":0,"delta":{"content":"${'a'.repeat(299)}\\n"}}]}\n\ndata: [DONE]\n\n`,
  );
  expect(observer.observation()).toMatchObject({
    usageSource: 'estimated',
    isComplete: true,
    usage: { input: 777, output: 101 },
  });
});

test('cited sources count as one search', () => {
  const cited = '"annotations":[{"type":"url_citation","url_citation":{"url":"https://a.example"}}]';
  const usage = '"usage":{"prompt_tokens":1,"completion_tokens":1}';
  const stream = observed(
    `data: {"id":"1","choices":[]}\n\ndata: {"id":"1","choices":[{"index":0,"delta":{${cited}},"finish_reason":"stop"}],${usage}}\n\n`,
  );
  expect(stream.observation().usage.webSearches).toBe(1);
  const json = openaiChat.observe('json', chatFacts);
  json.push(Buffer.from(`{"id":"1","choices":[{"message":{${cited}},"finish_reason":"stop"}],${usage}}`));
  expect(json.observation().usage.webSearches).toBe(1);
});

test.each([
  [
    'reasoning beside the completion, as the total shows',
    {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 18,
      completion_tokens_details: { reasoning_tokens: 3 },
    },
    { input: 10, output: 8 },
  ],
  [
    'reasoning inside the completion',
    {
      prompt_tokens: 10,
      completion_tokens: 5,
      total_tokens: 15,
      completion_tokens_details: { reasoning_tokens: 3 },
    },
    { input: 10, output: 5 },
  ],
  [
    'the cache’s share outside of details',
    { prompt_tokens: 10, prompt_cache_hit_tokens: 4, completion_tokens: 1 },
    { input: 6, cacheRead: 4 },
  ],
  [
    'more cache than prompt',
    { prompt_tokens: 1, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 4 } },
    { input: 0, cacheRead: 4 },
  ],
])('usage of a whole answer: %s', (_name, usage, expected) => {
  const observer = openaiChat.observe('json', chatFacts);
  observer.push(
    Buffer.from(
      JSON.stringify({
        id: 'chatcmpl-1',
        model: 'm',
        service_tier: 'flex',
        choices: [{ message: {}, finish_reason: 'stop' }],
        usage,
      }),
    ),
  );
  expect(observer.phase).toBe('complete');
  expect(observer.observation()).toMatchObject({
    usageSource: 'reported',
    usage: expected,
    messageId: 'chatcmpl-1',
    servedModel: 'm',
    stopReason: 'stop',
    conditions: { serviceTier: 'flex' },
  });
});

test('embeddings cost their input and no output', () => {
  const facts = { ...chatFacts, operation: 'embeddings' as const };
  const body = { object: 'list', data: [{ embedding: 'AAAA' }], model: 'e' };
  for (const [usage, source, input] of [
    [{ prompt_tokens: 8, total_tokens: 8 }, 'reported', 8],
    [undefined, 'partial', 777],
  ] as const) {
    const observer = openaiChat.observe('json', facts);
    observer.push(Buffer.from(JSON.stringify({ ...body, usage })));
    expect(observer.observation()).toMatchObject({
      usageSource: source,
      usage: { input, output: 0 },
      isComplete: true,
    });
  }
});

test('a whole answer that is an error, broke off, or is no JSON at all', () => {
  const read = (text: string): AnswerObserver => {
    const observer = openaiChat.observe('json', chatFacts);
    for (const byte of Buffer.from(text)) observer.push(Buffer.of(byte));
    return observer;
  };
  expect(read('{"error":{"message":"m","code":"c"}}').phase).toBe('error');
  expect(read('{"error":null,"choices":[],"usage":{"prompt_tokens":1}} \n').phase).toBe('complete');
  expect(read('').phase).toBe('waiting');
  const cut = read(`{"id":"1","choices":[{"message":{"content":"${'a'.repeat(300)}`);
  expect(cut.phase).toBe('content');
  expect(cut.observation()).toMatchObject({ isComplete: false, usageSource: 'estimated' });
  expect(cut.observation().usage.output).toBeGreaterThan(100);
  expect(read('<html>}').observation().error?.message).toContain('not JSON');
});

test('the elder API’s chunks are read alike', () => {
  const chunk = (text: string, reason: string | null): string =>
    `data: {"id":"cmpl-1","object":"text_completion","model":"m","choices":[{"text":${JSON.stringify(text)},"index":0,"logprobs":null,"finish_reason":${JSON.stringify(reason)}}]}\n\n`;
  expect(observed(chunk('', null), openaiCompletions).phase).toBe('waiting');
  const cut = observed(chunk('hello there', null), openaiCompletions);
  expect(cut.phase).toBe('content');
  expect(cut.observation().usage.output).toBe(4);
  const whole = observed(
    `${chunk('a', 'stop')}data: {"id":"cmpl-1","choices":[],"usage":{"prompt_tokens":3,"completion_tokens":1,"total_tokens":4}}\n\n`,
    openaiCompletions,
  );
  expect(whole.phase).toBe('complete');
  expect(whole.observation()).toMatchObject({ usageSource: 'reported', usage: { input: 3, output: 1 } });
});
