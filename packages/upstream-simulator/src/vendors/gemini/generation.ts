// What Gemini's models answer, whoever serves them: the API with a key, or Code Assist, which wraps every response.
import { compose } from '../../compose.ts';
import { ImplicitCache } from '../../implicit-cache.ts';
import type { JsonObject } from '../../json.ts';
import { digest } from '../../seed.ts';
import { BYTES_PER_TOKEN } from '../../text.ts';
import type { Answer, Call, Headers, StreamEvent, TokenCounts, VendorSettings } from '../vendor.ts';
import { type GeminiAnswer, contentChunks, contentWorkMs, wholeContent } from './content.ts';
import { askOfGemini, geminiBlocks } from './prompt.ts';

export type Wrap = (response: JsonObject) => JsonObject;

export class GeminiModels {
  readonly #cache = new ImplicitCache();
  readonly #paceMs: number;

  constructor(settings: VendorSettings) {
    this.#paceMs = settings.paceMs;
  }

  clear(): void {
    this.#cache.clear();
  }

  /** `body`: the generateContent request, which may lie inside the call's. */
  whole(call: Call, body: unknown, model: string, headers: Headers, wrap: Wrap): Answer {
    const answer = this.#generate(call, body, model);
    const { said, tokens } = answer;
    const workMs = contentWorkMs(said, said.paceMs ?? this.#paceMs);
    return { kind: 'json', status: 200, headers, body: wrap(wholeContent(answer)), tokens, workMs };
  }

  /** With `alt=sse` events, without it an array that grows. */
  stream(call: Call, body: unknown, model: string, headers: Headers, wrap: Wrap): Answer {
    const answer = this.#generate(call, body, model);
    const paceMs = answer.said.paceMs ?? this.#paceMs;
    const sse = wantsEvents(call);
    const chunks = contentChunks(answer);
    const events = chunks.map(({ response, tokens, paced }, index): StreamEvent => {
      const json = JSON.stringify(wrap(response));
      const bytes = sse ? {} : { bytes: arrayItem(json, index, index === chunks.length - 1) };
      return { name: null, data: json, tokens, paced, crlf: true, ...bytes };
    });
    const contentType = sse ? 'text/event-stream' : 'application/json; charset=UTF-8';
    return {
      kind: 'stream',
      status: 200,
      headers: { ...headers, 'content-type': contentType },
      events,
      paceMs,
    };
  }

  /** Counting is free and writes nothing to the cache. */
  countTokens(call: Call): JsonObject {
    const totalTokens = Math.max(1, Math.ceil(call.rawBody.length / BYTES_PER_TOKEN));
    return { totalTokens, promptTokensDetails: [{ modality: 'TEXT', tokenCount: totalTokens }] };
  }

  #generate(call: Call, body: unknown, model: string): GeminiAnswer {
    const seed = digest(call.rawBody);
    const said = compose(askOfGemini(body, model), seed);
    const counted = this.#cache.count(call, model, geminiBlocks(body), false);
    const tokens: TokenCounts = { ...counted, outputTokens: said.outputTokens };
    return { seed, model, said, tokens };
  }
}

/** An error in the place of a response: the last event, or the last item of the array. */
export function streamFailure(call: Call, error: JsonObject, index: number): StreamEvent {
  const json = JSON.stringify(error);
  const event: StreamEvent = { name: null, data: json, crlf: true };
  return wantsEvents(call) ? event : { ...event, bytes: arrayItem(json, index, true) };
}

export function wantsEvents(call: Call): boolean {
  return new URLSearchParams(call.query).get('alt') === 'sse';
}

function arrayItem(json: string, index: number, last: boolean): Buffer {
  return Buffer.from(`${index === 0 ? '[' : ',\r\n'}${json}${last ? '\n]' : '\n'}`);
}
