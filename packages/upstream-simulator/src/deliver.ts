// Sends an answer the way its fault demands: late, in odd pieces, half, or not at all.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { constants, createGzip } from 'node:zlib';
import type { Exchange } from './exchange.ts';
import type { Fault } from './faults.ts';
import {
  type Ending,
  type Frame,
  type Plan,
  framesOfEvents,
  framesOfRecording,
  planBody,
  planStream,
} from './frames.ts';
import { findRecording } from './recordings.ts';
import type { Outcome } from './tally.ts';
import type { Answer, Headers, JsonAnswer, StreamEvent } from './vendors/vendor.ts';

const OUTCOMES: Readonly<Record<Exclude<Ending, 'stall'>, Outcome>> = {
  complete: 'answered',
  error_event: 'error_event',
  clean_end: 'ended_early',
  cut: 'cut',
};

/** The quick way, for answers without a fault. */
export function sendJson(exchange: Exchange, answer: JsonAnswer): void {
  // A string leaves in one piece with the headers, a buffer would not.
  const body = bodyText(answer);
  const { response, record } = exchange;
  record.status = answer.status;
  record.eventsSent = 1;
  response.writeHead(answer.status, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(body),
    ...answer.headers,
  });
  exchange.tell(answer.tokens);
  exchange.settle(answer.status < 400 && answer.failed !== true ? 'answered' : 'refused');
  response.end(body);
}

/** Ends the connection from this side: `reset` is seen as an error at once, `destroy` after what was sent. */
export function breakConnection(exchange: Exchange, how: 'destroy' | 'reset'): void {
  exchange.settle('cut');
  const { socket } = exchange.response;
  if (how === 'reset') socket?.resetAndDestroy();
  else socket?.destroy();
}

export async function deliver(
  exchange: Exchange,
  answer: Answer,
  fault: Fault | null,
  errorEvent: (index: number) => StreamEvent,
): Promise<void> {
  await exchange.wait(fault?.delayMs ?? 0);
  // A request that hangs stays open until its client leaves.
  if (exchange.closed || fault?.hang === true) return;
  if (fault?.reset === true) {
    breakConnection(exchange, 'reset');
    return;
  }
  if (answer.kind === 'json') await exchange.wait(answer.workMs ?? 0);
  if (exchange.closed) return;
  const recording = fault?.replay === undefined ? null : findRecording(fault.replay);
  const stream = answer.kind === 'stream' || recording !== null;
  const errorFrame =
    stream && fault?.errorEvent !== undefined
      ? framesOfEvents([errorEvent(fault.errorEvent)], fault)[0]
      : null;
  const whole = recording === null ? framesOf(answer, fault) : framesOfRecording(recording);
  const plan = stream
    ? planStream(whole, fault, errorFrame ?? null, recording?.chunkPlans)
    : planBody(whole, fault);
  const head = recording ?? answer;
  const headers = contentHeaders(head.headers, stream, whole, plan);
  exchange.record.status = head.status;
  exchange.response.writeHead(head.status, withFaultHeaders(headers, fault));
  exchange.response.flushHeaders();
  await exchange.wait(fault?.firstEventDelayMs ?? 0);
  const paceMs = fault?.paceMs ?? (answer.kind === 'stream' && recording === null ? answer.paceMs : 0);
  await sendPlan(exchange, plan, paceMs, fault?.gzip === true);
  const failed = head.status >= 400 || (answer.kind === 'json' && answer.failed === true);
  if (!exchange.closed) await end(exchange, plan, failed && recording === null);
}

function framesOf(answer: Answer, fault: Fault | null): Frame[] {
  if (answer.kind === 'stream') return framesOfEvents(answer.events, fault);
  return [{ bytes: Buffer.from(bodyText(answer)), tokens: answer.tokens, paced: false }];
}

/** Text stands for itself: a page, a body that a fault dictates. */
function bodyText(answer: JsonAnswer): string {
  return typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body);
}

function contentHeaders(base: Headers, stream: boolean, whole: readonly Frame[], plan: Plan): Headers {
  if (stream) return { 'content-type': 'text/event-stream; charset=utf-8', ...base };
  const headers: Headers = { 'content-type': 'application/json', ...base };
  // Where the body is broken off, the length promised is that of the whole; where it ends cleanly, none is promised.
  if (plan.ending !== 'clean_end') {
    headers['content-length'] = String(whole.reduce((sum, frame) => sum + frame.bytes.length, 0));
  }
  return headers;
}

function withFaultHeaders(headers: Headers, fault: Fault | null): Headers {
  if (fault === null) return headers;
  if (fault.gzip === true) {
    headers['content-encoding'] = 'gzip';
    // The length of a compressed body depends on how it is flushed.
    delete headers['content-length'];
  }
  if (fault.retryAfter !== undefined) headers['retry-after'] = String(fault.retryAfter);
  if (fault.shouldRetry !== undefined) headers['x-should-retry'] = String(fault.shouldRetry);
  for (const [name, value] of Object.entries(fault.headers ?? {})) {
    const key = name.toLowerCase();
    if (value === '') delete headers[key];
    else headers[key] = value;
  }
  return headers;
}

async function sendPlan(exchange: Exchange, plan: Plan, paceMs: number, gzip: boolean): Promise<void> {
  const compress = gzip ? gzipChunks(exchange) : null;
  for (const chunk of plan.chunks) {
    if (chunk.paced && paceMs > 0) await exchange.wait(paceMs);
    if (exchange.closed) return;
    if (compress === null) exchange.response.write(chunk.bytes);
    else await compress.write(chunk.bytes);
    for (let index = exchange.record.eventsSent; index < chunk.eventsDone; index += 1) {
      exchange.tell(plan.frames[index]?.tokens);
    }
    exchange.record.eventsSent = Math.max(exchange.record.eventsSent, chunk.eventsDone);
    await exchange.drained();
    if (plan.spaced) await nextTurn();
  }
  if (plan.ending !== 'cut' && plan.ending !== 'stall') await compress?.end();
}

interface Compressor {
  write(bytes: Buffer): Promise<void>;
  end(): Promise<void>;
}

/** Every chunk is flushed, so that it can be read before the next one comes. */
function gzipChunks(exchange: Exchange): Compressor {
  const gzip = createGzip({ flush: constants.Z_SYNC_FLUSH });
  gzip.on('data', (bytes: Buffer) => {
    if (!exchange.closed) exchange.response.write(bytes);
  });
  return {
    async write(bytes) {
      await new Promise<void>((resolve) => {
        gzip.write(bytes, () => resolve());
      });
    },
    async end() {
      await new Promise<void>((resolve) => {
        gzip.once('end', resolve);
        gzip.end();
      });
    },
  };
}

async function end(exchange: Exchange, plan: Plan, failed: boolean): Promise<void> {
  if (plan.ending === 'stall') return;
  if (plan.ending !== 'cut') {
    exchange.settle(plan.ending === 'complete' && failed ? 'refused' : OUTCOMES[plan.ending]);
    exchange.response.end();
    return;
  }
  // What was written has to leave the process before the connection breaks.
  exchange.settle('cut');
  await nextTurn();
  await nextTurn();
  breakConnection(exchange, 'destroy');
}
