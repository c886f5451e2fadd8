// The Gemini API with a key: generateContent, streamGenerateContent, countTokens and models.
import type { IncomingHttpHeaders } from 'node:http';
import { type JsonObject, isObject, objectOf } from '../../json.ts';
import { decodeSegment } from '../../paths.ts';
import { acceptsKey, bearerCredential, headerCredential } from '../credentials.ts';
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
import { googleError } from './errors.ts';
import { GeminiModels, streamFailure, wantsEvents } from './generation.ts';
import { describeModel, listModels, unknownModel } from './models.ts';
import { checkGemini, lastGeminiTurn } from './prompt.ts';

const PATH = /^\/(v1(?:beta|alpha)?)\/models(?:\/([^/:]+)(?::(\w+))?)?$/u;
const HEADERS = { 'x-gemini-service-tier': 'standard' } as const;

interface Place {
  version: string;
  model: string;
  method: string;
}

export function createGemini(settings: VendorSettings): Vendor {
  return new Gemini(settings);
}

class Gemini implements Vendor {
  readonly id = 'gemini';
  readonly #settings: VendorSettings;
  readonly #models: GeminiModels;

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#models = new GeminiModels(settings);
  }

  /** `/v1/models` is other vendors' too: theirs unless a method or a key of Google's is there. */
  serves(path: string, headers: IncomingHttpHeaders, query: string): boolean {
    if (/^\/v1(?:beta|alpha)\//u.test(path)) return true;
    const place = placeOf(path);
    if (place === null) return false;
    const { scheme } = this.credential(headers, query);
    return place.method !== '' || scheme === 'x-goog-api-key' || scheme === 'query';
  }

  credential(headers: IncomingHttpHeaders, query: string): Credential {
    const header = headerCredential(headers, 'x-goog-api-key');
    if (header !== null) return header;
    const key = new URLSearchParams(query).get('key');
    return key === null || key === '' ? bearerCredential(headers) : { apiKey: key, scheme: 'query' };
  }

  model(_body: unknown, path: string): string {
    return placeOf(path)?.model ?? '';
  }

  prompt(body: unknown): string {
    return lastGeminiTurn(body).text;
  }

  answer(call: Call): Answer {
    const refusal = this.#checkCredential(call);
    if (refusal !== null) return this.failure(call, refusal);
    const place = placeOf(call.path);
    if (place === null) return this.failure(call, { status: 404 });
    if (call.method === 'GET' && place.method === '') {
      if (place.model === '') return json(listModels(call.query));
      const unknown = unknownModel(place.model, place.version, 'GetModel');
      return unknown === null ? json(describeModel(place.model)) : this.failure(call, unknown);
    }
    return call.method === 'POST' ? this.#method(call, place) : this.failure(call, { status: 404 });
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    const error = googleError(failure, this.model(call.body, call.path));
    // Where a stream is an array, its error is one too.
    const inArray = placeOf(call.path)?.method === 'streamGenerateContent' && !wantsEvents(call);
    return { ...json(inArray ? [error] : error), status: failure.status };
  }

  errorEvent(call: Call, type: string | undefined, message: string | undefined, index: number): StreamEvent {
    const failure = { status: type === 'RESOURCE_EXHAUSTED' ? 429 : 503, type, message };
    return streamFailure(call, googleError(failure, this.model(call.body, call.path)), index);
  }

  reset(): void {
    this.#models.clear();
  }

  #method(call: Call, { version, model, method }: Place): Answer {
    const unknown = unknownModel(model, version, method);
    if (unknown !== null) return this.failure(call, unknown);
    if (method === 'countTokens') {
      if (!isObject(call.body)) return this.failure(call, { status: 400 });
      return json(this.#models.countTokens(call));
    }
    const problem = checkGemini(call.body, model);
    if (problem !== null) return this.failure(call, problem);
    const body = objectOf(call.body);
    switch (method) {
      case 'generateContent':
        return this.#models.whole(call, body, model, { ...HEADERS }, unwrapped);
      case 'streamGenerateContent':
        return this.#models.stream(call, body, model, { ...HEADERS }, unwrapped);
      default:
        return this.failure(call, { status: 404 });
    }
  }

  #checkCredential({ credential: { apiKey, scheme } }: Call): Failure | null {
    if (apiKey === null) {
      const message =
        "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other form of API consumer identity to call this API.";
      return { status: 403, message };
    }
    if (acceptsKey(this.#settings, apiKey)) return null;
    if (scheme === 'bearer') return { status: 401 };
    return {
      status: 400,
      type: 'API_KEY_INVALID',
      message: 'API key not valid. Please pass a valid API key.',
    };
  }
}

function placeOf(path: string): Place | null {
  const match = PATH.exec(decodeSegment(path));
  if (match === null) return null;
  const [, version = '', model = '', method = ''] = match;
  return { version, model, method };
}

function unwrapped(response: JsonObject): JsonObject {
  return response;
}

function json(body: unknown): JsonAnswer {
  return {
    kind: 'json',
    status: 200,
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body,
  };
}
