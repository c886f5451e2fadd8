// OpenAI's API: chat completions, completions, responses, embeddings and models.
import type { IncomingHttpHeaders } from 'node:http';
import { listOf, objectOf, stringOf } from '../../json.ts';
import { decodeSegment } from '../../paths.ts';
import { BYTES_PER_TOKEN } from '../../text.ts';
import { acceptsKey, bearerCredential } from '../credentials.ts';
import type {
  Answer,
  Call,
  Credential,
  Failure,
  JsonAnswer,
  StreamEvent,
  TokenCounts,
  Vendor,
  VendorSettings,
} from '../vendor.ts';
import { checkChat } from './chat-prompt.ts';
import { checkCompletion } from './completions.ts';
import { checkEmbeddings, embeddings } from './embeddings.ts';
import { errorObject, keyMissing, keyWrong } from './errors.ts';
import { type HeadersFor, OpenAiModels, promptAt, streamError } from './generation.ts';
import { findModel, listModels, unknownModel } from './models.ts';
import { ResponseHeaders } from './response-headers.ts';
import { checkResponses } from './responses-prompt.ts';

const PREFIX = '/v1/';

export function createOpenAi(settings: VendorSettings): Vendor {
  return new OpenAi(settings);
}

class OpenAi implements Vendor {
  readonly id = 'openai';
  readonly #settings: VendorSettings;
  readonly #models: OpenAiModels;
  readonly #headers = new ResponseHeaders();

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#models = new OpenAiModels(settings);
  }

  serves(path: string, headers: IncomingHttpHeaders): boolean {
    return path.startsWith(PREFIX) && headers['anthropic-version'] === undefined;
  }

  credential(headers: IncomingHttpHeaders): Credential {
    return bearerCredential(headers);
  }

  model(body: unknown): string {
    return stringOf(objectOf(body)['model']);
  }

  prompt(body: unknown, path: string): string {
    return promptAt(path, body);
  }

  answer(call: Call): Answer {
    const { apiKey } = call.credential;
    if (apiKey === null) return this.failure(call, keyMissing());
    if (!acceptsKey(this.#settings, apiKey)) return this.failure(call, keyWrong(apiKey));
    const [resource = '', id = '', part = ''] = call.path.slice(PREFIX.length).split('/');
    if (resource === 'responses') return this.#responses(call, decodeSegment(id), part);
    if (resource === 'models') return this.#listOrModel(call, decodeSegment(id));
    if (call.method !== 'POST') return this.#wrongMethod(call);
    switch (`${resource}/${id}`) {
      case 'chat/completions':
        return this.#generation(call, checkChat(call.body), (model, headersFor) =>
          this.#models.chat(call, model, headersFor),
        );
      case 'completions/':
        return this.#generation(call, checkCompletion(call.body), (model, headersFor) =>
          this.#models.completion(call, model, headersFor),
        );
      case 'embeddings/':
        return this.#generation(call, checkEmbeddings(call.body), () => this.#embeddings(call));
      default:
        return this.#notFound(call);
    }
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    const error = errorObject(failure);
    const rejected = failure.status === 429 && error['type'] !== 'insufficient_quota';
    const headers = this.#headers.build(call, null, rejected);
    return { kind: 'json', status: failure.status, headers, body: { error } };
  }

  errorEvent(call: Call, type: string | undefined, message: string | undefined, index: number): StreamEvent {
    return streamError(call, type, message, index);
  }

  reset(): void {
    this.#models.clear();
    this.#headers.clear();
  }

  #generation(
    call: Call,
    problem: Failure | null,
    generate: (model: string, headersFor: HeadersFor) => Answer,
  ): Answer {
    const model = this.model(call.body);
    const refusal = problem ?? unknownModel(model);
    if (refusal !== null) return this.failure(call, refusal);
    return generate(model, (tokens) => this.#headers.build(call, tokens));
  }

  #embeddings(call: Call): Answer {
    const { body, tokens } = embeddings(call.body);
    return this.#json(call, body, tokens);
  }

  #responses(call: Call, id: string, part: string): Answer {
    if (call.method === 'POST' && part === '') {
      if (id === '') return this.#createResponse(call);
      if (id === 'compact') {
        return this.#generation(call, checkResponses(call.body), (model, headersFor) =>
          this.#models.compact(call, model, headersFor),
        );
      }
      if (id === 'input_tokens') {
        const tokens = Math.max(1, Math.ceil(call.rawBody.length / BYTES_PER_TOKEN));
        return this.#json(call, { object: 'response.input_tokens', input_tokens: tokens });
      }
    }
    if (id === '') return this.#wrongMethod(call);
    return this.#storedResponse(call, id, part);
  }

  #createResponse(call: Call): Answer {
    const previous = stringOf(objectOf(call.body)['previous_response_id']);
    if (previous !== '' && this.#models.stored.find(call, previous) === null) {
      const message = `Previous response with id '${previous}' not found.`;
      return this.failure(call, { status: 400, type: 'previous_response_not_found', message });
    }
    return this.#generation(call, checkResponses(call.body), (model, headersFor) =>
      this.#models.responses(call, model, headersFor),
    );
  }

  #storedResponse(call: Call, id: string, part: string): Answer {
    const found = this.#models.stored.find(call, id);
    if (found === null) {
      return this.failure(call, { status: 404, message: `Response with id '${id}' not found.` });
    }
    switch (`${call.method} ${part}`) {
      case 'GET ':
        return this.#fetchResponse(call, found);
      case 'DELETE ':
        this.#models.stored.remove(call, id);
        return this.#json(call, { id, object: 'response', deleted: true });
      case 'GET input_items':
        return this.#json(call, { object: 'list', data: listOf(found.input), has_more: false });
      case 'POST cancel':
        return this.failure(call, {
          status: 400,
          message: 'Only responses created with background=true can be canceled.',
        });
      default:
        return this.#notFound(call);
    }
  }

  #fetchResponse(call: Call, found: { response: object; events: readonly StreamEvent[] }): Answer {
    const query = new URLSearchParams(call.query);
    if (query.get('stream') !== 'true') return this.#json(call, found.response);
    const after = query.get('starting_after');
    const events = found.events.slice(after === null ? 0 : Number(after) + 1);
    // Fetching is free: whoever reads the usage here was told it before.
    const untold = events.map(({ tokens: _told, ...event }) => event);
    return {
      kind: 'stream',
      status: 200,
      headers: this.#headers.build(call, null),
      events: untold,
      paceMs: 0,
    };
  }

  #listOrModel(call: Call, id: string): Answer {
    if (call.method !== 'GET') return this.#wrongMethod(call);
    if (id === '') return this.#json(call, listModels());
    const refusal = unknownModel(id);
    return refusal === null ? this.#json(call, findModel(id)) : this.failure(call, refusal);
  }

  #wrongMethod(call: Call): JsonAnswer {
    if (call.headers.upgrade !== undefined) return this.failure(call, { status: 426 });
    const message = `Not allowed to ${call.method} on ${call.path}.`;
    return this.failure(call, { status: 405, message });
  }

  #notFound(call: Call): JsonAnswer {
    return this.failure(call, { status: 404, message: `Invalid URL (${call.method} ${call.path})` });
  }

  #json(call: Call, body: unknown, tokens?: TokenCounts): JsonAnswer {
    const headers = this.#headers.build(call, tokens ?? null);
    return { kind: 'json', status: 200, headers, body, ...(tokens === undefined ? {} : { tokens }) };
  }
}
