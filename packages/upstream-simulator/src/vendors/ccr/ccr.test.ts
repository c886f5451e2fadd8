import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Reply, eventsOf, json, messageOf, messagesBody, send } from '../../../test/client.ts';
import { objectOf } from '../../json.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

async function ask(base: string, more: object = {}, path = '/v1/messages'): Promise<Reply> {
  const headers = { authorization: 'Bearer relay-key' };
  return send(simulator.url, {
    path: `${base}${path}`,
    headers,
    body: messagesBody('[[say:hello]]', { ...more }),
  });
}

describe('the usual relay', () => {
  test('sends CRLF, comments and no usage before the end, and none of the headers behind it', async () => {
    const reply = await ask('/ccr', { stream: true });
    expect(reply.headers).not.toHaveProperty('request-id');
    expect(Object.keys(reply.headers).some((name) => name.startsWith('anthropic-'))).toBe(false);
    const text = reply.body.toString();
    expect(text.startsWith(': keep-alive\r\n\r\nevent: message_start\r\ndata: ')).toBe(true);
    expect(text).not.toMatch(/[^\r]\n/u);
    const events = eventsOf(reply.body);
    expect(objectOf(objectOf(events[0]?.data['message'])['usage'])).toEqual({
      input_tokens: 0,
      output_tokens: 0,
    });
    expect(messageOf(events)).toMatchObject({ content: [{ text: 'hello' }], usage: { output_tokens: 2 } });
    const [row] = simulator.stats();
    expect(row?.inputTokens).toBe(objectOf(events.at(-2)?.data['usage'])['input_tokens']);
  });

  test('a client that leaves before the end was told nothing', async () => {
    simulator.enqueue({ cleanEnd: 3 });
    await ask('/ccr', { stream: true });
    expect(simulator.stats()).toMatchObject([{ outcome: 'ended_early', inputTokens: 0, outputTokens: 0 }]);
  });

  test('has errors that are a text, and counts no tokens', async () => {
    simulator.enqueue({ status: 429 });
    expect(json(await ask('/ccr'))['error']).toContain('rate limit');
    const counted = await ask('/ccr', {}, '/v1/messages/count_tokens');
    expect([counted.status, json(counted)]).toEqual([404, { error: 'Not Found' }]);
  });
});

describe('a relay with quirks of its own', () => {
  test('only those named are there', async () => {
    const reply = await ask('/ccr/openai-errors', { stream: true });
    expect(reply.body.toString()).not.toContain('\r');
    expect((await ask('/ccr/openai-errors', {}, '/v1/messages/count_tokens')).status).toBe(200);
    simulator.enqueue({ status: 500 });
    expect(json(await ask('/ccr/openai-errors'))).toEqual({
      error: { message: 'Internal server error', type: 'api_error', param: null, code: 'api_error' },
    });
  });

  test('its models may have names of their own', async () => {
    const refused = await ask('/ccr/own-models,bare-errors');
    expect([refused.status, json(refused)]).toEqual([
      404,
      { error: 'no channel for model claude-sonnet-5-5' },
    ]);
    const mapped = await ask('/ccr/own-models,bare-errors', { model: 'relay-large' });
    expect(json(mapped)).toMatchObject({ model: 'claude-sonnet-5-5', content: [{ text: 'hello' }] });
    expect(simulator.count({ model: 'relay-large', outcome: 'answered' })).toBe(1);
  });

  test('the shared faults add a page and an error inside a 200', async () => {
    simulator.enqueue({ html: true, status: 502 });
    expect((await ask('/as/west/ccr/crlf')).headers['content-type']).toContain('text/html');
    simulator.enqueue({ jsonErrorIn200: true });
    const failed = await ask('/as/west/ccr');
    expect([failed.status, json(failed)]).toEqual([200, { error: 'Internal server error' }]);
    expect(simulator.count({ account: 'west', outcome: 'refused' })).toBe(2);
  });
});

test('the recording', async () => {
  simulator.enqueue({ replay: 'ccr-relay-crlf' });
  const events = eventsOf((await ask('/ccr', { stream: true })).body);
  expect(events.at(-1)?.name).toBe('message_stop');
});
