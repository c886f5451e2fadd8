// What a vendor has to say about a request; sockets, faults and bookkeeping are shared and live elsewhere.
import type { IncomingHttpHeaders } from 'node:http';

export interface Credential {
  apiKey: string | null;
  scheme: 'bearer' | 'x-api-key' | 'none';
}

/** One request, read completely. `path` is without prefixes and query. */
export interface Call {
  readonly method: string;
  readonly path: string;
  readonly query: string;
  readonly headers: IncomingHttpHeaders;
  readonly rawBody: Buffer;
  /** The parsed JSON, `undefined` if there is none. */
  readonly body: unknown;
  /** The `<name>` of an `/as/<name>` prefix. */
  readonly account: string | null;
  readonly credential: Credential;
  /** Unique per request. */
  readonly requestId: string;
}

export interface TokenCounts {
  /** Neither read from a cache nor written to one. */
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWrite5mTokens: number;
  cacheWrite1hTokens: number;
}

export interface StreamEvent {
  name: string | null;
  data: string;
  /** What the client knows of the usage once it has this event. */
  tokens?: TokenCounts;
  /** A piece of content: waits for the pace. */
  paced?: boolean;
}

export type Headers = Record<string, string>;

export interface JsonAnswer {
  kind: 'json';
  status: number;
  headers: Headers;
  body: unknown;
  tokens?: TokenCounts;
  /** A failure, whatever the status says. */
  failed?: boolean;
  /** How long the work takes before the answer begins. */
  workMs?: number;
}

interface StreamAnswer {
  kind: 'stream';
  status: number;
  headers: Headers;
  events: StreamEvent[];
  paceMs: number;
}

export type Answer = JsonAnswer | StreamAnswer;

/** A failure asked for by a fault; what is absent the vendor words itself. */
export interface Failure {
  status: number;
  type?: string | undefined;
  message?: string | undefined;
}

export interface Vendor {
  readonly id: string;
  serves(path: string, headers: IncomingHttpHeaders): boolean;
  credential(headers: IncomingHttpHeaders, query: string): Credential;
  /** The model asked for, empty if none is named. */
  model(body: unknown): string;
  /** What the user said last: the place of markers. */
  prompt(body: unknown): string;
  answer(call: Call): Answer;
  failure(call: Call, failure: Failure): JsonAnswer;
  /** The event that reports a failure inside a stream; `type` as the vendor names it. */
  errorEvent(call: Call, type: string | undefined, message: string | undefined): StreamEvent;
  /** Forgets caches and windows. */
  reset(): void;
}

export interface VendorSettings {
  /** The only keys accepted; undefined accepts any. */
  keys: ReadonlySet<string> | undefined;
  /** Pause between pieces of content unless the prompt says otherwise. */
  paceMs: number;
}
