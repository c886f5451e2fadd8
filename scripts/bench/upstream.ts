// The upstream of a benchmark: answers at once, as JSON or as a stream of events. A process of its own.
import { createServer, type ServerResponse } from 'node:http';

const EVENTS = 50;
const STREAM = '"stream":true';
const usage = {
  input_tokens: 100,
  cache_creation_input_tokens: 0,
  cache_read_input_tokens: 900,
  output_tokens: 50,
};
const text = 'An answer of the usual length, to a question that nobody asked. '.repeat(12);
const json = Buffer.from(
  JSON.stringify({
    id: 'msg_bench',
    type: 'message',
    role: 'assistant',
    model: 'claude-sonnet-5-5',
    content: [{ type: 'text', text }],
    stop_reason: 'end_turn',
    stop_sequence: null,
    usage,
  }),
);
const event = (type: string, data: object): string =>
  `event: ${type}\ndata: ${JSON.stringify({ type, ...data })}\n\n`;
const messageStart = event('message_start', {
  message: { id: 'msg_bench', type: 'message', role: 'assistant', model: 'claude-sonnet-5-5', usage },
});
const blockStart = event('content_block_start', { index: 0, content_block: { type: 'text', text: '' } });
const start = messageStart + blockStart;
const delta = event('content_block_delta', {
  index: 0,
  delta: { type: 'text_delta', text: 'some words more ' },
});
const end =
  event('content_block_stop', { index: 0 }) +
  event('message_delta', { delta: { stop_reason: 'end_turn' }, usage }) +
  event('message_stop', {});
const burst = Buffer.from(start + delta.repeat(EVENTS) + end);

const server = createServer((request, response) => {
  const gapMs = Number(request.headers['x-bench-gap-ms'] ?? 0);
  let isStream = false;
  request.on('data', (chunk: Buffer) => {
    // At the head of the body, or behind its one long text where the gateway wrote it.
    isStream ||= chunk.subarray(0, 64).includes(STREAM) || chunk.subarray(-200).includes(STREAM);
  });
  request.on('end', () => {
    if (!isStream) {
      response.writeHead(200, { 'content-type': 'application/json', 'content-length': json.length });
      response.end(json);
      return;
    }
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    if (gapMs === 0) response.end(burst);
    else pace(response, gapMs);
  });
});

function pace(response: ServerResponse, gapMs: number): void {
  let left = EVENTS;
  response.write(start);
  const timer = setInterval(() => {
    if (left === 0) {
      clearInterval(timer);
      response.end(end);
      return;
    }
    left -= 1;
    response.write(delta);
  }, gapMs);
  response.on('close', () => clearInterval(timer));
}

server.keepAliveTimeout = 65_000;
server.listen({ port: 0, host: '127.0.0.1', backlog: 8192 }, () => {
  const address = server.address();
  process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
});
