// Owns the neutral form between dialects that differ: what a request asks, what an answer says, what a stream tells.
// Anthropic's shape is the richest, so it is near to it. Codecs translate to and from it; nothing else looks inside.
import type { JsonObject } from '../platform/json.ts';

/** Who made a signature or an encrypted thought; nobody else can read it. */
export type SignatureVendor = 'anthropic' | 'openai' | 'gemini';

/** A thought's proof, opaque to all but its vendor. */
export interface Signature {
  readonly vendor: SignatureVendor;
  readonly value: string;
}

export type MediaSource =
  | { readonly type: 'base64'; readonly mediaType: string; readonly data: string }
  | { readonly type: 'url'; readonly url: string };

export type CanonicalBlock =
  | { readonly type: 'text'; readonly text: string; readonly cacheControl?: JsonObject | undefined }
  | {
      readonly type: 'image';
      readonly source: MediaSource;
      /** OpenAI's `low`, `high`, `auto`. */
      readonly detail?: string | undefined;
      readonly cacheControl?: JsonObject | undefined;
    }
  | {
      readonly type: 'document';
      readonly source: MediaSource | { readonly type: 'text'; readonly text: string };
      readonly title: string | null;
      readonly cacheControl?: JsonObject | undefined;
    }
  | { readonly type: 'audio'; readonly mediaType: string; readonly data: string }
  | {
      readonly type: 'tool_call';
      readonly id: string;
      readonly name: string;
      readonly input: JsonObject;
      /** Gemini signs calls. */
      readonly signature?: Signature | undefined;
      readonly cacheControl?: JsonObject | undefined;
    }
  | {
      readonly type: 'tool_result';
      readonly callId: string;
      /** Texts, images, documents. */
      readonly content: readonly CanonicalBlock[];
      readonly isError: boolean;
      readonly cacheControl?: JsonObject | undefined;
    }
  | { readonly type: 'thinking'; readonly text: string; readonly signature: Signature | null }
  /** A thought that only its vendor can read. */
  | { readonly type: 'hidden_thinking'; readonly signature: Signature };

export interface CanonicalMessage {
  /** `system`: in the middle of a conversation; what comes before it is in `CanonicalRequest.system`. */
  readonly role: 'user' | 'assistant' | 'system';
  readonly content: readonly CanonicalBlock[];
}

export type CanonicalTool =
  | {
      readonly type: 'function';
      readonly name: string;
      readonly description: string | null;
      /** JSON Schema, an object. */
      readonly inputSchema: JsonObject;
      /** Null: not said. */
      readonly strict: boolean | null;
      readonly cacheControl?: JsonObject | undefined;
    }
  /** Runs at the vendor; the one tool of the kind that has an equal everywhere but in Chat Completions' tool list. */
  | { readonly type: 'web_search'; readonly maxUses: number | null };

export type CanonicalToolChoice =
  | { readonly type: 'auto' | 'any' | 'none' }
  | { readonly type: 'tool'; readonly name: string };

export const effortLevels = ['off', 'minimal', 'low', 'medium', 'high', 'xhigh', 'max'] as const;
export type EffortLevel = (typeof effortLevels)[number];

export interface CanonicalThinking {
  /** Null: thinks, and the model decides how much. */
  readonly effort: EffortLevel | null;
  /** Whether thoughts are shown: `null` leaves it to the model. */
  readonly display: 'summary' | 'detailed' | 'omitted' | null;
}

export type CanonicalFormat =
  | {
      readonly type: 'json_schema';
      readonly name: string;
      readonly schema: JsonObject;
      readonly strict: boolean | null;
    }
  | { readonly type: 'json_object' };

/** Wishes that only some dialects know; the others drop them and say so. Null: not said. */
export interface SamplingExtras {
  readonly topK: number | null;
  readonly seed: number | null;
  readonly frequencyPenalty: number | null;
  readonly presencePenalty: number | null;
  readonly logitBias: JsonObject | null;
  /** How many alternatives are wanted; 0: only the token's own. */
  readonly logprobs: number | null;
  readonly verbosity: string | null;
}

export interface CanonicalRequest {
  /** As the client asks for it. */
  readonly model: string;
  readonly system: readonly Extract<CanonicalBlock, { type: 'text' }>[];
  /** Roles alternate is not promised: a codec that needs it merges neighbours. */
  readonly messages: readonly CanonicalMessage[];
  readonly maxOutputTokens: number | null;
  readonly temperature: number | null;
  readonly topP: number | null;
  readonly extras: SamplingExtras;
  readonly stopSequences: readonly string[];
  readonly stream: boolean;
  readonly tools: readonly CanonicalTool[];
  readonly toolChoice: CanonicalToolChoice | null;
  /** Null: not said. */
  readonly parallelToolCalls: boolean | null;
  /** Null: not said. */
  readonly thinking: CanonicalThinking | null;
  readonly format: CanonicalFormat | null;
  /** The client's own user, an opaque id for abuse detection. */
  readonly endUserId: string | null;
  readonly serviceTier: 'auto' | 'standard' | 'flex' | 'priority' | null;
  /** Groups requests that share a prompt prefix. */
  readonly cacheKey: string | null;
}

export type CanonicalStop =
  | 'end_turn'
  | 'tool_use'
  | 'max_tokens'
  | 'stop_sequence'
  | 'context_window'
  | 'refusal'
  | 'pause_turn';

/** Disjoint counts; `reasoning` is a part of `output`. */
export interface CanonicalUsage {
  readonly input: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
  readonly output: number;
  readonly reasoning: number;
  readonly webSearches: number;
}

export const noUsage: CanonicalUsage = {
  input: 0,
  cacheRead: 0,
  cacheWrite5m: 0,
  cacheWrite1h: 0,
  output: 0,
  reasoning: 0,
  webSearches: 0,
};

export interface Citation {
  readonly url: string;
  readonly title: string | null;
}

/** A block of an answer. */
export type AnswerBlock =
  | { readonly type: 'text'; readonly text: string; readonly citations: readonly Citation[] }
  | Extract<CanonicalBlock, { type: 'thinking' | 'hidden_thinking' | 'tool_call' }>;

export interface CanonicalAnswer {
  /** The upstream's own id. */
  readonly id: string;
  readonly content: readonly AnswerBlock[];
  readonly stop: CanonicalStop;
  /** The text that stopped it. */
  readonly stopSequence: string | null;
  /** Why it was refused, in words. */
  readonly refusal: string | null;
  readonly usage: CanonicalUsage;
  readonly serviceTier: string | null;
}

/**
 * A stream, event by event: `start`, then block after block (never two open at once), then `finish`. Decoders of
 * dialects that interleave hold the later block back until the earlier one is closed.
 */
export type CanonicalEvent =
  | { readonly type: 'start'; readonly id: string; readonly usage: CanonicalUsage }
  | {
      readonly type: 'block_start';
      readonly block: { readonly type: 'text' } | { readonly type: 'thinking' } | ToolCallStart;
    }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'thinking'; readonly text: string }
  /** A piece of the JSON text of the open tool call's input. */
  | { readonly type: 'input'; readonly json: string }
  /** Of the open block: a thought's, or Gemini's of a call. */
  | { readonly type: 'signature'; readonly signature: Signature }
  | { readonly type: 'citation'; readonly citation: Citation }
  | { readonly type: 'block_stop' }
  /** A whole block that no piece of can be told apart. */
  | { readonly type: 'hidden_thinking'; readonly signature: Signature }
  | {
      readonly type: 'finish';
      readonly stop: CanonicalStop;
      readonly stopSequence: string | null;
      readonly refusal: string | null;
      readonly usage: CanonicalUsage;
      readonly serviceTier: string | null;
    };

interface ToolCallStart {
  readonly type: 'tool_call';
  readonly id: string;
  readonly name: string;
}
