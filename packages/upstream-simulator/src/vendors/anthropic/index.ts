// Anthropic's Messages API: messages, count_tokens and models.
import type { IncomingHttpHeaders } from 'node:http';
import { compose } from '../../compose.ts';
import { objectOf, stringOf } from '../../json.ts';
import { digest } from '../../seed.ts';
import { decodeSegment } from '../../paths.ts';
import { BYTES_PER_TOKEN } from '../../text.ts';
import { bearerCredential, headerCredential } from '../credentials.ts';
import type {
  Answer,
  Call,
  Credential,
  Failure,
  JsonAnswer,
  StreamEvent,
  Vendor,
  VendorSettings,
} from '../vendor.ts';
import { checkBody, checkCredential } from './check-request.ts';
import { errorAnswer, errorEvent } from './errors.ts';
import { messageEvents, messageId, wholeMessage, workMs } from './message.ts';
import { findModel, listModels } from './models.ts';
import { PromptCache } from './prompt-cache.ts';
import { askOf, lastTurn } from './prompt.ts';
import { ResponseHeaders } from './response-headers.ts';

const MESSAGES = '/v1/messages';
const COUNT_TOKENS = '/v1/messages/count_tokens';
const MODELS = '/v1/models';

export function createAnthropic(settings: VendorSettings): Vendor {
  return new Anthropic(settings);
}

class Anthropic implements Vendor {
  readonly id = 'anthropic';
  readonly #settings: VendorSettings;
  readonly #cache = new PromptCache();
  readonly #headers = new ResponseHeaders();

  constructor(settings: VendorSettings) {
    this.#settings = settings;
  }

  serves(path: string, headers: IncomingHttpHeaders): boolean {
    return (
      path.startsWith(MESSAGES) || (path.startsWith(MODELS) && headers['anthropic-version'] !== undefined)
    );
  }

  /** `x-api-key` wins over a bearer. */
  credential(headers: IncomingHttpHeaders): Credential {
    return headerCredential(headers, 'x-api-key') ?? bearerCredential(headers);
  }

  model(body: unknown): string {
    return stringOf(objectOf(body)['model']);
  }

  prompt(body: unknown): string {
    return lastTurn(body).text;
  }

  answer(call: Call): Answer {
    const refusal = checkCredential(call, this.#settings);
    if (refusal !== null) return this.failure(call, refusal);
    if (call.method === 'POST' && call.path === MESSAGES) return this.#message(call);
    if (call.method === 'POST' && call.path === COUNT_TOKENS) return this.#tokenCount(call);
    if (call.method === 'GET' && call.path === MODELS) return this.#json(call, listModels(call.query));
    if (call.method === 'GET' && call.path.startsWith(`${MODELS}/`)) return this.#model(call);
    const known = call.path === MESSAGES || call.path === COUNT_TOKENS || call.path.startsWith(MODELS);
    return this.failure(
      call,
      known
        ? { status: 405, type: 'invalid_request_error', message: 'Method Not Allowed' }
        : { status: 404, message: 'Not Found' },
    );
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    return errorAnswer(call, failure, this.#headers.build(call, null, failure.status === 429));
  }

  errorEvent(call: Call, type: string | undefined, message: string | undefined): StreamEvent {
    return errorEvent(call, type, message);
  }

  reset(): void {
    this.#cache.clear();
    this.#headers.clear();
  }

  #message(call: Call): Answer {
    const problem = checkBody(call, true);
    if (problem !== null) return this.failure(call, problem);
    const body = objectOf(call.body);
    const seed = digest(call.rawBody);
    const said = compose(askOf(body), seed);
    const tokens = { ...this.#cache.count(call), outputTokens: said.outputTokens };
    const headers = this.#headers.build(call, tokens);
    const id = messageId(seed);
    const model = this.model(body);
    const paceMs = said.paceMs ?? this.#settings.paceMs;
    if (body['stream'] === true) {
      headers['cache-control'] = 'no-cache';
      return { kind: 'stream', status: 200, headers, events: messageEvents(id, model, said, tokens), paceMs };
    }
    const message = wholeMessage(id, model, said, tokens);
    return { kind: 'json', status: 200, headers, body: message, tokens, workMs: workMs(said, paceMs) };
  }

  #tokenCount(call: Call): Answer {
    const problem = checkBody(call, false);
    if (problem !== null) return this.failure(call, problem);
    return this.#json(call, { input_tokens: Math.max(1, Math.ceil(call.rawBody.length / BYTES_PER_TOKEN)) });
  }

  #model(call: Call): Answer {
    const found = findModel(decodeSegment(call.path.slice(MODELS.length + 1)));
    return isFailure(found) ? this.failure(call, found) : this.#json(call, found);
  }

  #json(call: Call, body: unknown): JsonAnswer {
    return { kind: 'json', status: 200, headers: this.#headers.build(call, null), body };
  }
}

function isFailure(value: object): value is Failure {
  return 'status' in value;
}
