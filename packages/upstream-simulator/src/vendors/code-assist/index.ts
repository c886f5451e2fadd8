// Code Assist, the way of Google logins to Gemini: its own methods around generateContent, every response wrapped.
import type { IncomingHttpHeaders } from 'node:http';
import { type JsonObject, isObject, objectOf, stringOf } from '../../json.ts';
import { digest } from '../../seed.ts';
import { acceptsKey, bearerCredential } from '../credentials.ts';
import { googleError } from '../gemini/errors.ts';
import { GeminiModels, streamFailure } from '../gemini/generation.ts';
import { unknownModel } from '../gemini/models.ts';
import { checkGemini, lastGeminiTurn } from '../gemini/prompt.ts';
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
import { Onboarding } from './onboarding.ts';

const PREFIX = '/v1internal';
const QUOTA_MODELS = [
  'gemini-3.1-pro-preview',
  'gemini-3.8-flash',
  'gemini-2.5-pro',
  'gemini-2.5-flash',
] as const;
const DAY_MS = 86_400_000;

export function createCodeAssist(settings: VendorSettings): Vendor {
  return new CodeAssist(settings);
}

class CodeAssist implements Vendor {
  readonly id = 'code-assist';
  readonly #settings: VendorSettings;
  readonly #models: GeminiModels;
  readonly #onboarding = new Onboarding();

  constructor(settings: VendorSettings) {
    this.#settings = settings;
    this.#models = new GeminiModels(settings);
  }

  serves(path: string): boolean {
    return path.startsWith(`${PREFIX}:`) || path.startsWith(`${PREFIX}/`);
  }

  credential(headers: IncomingHttpHeaders): Credential {
    return bearerCredential(headers);
  }

  /** Counting names the model inside, with its folder. */
  model(body: unknown): string {
    const source = objectOf(body);
    const named = stringOf(source['model'] ?? objectOf(source['request'])['model']);
    return named.replace(/^models\//u, '');
  }

  prompt(body: unknown): string {
    return lastGeminiTurn(objectOf(body)['request']).text;
  }

  answer(call: Call): Answer {
    const { apiKey } = call.credential;
    if (apiKey === null || !acceptsKey(this.#settings, apiKey)) return this.failure(call, { status: 401 });
    const account = this.#accountOf(call, apiKey);
    if (call.method === 'GET' && call.path.startsWith(`${PREFIX}/`)) {
      const operation = this.#onboarding.poll(call.path.slice(PREFIX.length + 1));
      return operation === null ? this.failure(call, { status: 404 }) : json(operation);
    }
    if (call.method !== 'POST') return this.failure(call, { status: 404 });
    return this.#method(call, account, call.path.slice(PREFIX.length + 1));
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    return { ...json(googleError(failure, this.model(call.body))), status: failure.status };
  }

  errorEvent(call: Call, type: string | undefined, message: string | undefined, index: number): StreamEvent {
    const failure = { status: type === 'RESOURCE_EXHAUSTED' ? 429 : 503, type, message };
    return streamFailure(call, googleError(failure, this.model(call.body)), index);
  }

  reset(): void {
    this.#models.clear();
    this.#onboarding.clear();
  }

  /** A login stays the same account however often its token is renewed. */
  #accountOf(call: Call, apiKey: string): string {
    return `${call.account ?? ''} ${this.#settings.tokens.holder(apiKey)?.email ?? apiKey}`;
  }

  #method(call: Call, account: string, method: string): Answer {
    switch (method) {
      case 'loadCodeAssist':
        return json(this.#onboarding.load(account, call.body));
      case 'onboardUser': {
        const begun = this.#onboarding.begin(account, call.body);
        return isFailure(begun) ? this.failure(call, begun) : json(begun);
      }
      case 'countTokens':
        return isObject(objectOf(call.body)['request'])
          ? json(this.#models.countTokens(call))
          : this.failure(call, { status: 400 });
      case 'retrieveUserQuota':
        return json({ buckets: QUOTA_MODELS.map((modelId) => bucket(modelId, Date.now())) });
      case 'listExperiments':
        return json({ experimentIds: [], flags: [] });
      case 'setCodeAssistGlobalUserSetting':
      case 'recordCodeAssistMetrics':
        return json({});
      case 'generateContent':
      case 'streamGenerateContent':
        return this.#generate(call, account, method === 'streamGenerateContent');
      default:
        return this.failure(call, { status: 404, message: `Method not found: ${method}` });
    }
  }

  #generate(call: Call, account: string, streams: boolean): Answer {
    const { project, request } = objectOf(call.body);
    const model = this.model(call.body);
    if (project !== undefined && project !== '' && typeof project !== 'string') {
      return this.failure(call, { status: 400, message: 'Invalid value at "project" (TYPE_STRING)' });
    }
    if (this.#onboarding.projectOf(account) === null && stringOf(project) === '') {
      const message = 'Gemini Code Assist is not set up for this account.';
      return this.failure(call, { status: 403, message });
    }
    if (unknownModel(model, '', '') !== null) return this.failure(call, { status: 404 });
    const problem = checkGemini(request, model);
    if (problem !== null) return this.failure(call, problem);
    const traceId = digest(call.requestId).slice(0, 16);
    const wrap = (response: JsonObject): JsonObject => ({ response, traceId, remainingCredits: [] });
    return streams
      ? this.#models.stream(call, request, model, {}, wrap)
      : this.#models.whole(call, request, model, {}, wrap);
  }
}

function bucket(modelId: string, nowMs: number): JsonObject {
  return {
    modelId,
    tokenType: 'REQUESTS',
    remainingFraction: 0.97,
    remainingAmount: '970',
    resetTime: `${new Date((Math.floor(nowMs / DAY_MS) + 1) * DAY_MS).toISOString().slice(0, 19)}Z`,
  };
}

function isFailure(value: JsonObject | Failure): value is Failure {
  return typeof value['status'] === 'number';
}

function json(body: unknown): JsonAnswer {
  return { kind: 'json', status: 200, headers: { 'content-type': 'application/json; charset=UTF-8' }, body };
}
