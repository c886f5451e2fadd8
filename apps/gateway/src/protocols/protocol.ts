// Owns what a client dialect is: how its requests are read, its answers observed, and its errors worded.
// A dialect never touches the bytes it observes.
import type { Service } from '@crs/shared';
import type { JsonObject } from '../platform/json.ts';
import type { ClientCodec, UpstreamCodec } from './codec.ts';

/** `openai-completions` is the legacy one, `code-assist` Gemini in the wrapping of Google's login. */
export type DialectId =
  | 'anthropic'
  | 'openai-chat'
  | 'openai-completions'
  | 'openai-responses'
  | 'gemini'
  | 'code-assist';

/** What a route does. `count_tokens` is not billed and has no ledger row; the others are and have. */
export type Operation = 'generate' | 'count_tokens' | 'embeddings' | 'compact';

export function isBilled(operation: Operation): boolean {
  return operation !== 'count_tokens';
}

/** What the gateway needs to know of a request, read once from the parsed body. */
export interface RequestFacts {
  readonly dialect: DialectId;
  readonly operation: Operation;
  readonly model: string;
  /** Models that share quota and health at the vendor: `opus`, `sonnet`, `haiku`, …; the model itself where unknown. */
  readonly family: string;
  readonly stream: boolean;
  /** The client's own session id, null where it sends none. */
  readonly sessionId: string | null;
  /** What the request may generate at most, null where it does not say. */
  readonly maxOutputTokens: number | null;
  /** Rough, from the size of the body; for reservations and estimates only. */
  readonly inputTokensEstimate: number;
  /** Never too low; what a strict budget reserves. */
  readonly ceiling: UsageCeiling;
  /** Known client id (`claude_code`) or the product its user agent names. */
  readonly client: string;
  /** The route fixes the vendor; null: any. */
  readonly service: Service | null;
  /** A stored response or the like that lives in one account and nowhere else: `response:resp_…`; null: none. */
  readonly pinnedTo: string | null;
  /** The answer can be asked for again by its id, and then is pinned as `response:<id>`. */
  readonly keepsAnswerAs?: 'response' | undefined;
  /** `array`: Gemini's stream without `alt=sse`, one growing JSON array. */
  readonly streamForm: 'events' | 'array';
  /** OpenAI's streams tell usage only where the client asks for it; absent in dialects that leave no choice. */
  readonly wantsUsage?: boolean;
}

/** What a request can use at most, beside its output. */
export interface UsageCeiling {
  /** Of one pass; null where the request does not bound it, and only the model does. */
  readonly inputTokens: number | null;
  /** How often the model may read it all: more than once where tools run at the vendor. */
  readonly passes: number;
  readonly webSearches: number;
  /** As asked for. */
  readonly conditions: PriceConditions;
}

/** Disjoint token counts of one attempt, plus what is charged apart from tokens. */
export interface ObservedUsage {
  input: number;
  cacheWrite5m: number;
  cacheWrite1h: number;
  cacheRead: number;
  /** Reasoning included. */
  output: number;
  webSearches: number;
}

/** Conditions that change the price of a call, in the price list's words. */
export interface PriceConditions {
  serviceTier: string | null;
  speed: string | null;
  inferenceGeo: string | null;
}

export interface ObservedError {
  readonly type: string;
  readonly message: string;
  /** The error as it came, JSON text. */
  readonly raw: string;
}

export interface Observation {
  /** `reported`: final figures seen. `partial`: some seen, the rest counted from what passed. `estimated`: none seen. */
  readonly usageSource: 'reported' | 'partial' | 'estimated';
  readonly usage: ObservedUsage;
  readonly conditions: PriceConditions;
  /** Model the upstream says it used. */
  readonly servedModel: string | null;
  /** The vendor's own message or response id. */
  readonly messageId: string | null;
  readonly stopReason: string | null;
  /** The dialect's end was seen: success, whatever closes the socket. */
  readonly isComplete: boolean;
  readonly error: ObservedError | null;
}

/**
 * Reads a copy of the answer while it passes. `push` takes decoded (not compressed) bytes cut anywhere.
 * `phase`: `waiting` (nothing meaningful yet: message_start, pings), `content` (deliver from here on), `error` (an
 * error event was the first meaningful one or came later), `complete` (terminal event seen).
 */
export interface AnswerObserver {
  readonly phase: 'waiting' | 'content' | 'error' | 'complete';
  push(chunk: Uint8Array): void;
  /** Figures so far; callable at any time, final once the answer has ended. */
  observation(): Observation;
}

/** A refusal or failure in the gateway's own words, before it is worded in a dialect. */
export interface PublicError {
  readonly status: number;
  /** Stable machine-readable code: `budget_exceeded`, `upstream_timeout`, … */
  readonly code: string;
  readonly message: string;
  /** Field of the request that it is about, where there is one: `messages.3.content`. */
  readonly param?: string | null;
  readonly retryAfterSeconds: number | null;
  /** Sent as `x-should-retry` where not null. */
  readonly shouldRetry: boolean | null;
}

/** Where in an answer an error event comes to stand; it matters where events are elements of an array. */
export interface ErrorPlace {
  readonly streamForm: RequestFacts['streamForm'];
  /** The client has seen nothing of the answer's body. */
  readonly isFirst: boolean;
}

export interface WireReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface ModelInfo {
  readonly id: string;
  readonly displayName: string;
  readonly createdAt: string;
  readonly maxInputTokens: number | null;
  readonly maxOutputTokens: number | null;
}

export type InspectResult =
  | { readonly ok: true; readonly facts: RequestFacts }
  | { readonly ok: false; readonly path: string; readonly message: string };

/** What the address of a request says of it, where its dialect puts it there; null: the body says it. */
export interface AddressFacts {
  readonly model: string | null;
  readonly stream: boolean | null;
  readonly service: Service | null;
}

export interface InspectInput {
  readonly operation: Operation;
  readonly address: AddressFacts;
  /** With its question mark, relay keys removed; empty where there is none. */
  readonly query: string;
  /** Strings may be shortened: `textBytes` of platform/json.ts knows how long they are. */
  readonly body: JsonObject;
  readonly bodyBytes: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/** Changes an answer on its way to the client. */
export interface AnswerConverter {
  /** `chunk` is cut anywhere; answers what the client gets of it now. */
  push(chunk: Uint8Array): Uint8Array;
  /** After the upstream's last byte: what only its end tells. */
  end(): Uint8Array;
  /** Why nothing, or not all, could be made of what came; known after `end`. Null or absent: it was an answer. */
  readonly failure?: string | null;
  /** The upstream is silent: what keeps the client's connection alive. Absent: nothing does. */
  ping?(): Uint8Array;
}

/**
 * Where a request goes upstream in its own dialect and yet the gateway has to ask for more than the client did, or to
 * hand the answer back in another frame: usage of a stream that the client did not want to see.
 */
export interface Fit {
  /** The body with what is added, everything else byte for byte. */
  readonly body: Buffer;
  readonly query: string;
  /** Null: the answer passes as it is. */
  readonly answer: (() => AnswerConverter) | null;
}

/** From one wrapping of the same content into another: bytes stay as they were written, and no codec is asked. */
export interface Kin {
  /** The client's body as the other dialect has it; `model` is what the account calls it. */
  request(body: Buffer, model: string, operation: Operation): Buffer;
  /** The other dialect's answer as the client has it; null: it passes as it is. */
  answer(answer: 'stream' | 'json', facts: RequestFacts): AnswerConverter | null;
}

export interface Protocol {
  readonly id: DialectId;
  readonly client: ClientCodec;
  /** Absent where no upstream is asked in this dialect unless its client speaks it. */
  readonly upstream?: UpstreamCodec;
  /** Dialects of upstreams that are this one in another wrapping; asked before the codecs are. */
  readonly kin?: Readonly<Partial<Record<DialectId, Kin>>>;
  /** Null: body and answer pass untouched. */
  fit?(facts: RequestFacts, body: Buffer, query: string): Fit | null;
  /** Makes one whole answer of a stream, for upstreams that only stream. */
  collect?(): AnswerConverter;
  inspect(input: InspectInput): InspectResult;
  /** `inputTokensEstimate` stands in where the answer never reports input. */
  observe(answer: 'stream' | 'json', facts: RequestFacts): AnswerObserver;
  /** A true HTTP answer, before the first byte. */
  renderError(error: PublicError, requestId: string): WireReply;
  /** The dialect's error event for a stream that has begun, and its end; among events where no place is given. */
  renderErrorEvent(error: PublicError, requestId: string, place?: ErrorPlace): string;
  /** One page of models as the dialect lists them; `id` selects one, null answer = unknown. */
  renderModels(models: readonly ModelInfo[], query: URLSearchParams): string;
  renderModel(model: ModelInfo): string;
}
