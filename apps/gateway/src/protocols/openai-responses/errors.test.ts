import { APIError } from 'openai';
import { expect, test } from 'vitest';
import { z } from 'zod';
import type { PublicError } from '../protocol.ts';
import { openAiClient, responsesFacts } from '../../../test/openai-fixtures.ts';
import { openaiResponses } from './index.ts';

const broke: PublicError = {
  status: 502,
  code: 'upstream_failed',
  message: 'two\nlines',
  retryAfterSeconds: null,
  shouldRetry: null,
};

const eventSchema = z.object({
  type: z.literal('response.failed'),
  sequence_number: z.number(),
  response: z.looseObject({
    status: z.literal('failed'),
    error: z.object({ code: z.string(), message: z.string() }),
  }),
});

function eventOf(error: Partial<PublicError>, isFirst?: boolean): z.output<typeof eventSchema> {
  const place = isFirst === undefined ? undefined : { streamForm: 'events' as const, isFirst };
  const text = openaiResponses.renderErrorEvent({ ...broke, ...error }, 'req_1', place);
  const data = /^event: response\.failed\ndata: (.*)\n\n$/m.exec(text)?.[1];
  return eventSchema.parse(JSON.parse(data ?? ''));
}

test('a refusal before the stream is worded as the vendor’s', () => {
  const reply = openaiResponses.renderError({ ...broke, status: 400, param: 'input.0.type' }, 'req_1');
  expect(reply.status).toBe(400);
  expect(JSON.parse(reply.body)).toEqual({
    error: {
      message: 'two\nlines',
      type: 'invalid_request_error',
      param: 'input.0.type',
      code: 'upstream_failed',
    },
  });
});

test.each([
  [400, 'invalid_prompt'],
  [402, 'insufficient_quota'],
  [413, 'invalid_prompt'],
  [429, 'rate_limit_exceeded'],
  [502, 'server_error'],
  [503, 'server_error'],
  [504, 'server_error'],
])('status %i fails the response with %s, by which Codex knows whether to go on', (status, code) => {
  expect(eventOf({ status }).response.error).toEqual({ code, message: 'two\nlines' });
});

test('when to come back stands in the words, as Codex reads it there', () => {
  expect(eventOf({ status: 429, retryAfterSeconds: 8.2 }).response.error.message).toMatch(
    /try again in 9s\.$/,
  );
});

test('the event is the first of its stream, or the last, whatever has passed', () => {
  expect(eventOf({}, true).sequence_number).toBe(0);
  expect(eventOf({}, false).sequence_number).toBe(2_147_483_647);
});

test('it is an event of its own and an error, also where the upstream broke off inside one', () => {
  const text = openaiResponses.renderErrorEvent(broke, 'req_1');
  for (const before of ['', 'event: response.output_text.delta\ndata: {"type":"resp', 'data: {}\n\n']) {
    const observer = openaiResponses.observe('stream', responsesFacts);
    observer.push(Buffer.from(`${before}${text}`));
    expect(observer.phase).toBe('error');
    expect(observer.observation()).toMatchObject({
      isComplete: false,
      error: { type: 'server_error', message: 'two\nlines' },
    });
  }
});

test('the vendor’s client library stops at it, iterated or collected', async () => {
  const started = `event: response.created\ndata: ${JSON.stringify({
    type: 'response.created',
    response: { id: 'resp_1', object: 'response', status: 'in_progress', output: [] },
    sequence_number: 0,
  })}\n\n`;
  const pieces = [started, openaiResponses.renderErrorEvent(broke, 'req_1')];
  const iterated = await openAiClient(pieces, 'text/event-stream').responses.create({
    model: 'm',
    input: 'x',
    stream: true,
  });
  const passed: string[] = [];
  const iterating = (async () => {
    for await (const { type } of iterated) passed.push(type);
  })();
  await expect(iterating).rejects.toThrow('two\nlines');
  expect(passed).toEqual(['response.created']);
  const collected = openAiClient(pieces, 'text/event-stream').responses.stream({ model: 'm', input: 'x' });
  await expect(collected.finalResponse()).rejects.toThrow(APIError);
});
