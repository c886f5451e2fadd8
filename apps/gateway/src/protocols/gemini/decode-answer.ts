// Owns reading Google's answers into the canonical form, whole ones and streams: both are responses whose parts follow
// one another.
import type { JsonObject } from '../../platform/json.ts';
import { AnswerCollector } from '../bridge/collect-answer.ts';
import type { CanonicalAnswer, CanonicalEvent, CanonicalUsage, Citation, Signature } from '../canonical.ts';
import { noUsage } from '../canonical.ts';
import type { EventDecoder } from '../codec.ts';
import { parseObject } from '../read.ts';
import { SseReader } from '../sse.ts';
import { isBreakdown, stopOf } from './finish.ts';
import { member, objectOf, objectsIn, textIn } from './read.ts';
import { readUsage, serviceTierOf, webSearchesOf } from './usage.ts';
import type { Unwrap } from './observe-stream.ts';

type FinishEvent = Extract<CanonicalEvent, { type: 'finish' }>;

/** Null where the body is no answer, or one in which the model broke down before it said anything. */
export function decodeAnswer(body: JsonObject): CanonicalAnswer | null {
  const reader = new ResponseReader();
  const collector = new AnswerCollector();
  let answer: CanonicalAnswer | null = null;
  for (const event of [...reader.read(body), ...reader.end()]) answer = collector.push(event);
  return answer;
}

export function decodeEvents(unwrap: Unwrap): EventDecoder {
  const reader = new ResponseReader();
  let events: CanonicalEvent[] = [];
  const sse = new SseReader((_name, data) => {
    const event = parseObject(data);
    if (event !== null) events.push(...reader.read(event['error'] === undefined ? unwrap(event) : event));
  });
  const take = (): CanonicalEvent[] => {
    const taken = events;
    events = [];
    return taken;
  };
  return {
    push: (chunk) => {
      sse.push(chunk);
      return take();
    },
    end: () => {
      sse.end();
      return [...take(), ...reader.end()];
    },
  };
}

/** Turns responses into events; an error says nothing here, and after it there is no finish. */
class ResponseReader {
  #id: string | null = null;
  #open: 'text' | 'thinking' | null = null;
  #calls = 0;
  #hasText = false;
  #hasFailed = false;
  #reason: string | null = null;
  #refusal: string | null = null;
  #usage: CanonicalUsage = noUsage;
  #webSearches = 0;
  #serviceTier: string | null = null;
  #model = '';
  readonly #cited = new Set<string>();

  read(response: JsonObject): CanonicalEvent[] {
    if (response['error'] !== undefined) this.#hasFailed = true;
    const [candidate] = objectsIn(response, 'candidates');
    const blocked = textIn(objectOf(response['promptFeedback']), 'blockReason');
    const isAnswer = candidate !== undefined || blocked !== null || response['usageMetadata'] !== undefined;
    if (this.#hasFailed || !isAnswer) return [];
    this.#model = textIn(response, 'modelVersion') ?? this.#model;
    this.#usage = readUsage(response['usageMetadata']) ?? this.#usage;
    this.#serviceTier = serviceTierOf(response['usageMetadata']) ?? this.#serviceTier;
    const events: CanonicalEvent[] = [];
    if (this.#id === null) {
      this.#id = textIn(response, 'responseId') ?? '';
      events.push({ type: 'start', id: this.#id, usage: this.#usage });
    }
    if (blocked !== null) {
      this.#reason ??= 'SAFETY';
      this.#refusal =
        textIn(objectOf(response['promptFeedback']), 'blockReasonMessage') ??
        `The prompt was blocked: ${blocked}`;
    }
    if (candidate !== undefined) events.push(...this.#candidate(candidate));
    return events;
  }

  end(): CanonicalEvent[] {
    const reason = this.#reason;
    if (this.#hasFailed || this.#id === null || reason === null) return [];
    if (isBreakdown(reason) && !this.#hasText && this.#calls === 0) return [];
    const stop = stopOf(reason, this.#calls > 0);
    const finish: FinishEvent = {
      type: 'finish',
      stop,
      stopSequence: null,
      refusal: stop === 'refusal' ? this.#refusal : null,
      usage: { ...this.#usage, webSearches: this.#webSearches },
      serviceTier: this.#serviceTier,
    };
    return [...this.#close(), finish];
  }

  #candidate(candidate: JsonObject): CanonicalEvent[] {
    const events = objectsIn(objectOf(candidate['content']), 'parts').flatMap((part) => this.#part(part));
    events.push(...this.#citations(candidate));
    this.#webSearches = Math.max(this.#webSearches, webSearchesOf(this.#model, candidate));
    const reason = textIn(candidate, 'finishReason');
    if (reason !== null && reason !== 'FINISH_REASON_UNSPECIFIED') {
      this.#reason ??= reason;
      this.#refusal ??= textIn(candidate, 'finishMessage');
    }
    return events;
  }

  #part(part: JsonObject): CanonicalEvent[] {
    const signed = textIn(part, 'thoughtSignature');
    const signature: Signature | null = signed === null ? null : { vendor: 'gemini', value: signed };
    const call = member(part, 'functionCall');
    if (call !== undefined) return this.#call(objectOf(call), signature);
    const text = textIn(part, 'text');
    if (text === null) return [];
    if (member(part, 'thought') !== true) {
      if (text === '') return [];
      this.#hasText = true;
      // A text's own signature is not asked for again, and no other dialect has a place for it.
      return [...this.#openBlock('text'), { type: 'text', text }];
    }
    return [
      ...(text === '' ? [] : [...this.#openBlock('thinking'), { type: 'thinking' as const, text }]),
      ...(signature === null || this.#open !== 'thinking' ? [] : [{ type: 'signature' as const, signature }]),
    ];
  }

  #openBlock(type: 'text' | 'thinking'): CanonicalEvent[] {
    if (this.#open === type) return [];
    const events = this.#close();
    this.#open = type;
    return [...events, { type: 'block_start', block: { type } }];
  }

  #close(): CanonicalEvent[] {
    if (this.#open === null) return [];
    this.#open = null;
    return [{ type: 'block_stop' }];
  }

  /** Comes whole: nobody asked for its arguments in pieces. */
  #call(call: JsonObject, signature: Signature | null): CanonicalEvent[] {
    const id = textIn(call, 'id') ?? `call_${this.#id ?? ''}_${this.#calls}`;
    this.#calls += 1;
    return [
      ...this.#close(),
      { type: 'block_start', block: { type: 'tool_call', id, name: textIn(call, 'name') ?? '' } },
      ...(signature === null ? [] : [{ type: 'signature' as const, signature }]),
      { type: 'input', json: JSON.stringify(objectOf(call['args'])) },
      { type: 'block_stop' },
    ];
  }

  /** Sources are told beside the text they belong to, mostly with its end. */
  #citations(candidate: JsonObject): CanonicalEvent[] {
    if (this.#open !== 'text') return [];
    return citationsOf(candidate).flatMap((citation): CanonicalEvent[] => {
      if (this.#cited.has(citation.url)) return [];
      this.#cited.add(citation.url);
      return [{ type: 'citation', citation }];
    });
  }
}

function citationsOf(candidate: JsonObject): Citation[] {
  const chunks = objectsIn(objectOf(candidate['groundingMetadata']), 'groundingChunks').map((chunk) =>
    objectOf(chunk['web']),
  );
  const sources = [...chunks, ...objectsIn(objectOf(candidate['citationMetadata']), 'citations')];
  return sources.flatMap((source) => {
    const url = textIn(source, 'uri');
    return url === null ? [] : [{ url, title: textIn(source, 'title') }];
  });
}
