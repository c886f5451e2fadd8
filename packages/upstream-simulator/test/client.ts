// A client for the tests: plain sockets through node:http, and a reader of event streams.
import { type IncomingHttpHeaders, request } from 'node:http';
import { objectOf } from '../src/json.ts';

export interface Reply {
  status: number;
  headers: IncomingHttpHeaders;
  body: Buffer;
  /** The body as it came, piece by piece. */
  chunks: Buffer[];
  /** The answer ended as HTTP says it must. */
  complete: boolean;
  /** The error's code if the connection broke. */
  error: string | null;
}

export interface SentRequest {
  reply: Promise<Reply>;
  /** Hangs up. */
  leave(): void;
  /** Resolves at the first byte of the body. */
  firstByte: Promise<void>;
}

export interface SendOptions {
  path?: string;
  method?: string;
  headers?: Record<string, string>;
  body?: unknown;
}

export const KEY_HEADERS = { 'x-api-key': 'sk-ant-api03-test', 'anthropic-version': '2023-06-01' };

export function messagesBody(prompt: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return {
    model: 'claude-sonnet-5-5',
    max_tokens: 1024,
    messages: [{ role: 'user', content: prompt }],
    ...more,
  };
}

export async function send(url: string, options: SendOptions = {}): Promise<Reply> {
  return start(url, options).reply;
}

export function start(url: string, options: SendOptions = {}): SentRequest {
  const { path = '/v1/messages', method = 'POST', headers = KEY_HEADERS, body } = options;
  const reply: Reply = {
    status: 0,
    headers: {},
    body: Buffer.alloc(0),
    chunks: [],
    complete: false,
    error: null,
  };
  let sawByte: () => void = () => undefined;
  const firstByte = new Promise<void>((resolve) => {
    sawByte = resolve;
  });
  const outgoing = request(`${url}${path}`, { method, headers, agent: false });
  const done = new Promise<Reply>((resolve) => {
    const finish = (error: Error | null): void => {
      reply.error ??= error === null ? null : ((error as NodeJS.ErrnoException).code ?? error.message);
      reply.body = Buffer.concat(reply.chunks);
      resolve(reply);
    };
    outgoing.on('error', finish);
    outgoing.on('response', (incoming) => {
      reply.status = incoming.statusCode ?? 0;
      reply.headers = incoming.headers;
      incoming.on('data', (chunk: Buffer) => {
        reply.chunks.push(chunk);
        sawByte();
      });
      incoming.on('error', finish);
      incoming.on('close', () => {
        reply.complete = incoming.complete;
        finish(null);
      });
    });
  });
  outgoing.end(body === undefined ? undefined : Buffer.isBuffer(body) ? body : JSON.stringify(body));
  return { reply: done, firstByte, leave: () => outgoing.destroy() };
}

export function json(reply: Reply): Record<string, unknown> {
  return JSON.parse(reply.body.toString('utf8')) as Record<string, unknown>;
}

export interface ReadEvent {
  name: string;
  data: Record<string, unknown>;
}

/** Events of a stream; comments are skipped, what has no end is dropped. */
export function eventsOf(body: Buffer): ReadEvent[] {
  const blocks = body
    .toString('utf8')
    .split(/\r?\n\r?\n/u)
    .slice(0, -1);
  return blocks.flatMap((block) => {
    const lines = block.split(/\r?\n/u).filter((line) => !line.startsWith(':'));
    const field = (name: string): string =>
      lines
        .filter((line) => line.startsWith(`${name}:`))
        .map((line) => line.slice(name.length + 1).replace(/^ /u, ''))
        .join('\n');
    const data = field('data');
    return data === '' ? [] : [{ name: field('event'), data: JSON.parse(data) as Record<string, unknown> }];
  });
}

/** Polls until it holds; fails after two seconds. */
export async function eventually(holds: () => boolean): Promise<void> {
  const deadline = Date.now() + 2000;
  while (!holds()) {
    if (Date.now() > deadline) throw new Error('it did not come to hold within 2 s');
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}

/** A message put together from the events of a stream; throws where their order is not the vendor's. */
export function messageOf(events: readonly ReadEvent[]): Record<string, unknown> {
  let message = null as Record<string, unknown> | null;
  let stopped = false;
  const blocks: Record<string, unknown>[] = [];
  let open: Record<string, unknown> | null = null;
  let partialJson = '';
  const expect = (condition: boolean, name: string): void => {
    if (!condition) throw new Error(`${name} out of order`);
  };
  for (const { name, data } of events) {
    expect(!stopped && name === data['type'], name);
    const delta = (data['delta'] ?? {}) as Record<string, unknown>;
    switch (name) {
      case 'ping':
        break;
      case 'message_start':
        expect(message === null, name);
        message = { ...(data['message'] as Record<string, unknown>) };
        break;
      case 'content_block_start':
        expect(message !== null && open === null && data['index'] === blocks.length, name);
        open = { ...(data['content_block'] as Record<string, unknown>) };
        partialJson = '';
        break;
      case 'content_block_delta':
        expect(open !== null && data['index'] === blocks.length, name);
        if (open === null) break;
        for (const field of ['text', 'thinking', 'signature']) {
          if (typeof delta[field] === 'string') open[field] = `${String(open[field])}${delta[field]}`;
        }
        if (typeof delta['partial_json'] === 'string') partialJson += delta['partial_json'];
        break;
      case 'content_block_stop':
        expect(open !== null && data['index'] === blocks.length, name);
        if (open !== null)
          blocks.push(partialJson === '' ? open : { ...open, input: JSON.parse(partialJson) as unknown });
        open = null;
        break;
      case 'message_delta':
        expect(message !== null && open === null, name);
        message = {
          ...message,
          ...delta,
          usage: { ...objectOf(message?.['usage']), ...objectOf(data['usage']) },
        };
        break;
      case 'message_stop':
        expect(message?.['stop_reason'] !== null, name);
        stopped = true;
        break;
      default:
        throw new Error(`unknown event ${name}`);
    }
  }
  if (message === null || !stopped) throw new Error('the stream is not whole');
  return { ...message, content: blocks };
}
