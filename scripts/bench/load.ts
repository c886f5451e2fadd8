// Makes load: a process of its own with connections that each send a request, read its answer to the end and send the
// next. Works on plain sockets, so that it costs little beside what is measured.
import { connect, type Socket } from 'node:net';
import type { LoadOrder, LoadResult } from './scenarios.ts';

const HEAD_END = Buffer.from('\r\n\r\n');
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

class Connection {
  readonly #order: LoadOrder;
  readonly #request: Buffer;
  readonly #result: { ok: number; bad: number; latenciesMs: number[] };
  readonly #untilMs: number;
  readonly #done: () => void;
  #socket: Socket | null = null;
  #startedAtMs = 0;
  #received: Buffer[] = [];
  #bytes = 0;
  #wantedBytes: number | null = null;

  constructor(
    order: LoadOrder,
    request: Buffer,
    result: { ok: number; bad: number; latenciesMs: number[] },
    untilMs: number,
    done: () => void,
  ) {
    this.#order = order;
    this.#request = request;
    this.#result = result;
    this.#untilMs = untilMs;
    this.#done = done;
  }

  start(): void {
    const socket = connect(this.#order.port, '127.0.0.1');
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('connect', () => this.#send());
    socket.on('data', (chunk) => this.#receive(chunk));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      if (this.#bytes > 0 || this.#startedAtMs > 0) this.#result.bad += 1;
      this.#done();
    });
  }

  #send(): void {
    this.#startedAtMs = performance.now();
    this.#received = [];
    this.#bytes = 0;
    this.#wantedBytes = null;
    this.#socket?.write(this.#request);
  }

  #receive(chunk: Buffer): void {
    this.#received.push(chunk);
    this.#bytes += chunk.length;
    if (this.#wantedBytes === null) this.#readHead();
    const isWhole =
      this.#wantedBytes === -1 ? this.#endsWith(LAST_CHUNK) : this.#bytes >= (this.#wantedBytes ?? Infinity);
    if (isWhole) this.#finish();
  }

  #readHead(): void {
    const start = Buffer.concat(this.#received);
    const end = start.indexOf(HEAD_END);
    if (end === -1) return;
    const length = /\r\ncontent-length: (\d+)/i.exec(start.toString('latin1', 0, end))?.[1];
    this.#wantedBytes = length === undefined ? -1 : end + HEAD_END.length + Number(length);
  }

  #endsWith(tail: Buffer): boolean {
    const last = this.#received.at(-1);
    if (last !== undefined && last.length >= tail.length) return last.subarray(-tail.length).equals(tail);
    return Buffer.concat(this.#received).subarray(-tail.length).equals(tail);
  }

  #finish(): void {
    const answer = Buffer.concat(this.#received);
    const isGood =
      answer.subarray(9, 12).toString() === '200' &&
      (!this.#order.stream || answer.includes(this.#order.streamEnd));
    if (isGood) {
      this.#result.ok += 1;
      this.#result.latenciesMs.push(performance.now() - this.#startedAtMs);
    } else this.#result.bad += 1;
    if (performance.now() < this.#untilMs) {
      this.#send();
      return;
    }
    this.#startedAtMs = 0;
    this.#bytes = 0;
    this.#socket?.end();
  }
}

function requestOf({ path, key, bodyBytes, stream, gapMs }: LoadOrder): Buffer {
  const head = `{"model":"claude-sonnet-5-5","stream":${stream},"max_tokens":100,"messages":[{"role":"user","content":"`;
  const tail = '"}]}';
  const body = head + 'x'.repeat(Math.max(0, bodyBytes - head.length - tail.length)) + tail;
  return Buffer.from(
    `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\n` +
      `anthropic-version: 2023-06-01\r\nuser-agent: bench/1\r\nx-bench-gap-ms: ${gapMs}\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`,
  );
}

async function run(order: LoadOrder): Promise<LoadResult> {
  const startedAtMs = performance.now();
  const result = { ok: 0, bad: 0, latenciesMs: [] as number[] };
  const request = requestOf(order);
  await Promise.all(
    Array.from(
      { length: order.connections },
      () =>
        new Promise<void>((resolve) =>
          new Connection(order, request, result, startedAtMs + order.seconds * 1000, resolve).start(),
        ),
    ),
  );
  const sorted = result.latenciesMs.sort((one, other) => one - other);
  const at = (share: number): number => sorted[Math.floor((sorted.length - 1) * share)] ?? Number.NaN;
  const seconds = (performance.now() - startedAtMs) / 1000;
  return { ok: result.ok, bad: result.bad, perSecond: result.ok / seconds, p50Ms: at(0.5), p99Ms: at(0.99) };
}

process.on('message', (order: LoadOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.send?.({ port: 0 });
