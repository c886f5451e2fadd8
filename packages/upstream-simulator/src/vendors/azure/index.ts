// Azure OpenAI: the dated surface with deployments in the path, and v1 with the deployment as the model.
import type { IncomingHttpHeaders } from 'node:http';
import { type JsonObject, listOf, objectOf, parseJson, stringOf } from '../../json.ts';
import { decodeSegment } from '../../paths.ts';
import { seededUuid } from '../../seed.ts';
import { UsageWindows } from '../../usage-windows.ts';
import { acceptsKey, bearerCredential, headerCredential } from '../credentials.ts';
import { checkChat } from '../openai/chat-prompt.ts';
import { checkCompletion } from '../openai/completions.ts';
import { checkEmbeddings, embeddings } from '../openai/embeddings.ts';
import { OpenAiModels, promptAt, streamError } from '../openai/generation.ts';
import { listModels, unknownModel } from '../openai/models.ts';
import { checkResponses } from '../openai/responses-prompt.ts';
import type {
  Answer,
  Call,
  Credential,
  Failure,
  Headers,
  JsonAnswer,
  StreamEvent,
  TokenCounts,
  Vendor,
  VendorSettings,
} from '../vendor.ts';
import { azureError, cleanContent } from './errors.ts';

const PATH =
  /^\/openai\/(?:(v1)\/|deployments\/([^/]+)\/)?(chat\/completions|completions|embeddings|responses|models)$/u;
const VERSION = /^\d{4}-\d\d-\d\d(?:-preview)?$/u;
const REQUESTS_PER_MINUTE = 100;
const TOKENS_PER_MINUTE = 100_000;
const RETRY_SECONDS = 26;

interface Place {
  v1: boolean;
  /** Empty where the body names it. */
  deployment: string;
  operation: string;
}

export function createAzure(settings: VendorSettings): Vendor {
  return new Azure(settings);
}

class Azure implements Vendor {
  readonly id = 'azure';
  readonly #settings: VendorSettings;
  readonly #models: OpenAiModels;
  readonly #windows = new UsageWindows();

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#models = new OpenAiModels(settings);
  }

  serves(path: string): boolean {
    return path.startsWith('/openai/');
  }

  credential(headers: IncomingHttpHeaders): Credential {
    return headerCredential(headers, 'api-key') ?? bearerCredential(headers);
  }

  /** The deployment, from the path or from the body. */
  model(body: unknown, path: string): string {
    const deployment = placeOf(path)?.deployment ?? '';
    return deployment === '' ? stringOf(objectOf(body)['model']) : deployment;
  }

  prompt(body: unknown, path: string): string {
    return promptAt(path, body);
  }

  answer(call: Call): Answer {
    const { apiKey } = call.credential;
    if (apiKey === null || !acceptsKey(this.#settings, apiKey)) return this.failure(call, { status: 401 });
    const place = placeOf(call.path);
    if (place === null || !versionFits(place, call.query)) return this.failure(call, { status: 404 });
    if (place.operation === 'models') {
      return { kind: 'json', status: 200, headers: this.#headers(call, null), body: listModels() };
    }
    if (call.method !== 'POST') return this.failure(call, { status: 405, message: 'Method Not Allowed' });
    return this.#operate(call, place);
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    const headers = this.#headers(call, null, failure.status === 429);
    return { kind: 'json', status: failure.status, headers, body: { error: azureError(failure) } };
  }

  errorEvent(call: Call, type: string | undefined, message: string | undefined, index: number): StreamEvent {
    return streamError(call, type, message, index);
  }

  reset(): void {
    this.#models.clear();
    this.#windows.clear();
  }

  #operate(original: Call, { deployment, operation }: Place): Answer {
    const name = deployment === '' ? this.model(original.body, original.path) : deployment;
    // The dated surface needs no model in the body.
    const call = { ...original, body: { ...objectOf(original.body), model: name } };
    const problem = original.body === undefined ? { status: 400 } : checkOperation(operation, call.body);
    if (problem !== null) return this.failure(original, problem);
    if (unknownModel(name) !== null)
      return this.failure(original, { status: 404, type: 'DeploymentNotFound' });
    const model = baseModelOf(name);
    const headersFor = (tokens: TokenCounts | null): Headers => this.#headers(call, tokens);
    switch (operation) {
      case 'chat/completions':
        return filtered(this.#models.chat(call, model, headersFor));
      case 'completions':
        return this.#models.completion(call, model, headersFor);
      case 'responses':
        return this.#models.responses(call, model, headersFor);
      default: {
        const { body, tokens } = embeddings({ ...call.body, model });
        return { kind: 'json', status: 200, headers: headersFor(tokens), body, tokens };
      }
    }
  }

  #headers(call: Call, tokens: TokenCounts | null, rejected = false): Headers {
    const window = this.#windows.take(call, tokens, Date.now());
    const left = (limit: number, used: number): string => String(rejected ? 0 : Math.max(0, limit - used));
    return {
      'apim-request-id': seededUuid(`apim ${call.requestId}`),
      'x-request-id': seededUuid(call.requestId),
      'x-ms-region': 'Sweden Central',
      'x-ratelimit-remaining-requests': left(REQUESTS_PER_MINUTE, window.requests),
      'x-ratelimit-remaining-tokens': left(TOKENS_PER_MINUTE, window.tokens),
      ...(rejected
        ? { 'retry-after': String(RETRY_SECONDS), 'retry-after-ms': String(1000 * RETRY_SECONDS) }
        : {}),
    };
  }
}

function placeOf(path: string): Place | null {
  const match = PATH.exec(path);
  if (match === null) return null;
  const [, v1, deployment = '', operation = ''] = match;
  return { v1: v1 !== undefined, deployment: decodeSegment(deployment), operation };
}

/** Dated paths need a version; v1 takes none but `preview` and `v1`. */
function versionFits({ v1 }: Place, query: string): boolean {
  const version = new URLSearchParams(query).get('api-version');
  return v1
    ? version === null || version === 'preview' || version === 'latest' || version === 'v1'
    : VERSION.test(version ?? '');
}

function checkOperation(operation: string, body: unknown): Failure | null {
  switch (operation) {
    case 'chat/completions':
      return checkChat(body);
    case 'completions':
      return checkCompletion(body);
    case 'responses':
      return checkResponses(body);
    default:
      return checkEmbeddings(body);
  }
}

/** Deployments are named freely; one that is called like a model is one of that model. */
function baseModelOf(deployment: string): string {
  return /^(?:gpt-|o\d|text-embedding-)/u.test(deployment) ? deployment : 'gpt-4.1-2025-04-14';
}

/** The filter speaks first, before any choice, and then of every choice. */
function filtered(answer: Answer): Answer {
  const prompt = [
    {
      prompt_index: 0,
      content_filter_results: { ...cleanContent(), jailbreak: { filtered: false, detected: false } },
    },
  ];
  if (answer.kind === 'json') {
    return { ...answer, body: { ...withChoices(objectOf(answer.body)), prompt_filter_results: prompt } };
  }
  const first = { choices: [], created: 0, id: '', model: '', object: '', prompt_filter_results: prompt };
  const events = answer.events.map((event) => {
    const data = parseJson(event.data);
    return data === undefined ? event : { ...event, data: JSON.stringify(withChoices(objectOf(data))) };
  });
  return { ...answer, events: [{ name: null, data: JSON.stringify(first) }, ...events] };
}

function withChoices(completion: JsonObject): JsonObject {
  const choices = listOf(completion['choices']).map((item) => {
    const choice = objectOf(item);
    const content = objectOf(choice['delta'] ?? choice['message'])['content'];
    const spoken = typeof content === 'string' && content !== '';
    return { content_filter_results: spoken ? cleanContent() : {}, ...choice };
  });
  // Azure pads nothing.
  const { obfuscation: _dropped, ...rest } = completion;
  return { ...rest, choices };
}
