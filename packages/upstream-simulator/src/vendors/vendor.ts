// What a vendor has to say about a request; sockets, faults and bookkeeping are shared and live elsewhere.
import type { IncomingHttpHeaders } from 'node:http';
import type { TokenBook } from './oauth/token-book.ts';

export interface Credential {
  /** Whatever names the caller: a key, a token, an AWS access key id. */
  apiKey: string | null;
  scheme: 'bearer' | 'x-api-key' | 'api-key' | 'x-goog-api-key' | 'query' | 'sigv4' | 'none';
}

/** One request, read completely. `path` is without prefixes and query. */
export interface Call {
  readonly method: string;
  /** As it arrived, with prefixes and query. */
  readonly url: string;
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
  /** Thinking included. */
  outputTokens: number;
  cacheReadTokens: number;
  /** Also what a vendor writes without saying for how long. */
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
  /** The vendor ends its lines with CRLF. */
  crlf?: boolean;
  /** The vendor sends a comment line before it. */
  comment?: boolean;
  /** The frame itself, of a stream that is not made of lines; `name` and `data` are not sent then. */
  bytes?: Buffer;
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
  /** The field of the request that is wrong, for vendors that name it apart. */
  param?: string | undefined;
  /** For vendors that say in the body when to come back. */
  retryAfter?: number | string | undefined;
}

export interface Vendor {
  readonly id: string;
  serves(path: string, headers: IncomingHttpHeaders, query: string): boolean;
  credential(headers: IncomingHttpHeaders, query: string): Credential;
  /** The model asked for, empty if none is named; some vendors name it in the path. */
  model(body: unknown, path: string): string;
  /** What the user said last: the place of markers. */
  prompt(body: unknown, path: string): string;
  answer(call: Call): Answer;
  failure(call: Call, failure: Failure): JsonAnswer;
  /** The event that reports a failure inside a stream, `index` events after its start; `type` as the vendor names it. */
  errorEvent(call: Call, type: string | undefined, message: string | undefined, index: number): StreamEvent;
  /** Forgets caches and windows. */
  reset(): void;
}

export interface VendorSettings {
  /** The only keys accepted besides the tokens given out here; undefined accepts any. */
  keys: ReadonlySet<string> | undefined;
  tokens: TokenBook;
  /** Of access tokens that no marker says it for; undefined leaves it to each vendor. */
  tokenLifetimeSeconds: number | undefined;
  /** How long a used refresh token of a rotating login is answered as before; undefined: it is refused, no more. */
  refreshGraceSeconds: number | undefined;
  /** Of every AWS access key id; undefined is that of AWS's documentation. */
  awsSecretKey: string | undefined;
  /** Pause between pieces of content unless the prompt says otherwise. */
  paceMs: number;
}
