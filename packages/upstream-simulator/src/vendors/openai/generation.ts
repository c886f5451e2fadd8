// What OpenAI's models answer, whoever serves them: OpenAI itself, Azure, the ChatGPT backend.
import { type Ask, type Composition, compose } from '../../compose.ts';
import { ImplicitCache } from '../../implicit-cache.ts';
import { type JsonObject, listOf, objectOf, stringOf } from '../../json.ts';
import { digest, seededId } from '../../seed.ts';
import type { Answer, Call, Failure, Headers, StreamEvent, TokenCounts, VendorSettings } from '../vendor.ts';
import { type ChatAnswer, chatWorkMs, completionChunks, wholeCompletion } from './chat.ts';
import { askOfChat, chatBlocks, lastChatTurn } from './chat-prompt.ts';
import {
  askOfCompletion,
  completionPrompt,
  textCompletionChunks,
  textWorkMs,
  wholeTextCompletion,
} from './completions.ts';
import { createdAt } from './created-at.ts';
import { errorObject } from './errors.ts';
import { ResponseStore } from './response-store.ts';
import { type ResponsesAnswer, openResponse, responseId, wholeResponse } from './responses.ts';
import { numbered, responseEvents, responsePieces } from './responses-events.ts';
import { askOfResponses, lastResponsesTurn, responsesBlocks } from './responses-prompt.ts';
import { countsCacheWrites, responsesUsage } from './usage.ts';

export type HeadersFor = (tokens: TokenCounts | null) => Headers;

export class OpenAiModels {
  readonly stored = new ResponseStore();
  readonly #cache = new ImplicitCache();
  readonly #paceMs: number;

  constructor(settings: VendorSettings) {
    this.#paceMs = settings.paceMs;
  }

  clear(): void {
    this.stored.clear();
    this.#cache.clear();
  }

  /** `model`: what the answer calls itself. */
  chat(call: Call, model: string, headersFor: HeadersFor): Answer {
    const answer = this.#generate(call, model, askOfChat(call.body), chatBlocks(call.body));
    const paceMs = answer.said.paceMs ?? this.#paceMs;
    return objectOf(call.body)['stream'] === true
      ? stream(completionChunks(answer, call.body), headersFor(answer.tokens), paceMs)
      : whole(
          wholeCompletion(answer),
          answer.tokens,
          headersFor(answer.tokens),
          chatWorkMs(answer.said, paceMs),
        );
  }

  completion(call: Call, model: string, headersFor: HeadersFor): Answer {
    const answer = this.#generate(call, model, askOfCompletion(call.body), [completionPrompt(call.body)]);
    const paceMs = answer.said.paceMs ?? this.#paceMs;
    return objectOf(call.body)['stream'] === true
      ? stream(textCompletionChunks(answer, call.body), headersFor(answer.tokens), paceMs)
      : whole(
          wholeTextCompletion(answer),
          answer.tokens,
          headersFor(answer.tokens),
          textWorkMs(answer.said, paceMs),
        );
  }

  responses(call: Call, model: string, headersFor: HeadersFor): Answer {
    const body: JsonObject = { ...objectOf(call.body), model };
    const { seed, said, tokens } = this.#generate(call, model, askOfResponses(body), responsesBlocks(body));
    const answer: ResponsesAnswer = { seed, body, said, tokens };
    const response = wholeResponse(answer);
    if (body['store'] !== false) {
      const input = typeof body['input'] === 'string' ? [body['input']] : listOf(body['input']);
      this.stored.keep(call, stringOf(response['id']), { response, input, events: responseEvents(answer) });
    }
    const paceMs = said.paceMs ?? this.#paceMs;
    if (body['stream'] === true) return stream(responseEvents(answer), headersFor(tokens), paceMs);
    return whole(response, tokens, headersFor(tokens), paceMs === 0 ? 0 : paceMs * responsePieces(answer));
  }

  /** The conversation in short: what the user said stays, the rest becomes one encrypted item. */
  compact(call: Call, model: string, headersFor: HeadersFor): Answer {
    const body = objectOf(call.body);
    const { seed, said, tokens } = this.#generate(call, model, askOfResponses(body), responsesBlocks(body));
    const kept = listOf(body['input']).filter((item) => objectOf(item)['role'] === 'user');
    const compaction = {
      id: seededId('cmp_', `compaction ${seed}`),
      type: 'compaction',
      encrypted_content: `gAAAAAB${Buffer.from(digest(seed).repeat(3)).toString('base64')}`,
    };
    const messages = kept.map((item, index) => ({
      id: seededId('msg_', `kept ${seed} ${index}`),
      type: 'message',
      status: 'completed',
      ...objectOf(item),
    }));
    const response = {
      id: responseId(`compact ${seed}`),
      object: 'response.compaction',
      created_at: createdAt(seed),
      output: [...messages, compaction],
      usage: responsesUsage(tokens, said.thinkingTokens),
    };
    return whole(response, tokens, headersFor(tokens), 0);
  }

  #generate(call: Call, model: string, ask: Ask, blocks: readonly unknown[]): ChatAnswer {
    const seed = digest(call.rawBody);
    const said: Composition = compose(ask, seed);
    const counted = this.#cache.count(call, model, blocks, countsCacheWrites(model));
    return { seed, model, said, tokens: { ...counted, outputTokens: said.outputTokens } };
  }
}

/** What the user said last, whichever of the three APIs the path names. */
export function promptAt(path: string, body: unknown): string {
  if (path.includes('/responses')) return lastResponsesTurn(body).text;
  return path.endsWith('/chat/completions') ? lastChatTurn(body).text : completionPrompt(body);
}

/**
 * A failure inside a stream. The Responses API reports it as `response.failed` with its code, or as a bare `error`
 * event if the type is `error`; the others send an object with an error.
 */
export function streamError(
  call: Call,
  type: string | undefined,
  message: string | undefined,
  index: number,
): StreamEvent {
  const failure: Failure = { status: type === 'rate_limit_exceeded' ? 429 : 500, type, message };
  if (!call.path.includes('/responses')) {
    return { name: null, data: JSON.stringify({ error: errorObject(failure) }) };
  }
  const bare = type === 'error';
  const error = errorObject(bare ? { ...failure, type: undefined } : failure);
  const code = error['code'] ?? error['type'];
  if (bare) {
    return numbered({ type: 'error', fields: { code, message: error['message'], param: null } }, index);
  }
  const changes = { status: 'failed', error: { code, message: error['message'] } };
  const response = openResponse(objectOf(call.body), digest(call.rawBody), changes);
  return numbered({ type: 'response.failed', fields: { response } }, index);
}

function stream(events: StreamEvent[], headers: Headers, paceMs: number): Answer {
  return { kind: 'stream', status: 200, headers, events, paceMs };
}

function whole(body: JsonObject, tokens: TokenCounts, headers: Headers, workMs: number): Answer {
  return { kind: 'json', status: 200, headers, body, tokens, workMs };
}
