// Owns saying answers in Google's words, whole ones and streams: a response for each piece, a call only when it is whole.
import type { JsonObject } from '../../platform/json.ts';
import type {
  CanonicalAnswer,
  CanonicalEvent,
  CanonicalStop,
  CanonicalUsage,
  Citation,
  Signature,
} from '../canonical.ts';
import type { AnswerContext, EventEncoder } from '../codec.ts';
import { writeSignature } from '../foreign-signature.ts';
import { readArguments } from '../tool-arguments.ts';
import { sseEvent } from '../sse.ts';
import { finishReasonOf } from './finish.ts';
import { ArrayText } from './stream-array.ts';
import { writeUsage } from './usage.ts';

/** How a response lies in what the client gets of it; the response itself where its dialect does not wrap it. */
export type Wrap = (response: JsonObject, id: string) => JsonObject;

interface Ending {
  readonly stop: CanonicalStop;
  readonly refusal: string | null;
  readonly usage: CanonicalUsage;
  readonly serviceTier: string | null;
  readonly citations: readonly Citation[];
}

export function encodeAnswer(answer: CanonicalAnswer, { model }: AnswerContext): JsonObject {
  const parts = answer.content.flatMap((block): JsonObject[] => {
    switch (block.type) {
      case 'text':
        return [{ text: block.text }];
      case 'thinking':
        return [{ text: block.text, thought: true, ...signed(block.signature) }];
      case 'hidden_thinking':
        return [{ text: '', thought: true, ...signed(block.signature) }];
      case 'tool_call':
        return [callPart(block.id, block.name, block.input, block.signature ?? null)];
    }
  });
  const citations = answer.content.flatMap((block) => (block.type === 'text' ? block.citations : []));
  return response(parts, { id: answer.id, model, ending: { ...answer, citations } });
}

function signed(signature: Signature | null): JsonObject {
  return signature === null ? {} : { thoughtSignature: writeSignature(signature, 'gemini') };
}

function callPart(id: string, name: string, args: JsonObject, signature: Signature | null): JsonObject {
  return { functionCall: { id, name, args }, ...signed(signature) };
}

function response(
  parts: readonly JsonObject[],
  { id, model, ending }: { readonly id: string; readonly model: string; readonly ending: Ending | null },
): JsonObject {
  const candidate = {
    // Clients take a content without parts for a broken one.
    content: { parts: parts.length === 0 ? [{ text: '' }] : parts, role: 'model' },
    ...(ending === null ? {} : endOfCandidate(ending)),
    index: 0,
  };
  return {
    candidates: [candidate],
    ...(ending === null ? {} : { usageMetadata: usageOf(ending) }),
    modelVersion: model,
    responseId: id,
  };
}

function endOfCandidate({ stop, refusal, citations }: Ending): JsonObject {
  return {
    finishReason: finishReasonOf(stop),
    ...(refusal === null ? {} : { finishMessage: refusal }),
    ...(citations.length === 0 ? {} : { groundingMetadata: { groundingChunks: citations.map(chunkOf) } }),
  };
}

function chunkOf({ url, title }: Citation): JsonObject {
  return { web: { uri: url, ...(title === null ? {} : { title }) } };
}

function usageOf({ usage, serviceTier }: Ending): JsonObject {
  return { ...writeUsage(usage), ...(serviceTier === null ? {} : { serviceTier }) };
}

/** Events, or elements of an array where the client asked for a stream of that form. */
export function encodeEvents({ model, facts }: AnswerContext, wrap: Wrap): EventEncoder {
  const array = facts.streamForm === 'array' ? new ArrayText() : null;
  const pieces = new Pieces();
  let id = '';
  const say = (parts: readonly JsonObject[], ending: Ending | null): string => {
    const data = wrap(response(parts, { id, model, ending }), id);
    return array === null ? sseEvent(null, data) : array.element(JSON.stringify(data));
  };
  return {
    push: (event) => {
      if (event.type === 'start') {
        id = event.id;
        return '';
      }
      if (event.type === 'finish') {
        return `${say([], { ...event, citations: pieces.citations })}${array?.end() ?? ''}`;
      }
      const part = pieces.read(event);
      return part === null ? '' : say([part], null);
    },
    // An empty line between events is none; between elements there is nothing to say.
    ping: () => (array === null ? '\r\n' : ''),
  };
}

type PieceEvent = Exclude<CanonicalEvent, { type: 'start' | 'finish' }>;

class Pieces {
  #call: { readonly id: string; readonly name: string; json: string; signature: Signature | null } | null =
    null;
  readonly citations: Citation[] = [];

  /** The part that can be said now. */
  read(event: PieceEvent): JsonObject | null {
    switch (event.type) {
      case 'block_start':
        if (event.block.type === 'tool_call') this.#call = { ...event.block, json: '', signature: null };
        return null;
      case 'text':
        return { text: event.text };
      case 'thinking':
        return { text: event.text, thought: true };
      case 'hidden_thinking':
        return { text: '', thought: true, ...signed(event.signature) };
      case 'input':
        if (this.#call !== null) this.#call.json += event.json;
        return null;
      case 'signature':
        if (this.#call === null) return { text: '', thought: true, ...signed(event.signature) };
        this.#call.signature = event.signature;
        return null;
      case 'citation':
        this.citations.push(event.citation);
        return null;
      case 'block_stop': {
        const call = this.#call;
        this.#call = null;
        return call === null ? null : callPart(call.id, call.name, readArguments(call.json), call.signature);
      }
    }
  }
}
