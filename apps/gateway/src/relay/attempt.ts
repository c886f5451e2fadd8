// One try at one upstream account: send, hold back until something meaningful comes, then hand on the bytes as they are.
// It judges nothing and retries nothing; it tells what happened.
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';
import { type BodyDecoder, createBodyDecoder } from '../platform/http/decode-body.ts';
import {
  flattenHeaders,
  type UpstreamClient,
  type UpstreamRequest,
} from '../platform/http/upstream-client.ts';
import type { AnswerObserver } from '../protocols/protocol.ts';
import { forwardableResponseHeaders } from '../providers/kit/index.ts';
import type { FailedResponse } from '../providers/provider.ts';
import { AnswerReader, type AnswerWay } from './answer-reader.ts';
import { AttemptTimers, type Clock } from './attempt-timers.ts';
import type { Delivery } from './deliver.ts';
import type { OpenCalls } from './open-calls.ts';

export interface AttemptTimeouts {
  /** Kept by the connection pool; here for the words of a failure. */
  readonly connectTimeoutMs: number;
  /** Until the first event of a stream. */
  readonly firstEventTimeoutMs: number;
  /** Between two pieces of a stream. */
  readonly idleTimeoutMs: number;
  /** The whole attempt. */
  readonly requestTimeoutMs: number;
  /** How long a stream without anything meaningful is held back from the client. */
  readonly holdBackMs: number;
  /** After so long a silence of the upstream a client whose stream is converted is told that it goes on. */
  readonly pingEveryMs: number;
}

export interface AttemptInput {
  readonly request: UpstreamRequest;
  /** An answer that is no stream may take as long as the whole attempt. */
  readonly asksForStream: boolean;
  readonly delivery: Delivery;
  /** Content type of the vendor's streams. */
  readonly streamContentType: string;
  /** Of the answer's kind, known only when its headers are here. */
  readonly answerWay: (answer: 'stream' | 'json') => AnswerWay;
  readonly timeouts: AttemptTimeouts;
  readonly openCalls: OpenCalls;
  /** Headers of our own on a delivered answer. */
  readonly extraHeaders: () => Readonly<Record<string, string>>;
  readonly onFirstEvent: () => void;
}

/** The upstream's answer as a whole, where it was kept: an error, which may have to be handed on as it came. */
export interface KeptAnswer {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
}

export interface AttemptResult {
  /**
   * `delivered`: the client has all of it. `failed`: the client has seen nothing. `broken`: it failed after the client
   * had seen some of it. `client_left`.
   */
  readonly outcome: 'delivered' | 'failed' | 'broken' | 'client_left';
  readonly failure: FailedResponse | null;
  readonly answer: KeptAnswer | null;
  /** 0 when no answer began. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Null when no answer with status 2xx began. */
  readonly observer: AnswerObserver | null;
  /** The client has seen the error event that broke the answer. */
  readonly wasErrorPassed: boolean;
  readonly firstEventMs: number | null;
  readonly durationMs: number;
}

/** An error answer longer than this is cut. */
const ERROR_BODY_MAX_BYTES = 1024 * 1024;
/** A failure is judged by its beginning. */
const ERROR_TEXT_MAX_BYTES = 64 * 1024;
/** An answer that is no stream is kept whole, so that a broken one can be tried elsewhere; beyond this it is passed on. */
const HELD_JSON_MAX_BYTES = 32 * 1024 * 1024;
/** After its terminal event a stream should end; the client need not wait for one that does not. */
const AFTER_COMPLETE_MS = 1000;

class AttemptAborted extends Error {
  readonly why: 'client_left' | 'broken_off' | 'done';
  constructor(why: 'client_left' | 'broken_off' | 'done') {
    super(why);
    this.name = 'AttemptAborted';
    this.why = why;
  }
}

/** Never rejects. */
export function runAttempt(upstream: UpstreamClient, input: AttemptInput): Promise<AttemptResult> {
  return new Promise((resolve) => {
    const attempt = new Attempt(input, resolve);
    try {
      upstream.dispatch(input.request, attempt);
    } catch (error) {
      attempt.refuse(error instanceof Error ? error : new Error(String(error)));
    }
  });
}

class Attempt implements Dispatcher.DispatchHandler {
  readonly #input: AttemptInput;
  readonly #resolve: (result: AttemptResult) => void;
  readonly #startedAt = performance.now();
  readonly #timers = new AttemptTimers((clock) => this.#expired(clock));
  readonly #onClientLeft = (): void => this.#abort('client_left');
  readonly #onShutdown = (): void => this.#breakOff({ type: 'cut', message: 'the gateway is shutting down' });
  /** What the stage's clock waits for. */
  #stage: 'first-event' | 'idle' | 'after-complete' | 'none' = 'first-event';
  #controller: Dispatcher.DispatchController | null = null;
  #decoder: BodyDecoder | null = null;
  #reader: AnswerReader | null = null;
  #mode: 'waiting' | 'error' | 'json' | 'held' | 'passing' = 'waiting';
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  /** The same, repeated ones joined. */
  #flatHeaders: Readonly<Record<string, string>> = {};
  /** What is passed on together: it came in one turn of the event loop. */
  #gathered: Buffer[] = [];
  #held: Uint8Array[] = [];
  #heldBytes = 0;
  #firstEventMs: number | null = null;
  /** Why this side broke it off. */
  #ownFailure: FailedResponse | null = null;
  #isSettled = false;

  constructor(input: AttemptInput, resolve: (result: AttemptResult) => void) {
    this.#input = input;
    this.#resolve = resolve;
    const { requestTimeoutMs, firstEventTimeoutMs } = input.timeouts;
    input.delivery.onClientLeft(this.#onClientLeft);
    input.openCalls.onAbort(this.#onShutdown);
    if (input.asksForStream) this.#timers.set('stage', firstEventTimeoutMs);
    this.#timers.set('total', requestTimeoutMs);
    if (input.delivery.hasClientLeft) queueMicrotask(() => this.#abort('client_left'));
  }

  /** The request could not even be sent. */
  refuse(error: Error): void {
    this.#fail(this.#unreachable(error));
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    this.#controller = controller;
    if (this.#isSettled) controller.abort(new AttemptAborted('done'));
  }

  onResponseStart(_: Dispatcher.DispatchController, status: number, headers: IncomingHttpHeaders): void {
    if (status < 200) return;
    this.#status = status;
    this.#headers = headers;
    this.#flatHeaders = flattenHeaders(headers);
    const encoding = this.#flatHeaders['content-encoding'];
    if (encoding !== undefined) this.#decoder = this.#decoderOf(encoding);
    if (status >= 300) {
      this.#mode = 'error';
      return;
    }
    const isStream = this.#isStream(this.#flatHeaders['content-type'] ?? '');
    this.#reader = new AnswerReader(this.#input.answerWay(isStream ? 'stream' : 'json'));
    this.#mode = this.#reader.way.deliversAs === 'stream' ? 'held' : 'json';
    // An answer that is no stream may take as long as the whole attempt; its first byte says nothing.
    if (!isStream) this.#stopStageClock();
  }

  #isStream(contentType: string): boolean {
    return (
      contentType.startsWith('text/event-stream') || contentType.startsWith(this.#input.streamContentType)
    );
  }

  #decoderOf(encoding: string): BodyDecoder | null {
    return createBodyDecoder(encoding, {
      data: (chunk) => this.#receive(chunk),
      end: () => this.#finish(),
      error: (error) =>
        this.#fail({ type: 'cut', message: `the answer cannot be decoded: ${error.message}` }),
    });
  }

  onResponseData(_: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#decoder !== null) {
      if (!this.#decoder.write(chunk, () => this.#controller?.resume())) this.#controller?.pause();
    } else if (this.#mode === 'passing') {
      if (this.#gathered.length === 0) process.nextTick(this.#receiveGathered);
      this.#gathered.push(chunk);
    } else {
      this.#receive(chunk);
    }
  }

  onResponseEnd(): void {
    this.#receiveGathered();
    if (this.#decoder === null) this.#finish();
    else this.#decoder.end();
  }

  onResponseError(_: Dispatcher.DispatchController | null, error: Error): void {
    this.#receiveGathered();
    if (this.#isSettled) return;
    if (this.#reader?.observer.phase === 'complete' && this.#mode === 'passing') {
      this.#hand(this.#reader.end());
      this.#delivered();
    } else if (this.#ownFailure !== null) this.#fail(this.#ownFailure);
    else if (error instanceof AttemptAborted) this.#settle('client_left', null);
    else if (this.#status === 0) this.#fail(this.#unreachable(error));
    else this.#fail({ type: 'cut', message: error.message });
  }

  /** An upstream's burst is one piece for the client, whatever it was cut into, and leaves in the same turn. */
  readonly #receiveGathered = (): void => {
    const [first] = this.#gathered;
    if (first === undefined) return;
    const piece = this.#gathered.length === 1 ? first : Buffer.concat(this.#gathered);
    this.#gathered = [];
    this.#receive(piece);
  };

  #receive(chunk: Uint8Array): void {
    if (this.#isSettled) return;
    if (this.#reader === null) {
      if (this.#mode === 'error' && this.#heldBytes < ERROR_BODY_MAX_BYTES) this.#hold(chunk);
      return;
    }
    // The upstream is not silent, whatever becomes of what it said.
    if (this.#stage === 'first-event' || this.#stage === 'idle') this.#startIdleClock();
    this.#hand(this.#reader.push(chunk));
  }

  /** What the client is to have, now or when enough of it is there. */
  #hand(bytes: Uint8Array): void {
    switch (this.#mode) {
      case 'json':
        if (this.#heldBytes + bytes.length <= HELD_JSON_MAX_BYTES) this.#hold(bytes);
        else this.#pass(bytes);
        return;
      case 'held':
        this.#handHeld(bytes);
        return;
      case 'passing':
        if (bytes.length > 0) this.#pass(bytes);
        return;
      default:
        return;
    }
  }

  /** Start of a stream: kept until content comes, so that an overload told as the first event can go elsewhere. */
  #handHeld(bytes: Uint8Array): void {
    const isFirst = this.#held.length === 0;
    this.#hold(bytes);
    switch (this.#reader?.observer.phase) {
      case 'content':
      case 'complete':
        this.#release();
        return;
      case 'error':
        this.#failWithErrorEvent();
        return;
      default:
        if (isFirst) this.#timers.set('client', this.#input.timeouts.holdBackMs);
    }
  }

  #hold(chunk: Uint8Array): void {
    this.#held.push(chunk);
    this.#heldBytes += chunk.length;
  }

  /** From here on the client sees it. */
  #release(): void {
    if (this.#isSettled || this.#mode === 'passing') return;
    this.#begin(this.#held);
    this.#held = [];
    this.#afterPiece();
  }

  #begin(held: readonly Uint8Array[]): void {
    this.#timers.clear('client');
    this.#mode = 'passing';
    this.#noteFirstEvent();
    const { delivery, extraHeaders } = this.#input;
    delivery.begin(this.#status, Object.assign(this.#clientHeaders(), extraHeaders()));
    for (const chunk of held) if (chunk.length > 0) this.#write(chunk);
  }

  #clientHeaders(): Record<string, string | string[] | undefined> {
    const headers = forwardableResponseHeaders(this.#headers);
    const contentType = this.#reader?.way.contentType ?? null;
    if (contentType !== null) headers['content-type'] = contentType;
    return headers;
  }

  #pass(chunk: Uint8Array): void {
    if (this.#mode !== 'passing') {
      this.#begin(this.#held);
      this.#held = [];
    }
    this.#write(chunk);
    this.#afterPiece();
  }

  #write(chunk: Uint8Array): void {
    const source = this.#decoder ?? this.#controller;
    if (this.#reader?.canPing === true) this.#timers.set('client', this.#input.timeouts.pingEveryMs);
    if (!this.#input.delivery.write(chunk, this.#resume)) {
      source?.pause();
      // A slow client is not a silent upstream.
      this.#stopStageClock();
    }
  }

  readonly #resume = (): void => {
    (this.#decoder ?? this.#controller)?.resume();
    if (!this.#isSettled && this.#mode === 'passing') this.#startIdleClock();
  };

  #afterPiece(): void {
    if (this.#reader?.observer.phase !== 'complete') return;
    this.#stage = 'after-complete';
    this.#timers.set('stage', AFTER_COMPLETE_MS);
  }

  #finish(): void {
    if (this.#isSettled) return;
    if (this.#reader !== null) this.#hand(this.#reader.end());
    if (this.#isSettled) return;
    const unreadable = this.#reader?.failure ?? null;
    if (unreadable !== null) {
      this.#fail({ type: 'cut', message: unreadable });
      return;
    }
    switch (this.#mode) {
      case 'error':
        this.#failWithStatus();
        return;
      case 'json':
        this.#finishJson();
        return;
      case 'held':
        // It ended with nothing but a beginning; a whole one would have shown content or its end.
        this.#fail({ type: 'cut', message: 'the stream ended before any content' });
        return;
      default:
        if (this.#reader === null || this.#reader.observer.phase === 'complete') this.#delivered();
        else if (this.#reader.observer.phase === 'error') this.#failWithErrorEvent();
        else this.#fail({ type: 'cut', message: 'the stream ended before its end event' });
    }
  }

  #finishJson(): void {
    const body =
      this.#held.length === 1 && this.#held[0] !== undefined ? this.#held[0] : Buffer.concat(this.#held);
    const observer = this.#reader?.observer ?? null;
    if (observer !== null && observer.phase !== 'complete') {
      const { error } = observer.observation();
      if (error === null) this.#fail({ type: 'cut', message: 'the answer is not complete JSON' });
      else this.#failWithErrorEvent();
      return;
    }
    this.#noteFirstEvent();
    const { delivery, extraHeaders } = this.#input;
    const headers = Object.assign(this.#clientHeaders(), extraHeaders());
    headers['content-length'] = String(body.length);
    delivery.begin(this.#status, headers);
    delivery.end(body);
    this.#settle('delivered', null);
  }

  #failWithStatus(): void {
    const body = Buffer.concat(this.#held);
    this.#held = [body];
    this.#fail({
      type: 'status',
      status: this.#status,
      headers: this.#flatHeaders,
      body: body.toString('utf8', 0, ERROR_TEXT_MAX_BYTES),
    });
  }

  #failWithErrorEvent(): void {
    const raw = this.#reader?.observer.observation().error?.raw ?? '';
    this.#fail({ type: 'error-event', headers: this.#flatHeaders, body: raw });
  }

  #delivered(): void {
    this.#input.delivery.end();
    this.#settle('delivered', null);
  }

  #fail(failure: FailedResponse): void {
    this.#settle(this.#mode === 'passing' ? 'broken' : 'failed', failure);
  }

  #settle(outcome: AttemptResult['outcome'], failure: FailedResponse | null): void {
    if (this.#isSettled) return;
    this.#isSettled = true;
    this.#input.delivery.offClientLeft(this.#onClientLeft);
    this.#input.openCalls.offAbort(this.#onShutdown);
    this.#timers.stop();
    this.#decoder?.destroy();
    if (failure !== null && this.#controller?.aborted === false)
      this.#controller.abort(new AttemptAborted('done'));
    this.#resolve({
      outcome,
      failure,
      answer:
        failure?.type === 'status'
          ? { status: this.#status, headers: this.#headers, body: Buffer.concat(this.#held) }
          : null,
      status: this.#status,
      headers: this.#flatHeaders,
      observer: this.#reader?.observer ?? null,
      wasErrorPassed: failure?.type === 'error-event' && this.#reader?.way.passesErrors === true,
      firstEventMs: this.#firstEventMs,
      durationMs: this.#elapsedMs(),
    });
    this.#held = [];
  }

  #abort(why: 'client_left' | 'done'): void {
    if (this.#isSettled) return;
    if (this.#controller !== null) this.#controller.abort(new AttemptAborted(why));
    else if (why === 'client_left') this.#settle('client_left', null);
  }

  #expired(clock: Clock): void {
    const { firstEventTimeoutMs, idleTimeoutMs, requestTimeoutMs } = this.#input.timeouts;
    if (clock === 'client') this.#clientWaits();
    else if (clock === 'total') this.#timeOut('total', requestTimeoutMs);
    else if (this.#stage === 'first-event') this.#timeOut('first-event', firstEventTimeoutMs);
    else if (this.#stage === 'idle') this.#timeOut('idle', idleTimeoutMs);
    else this.#abort('done');
  }

  #timeOut(stage: 'first-event' | 'idle' | 'total', timeoutMs: number): void {
    this.#breakOff({ type: 'timeout', stage, timeoutMs });
  }

  #breakOff(failure: FailedResponse): void {
    if (this.#isSettled) return;
    this.#ownFailure = failure;
    if (this.#controller === null) this.#fail(failure);
    else this.#controller.abort(new AttemptAborted('broken_off'));
  }

  #stopStageClock(): void {
    this.#stage = 'none';
    this.#timers.clear('stage');
  }

  /** It has been held back long enough, or heard nothing for so long that what lies between might think it gone. */
  #clientWaits(): void {
    if (this.#mode === 'held') this.#release();
    const ping = this.#mode === 'passing' ? this.#reader?.ping() : undefined;
    if (ping === undefined || ping.length === 0) return;
    this.#input.delivery.write(ping, this.#resume);
    this.#timers.set('client', this.#input.timeouts.pingEveryMs);
  }

  #startIdleClock(): void {
    this.#stage = 'idle';
    this.#timers.set('stage', this.#input.timeouts.idleTimeoutMs);
  }

  #noteFirstEvent(): void {
    if (this.#firstEventMs !== null) return;
    this.#firstEventMs = this.#elapsedMs();
    this.#input.onFirstEvent();
  }

  #elapsedMs(): number {
    return Math.round(performance.now() - this.#startedAt);
  }

  #unreachable(error: Error): FailedResponse {
    const code = 'code' in error && typeof error.code === 'string' ? error.code : 'ERROR';
    if (code === 'UND_ERR_CONNECT_TIMEOUT') {
      return { type: 'timeout', stage: 'connect', timeoutMs: this.#input.timeouts.connectTimeoutMs };
    }
    return { type: 'unreachable', code, message: error.message };
  }
}
