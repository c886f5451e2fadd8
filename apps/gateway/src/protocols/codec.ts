// Owns what a codec is: how a dialect is said in the canonical form and back. Two directions, since a dialect may be one
// that clients speak, one that upstreams speak, or both.
import type { JsonObject } from '../platform/json.ts';
import type { CanonicalAnswer, CanonicalEvent, CanonicalRequest } from './canonical.ts';
import type { Operation, RequestFacts } from './protocol.ts';

/** Thrown where a request cannot be said in another dialect without changing what it means; the client is told 400. */
export class NotConvertible extends Error {
  /** Of the client's own body: `messages.3.content.0`. */
  readonly path: string;
  constructor(path: string, message: string) {
    super(message);
    this.name = 'NotConvertible';
    this.path = path;
  }
}

/** What a conversion left out or weakened; told to the client in a header. */
export class ConversionNotes {
  readonly #dropped = new Set<string>();
  readonly #downgraded = new Set<string>();

  /** The client's own name of a field that the target does not know: `seed`. */
  drop(field: string): void {
    this.#dropped.add(field);
  }

  downgrade(field: string): void {
    this.#downgraded.add(field);
  }

  /** `dropped=seed,top_k; downgraded=tool_choice`; null where nothing was. */
  get header(): string | null {
    const parts = [
      ...(this.#dropped.size > 0 ? [`dropped=${[...this.#dropped].join(',')}`] : []),
      ...(this.#downgraded.size > 0 ? [`downgraded=${[...this.#downgraded].join(',')}`] : []),
    ];
    return parts.length === 0 ? null : parts.join('; ');
  }
}

/** What every event of an answer names. */
export interface AnswerContext {
  /** As the client asked for it, whatever the account calls it. */
  readonly model: string;
  readonly createdAtMs: number;
  readonly facts: RequestFacts;
  /** The client's own body: some answers repeat parts of it, and name calls by how their tool was described. */
  readonly request: JsonObject;
}

/** Says a stream in a dialect, piece by piece. */
export interface EventEncoder {
  /** Wire text of the event; empty where the dialect has nothing to say for it. */
  push(event: CanonicalEvent): string;
  /** The upstream is silent: what keeps the client's connection alive, empty where the dialect has nothing. */
  ping(): string;
}

/** Reads a stream of a dialect; never throws for what it does not know. */
export interface EventDecoder {
  /** `chunk` is cut anywhere. */
  push(chunk: Uint8Array): CanonicalEvent[];
  /** After the last byte: what only the end tells. */
  end(): CanonicalEvent[];
}

/** A dialect as clients speak it. */
export interface ClientCodec {
  /** Throws NotConvertible. */
  decodeRequest(body: JsonObject, facts: RequestFacts, notes: ConversionNotes): CanonicalRequest;
  encodeAnswer(answer: CanonicalAnswer, context: AnswerContext): JsonObject;
  encodeEvents(context: AnswerContext): EventEncoder;
  /** Answer of `count_tokens`; absent where the dialect has no such call. */
  encodeCount?(inputTokens: number): JsonObject;
}

/** A dialect as upstreams speak it. */
export interface UpstreamCodec {
  /** Matches the names that tools may have; others go out under another and come back under their own. Absent: any. */
  readonly toolName?: RegExp;
  /** Where the call goes, below a vendor's base address, query included: `/v1/messages`. */
  address(
    operation: Operation,
    model: string,
    stream: boolean,
  ): { readonly path: string; readonly query: string };
  /** `model` is what the account calls it. Throws NotConvertible. */
  encodeRequest(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject;
  /** Null where the body is no answer of the dialect. */
  decodeAnswer(body: JsonObject): CanonicalAnswer | null;
  decodeEvents(): EventDecoder;
  /** Body and answer of `count_tokens`; absent where the dialect has no such call. */
  count?: {
    encodeRequest(request: CanonicalRequest, model: string, notes: ConversionNotes): JsonObject;
    /** Null where the body names no count. */
    decodeAnswer(body: JsonObject): number | null;
  };
}
