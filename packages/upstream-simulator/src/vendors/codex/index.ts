// The ChatGPT backend as Codex uses it: the Responses API for a login, with the limits of the plan in its headers.
import type { IncomingHttpHeaders } from 'node:http';
import { type JsonObject, objectOf, stringOf } from '../../json.ts';
import { retrySeconds } from '../../retry-after.ts';
import { seededInteger, seededUuid } from '../../seed.ts';
import { acceptsKey, bearerCredential } from '../credentials.ts';
import { chatGptAccountOf } from '../oauth/openai.ts';
import { errorObject } from '../openai/errors.ts';
import { OpenAiModels, streamError } from '../openai/generation.ts';
import { unknownModel } from '../openai/models.ts';
import { checkResponses, lastResponsesTurn } from '../openai/responses-prompt.ts';
import type {
  Answer,
  Call,
  Credential,
  Failure,
  Headers,
  JsonAnswer,
  StreamEvent,
  Vendor,
  VendorSettings,
} from '../vendor.ts';

const PREFIX = '/backend-api/codex';
const RESPONSES = `${PREFIX}/responses`;
const COMPACT = `${RESPONSES}/compact`;
const PLAN = 'pro';
/** Five hours and a week. */
const WINDOWS = { primary: 300, secondary: 10_080 } as const;
const USAGE_LIMIT = 'usage_limit_reached';
const DEFAULT_RESET_SECONDS = 3600;

export function createCodex(settings: VendorSettings): Vendor {
  return new Codex(settings);
}

class Codex implements Vendor {
  readonly id = 'codex';
  readonly #settings: VendorSettings;
  readonly #models: OpenAiModels;

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#models = new OpenAiModels(settings);
  }

  serves(path: string): boolean {
    return path.startsWith(`${PREFIX}/`);
  }

  credential(headers: IncomingHttpHeaders): Credential {
    return bearerCredential(headers);
  }

  model(body: unknown): string {
    return stringOf(objectOf(body)['model']);
  }

  prompt(body: unknown): string {
    return lastResponsesTurn(body).text;
  }

  answer(call: Call): Answer {
    const { apiKey } = call.credential;
    if (apiKey === null || !acceptsKey(this.#settings, apiKey)) return this.failure(call, { status: 401 });
    const account = stringOf(call.headers['chatgpt-account-id']);
    const own = chatGptAccountOf(apiKey);
    if (account === '' || (own !== null && own !== account)) {
      return detail(401, 'Unauthorized: the token is not one of this account.');
    }
    if (call.path !== RESPONSES && call.path !== COMPACT) return detail(404, 'Not Found');
    if (call.headers.upgrade !== undefined) return detail(426, 'Upgrade Required');
    if (call.method !== 'POST') return detail(405, 'Method Not Allowed');
    return this.#respond(call);
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    const { status, type } = failure;
    const headers = limitHeaders(call, status === 429);
    if (status === 429 && (type === undefined || type === USAGE_LIMIT)) {
      return { kind: 'json', status, headers, body: { error: usageLimit(failure) } };
    }
    return { kind: 'json', status, headers, body: { error: errorObject(failure) } };
  }

  errorEvent(call: Call, type: string | undefined, message: string | undefined, index: number): StreamEvent {
    return streamError(call, type, message, index);
  }

  reset(): void {
    this.#models.clear();
  }

  #respond(call: Call): Answer {
    const body = objectOf(call.body);
    const problem = checkResponses(call.body);
    if (problem !== null) return detail(400, problem.message ?? '');
    const model = this.model(body);
    if (unknownModel(model) !== null) {
      return detail(400, `The '${model}' model is not supported when using Codex with a ChatGPT account.`);
    }
    const headersFor = (): Headers => limitHeaders(call, false);
    if (call.path === COMPACT) return this.#models.compact(call, model, headersFor);
    if (body['store'] !== false) return detail(400, 'Store must be set to false');
    if (body['stream'] !== true) return detail(400, 'Stream must be set to true');
    return this.#models.responses(call, model, headersFor);
  }
}

/** What the backend itself refuses, before any model's API. */
function detail(status: number, text: string): JsonAnswer {
  return { kind: 'json', status, headers: {}, body: { detail: text } };
}

function limitHeaders(call: Call, reached: boolean): Headers {
  const id = `${call.account ?? ''}\n${call.credential.apiKey ?? ''}`;
  const used = reached ? 100 : seededInteger(`codex ${id}`, 30);
  const headers: Headers = {
    'x-request-id': seededUuid(call.requestId),
    'x-codex-plan-type': PLAN,
    'x-codex-active-limit': 'codex',
    'x-codex-credits-has-credits': 'False',
    'x-codex-credits-unlimited': 'False',
    'x-codex-credits-balance': '',
  };
  for (const [name, minutes] of Object.entries(WINDOWS)) {
    const secondary = name === 'secondary';
    headers[`x-codex-${name}-used-percent`] = String(secondary ? Math.floor(used / 4) : used);
    headers[`x-codex-${name}-window-minutes`] = String(minutes);
    headers[`x-codex-${name}-reset-after-seconds`] = String(secondary ? 6 * 86_400 : DEFAULT_RESET_SECONDS);
  }
  if (reached) headers['x-codex-rate-limit-reached-type'] = 'primary';
  return headers;
}

function usageLimit({ message, retryAfter }: Failure): JsonObject {
  const seconds = retrySeconds(retryAfter, DEFAULT_RESET_SECONDS);
  return {
    type: USAGE_LIMIT,
    message: message ?? 'The usage limit has been reached',
    plan_type: PLAN,
    resets_at: Math.floor(Date.now() / 1000) + seconds,
    resets_in_seconds: seconds,
  };
}
