// What Anthropic refuses before a model sees the request, in the order in which it looks.
import { isObject, listOf } from '../../json.ts';
import { acceptsKey } from '../credentials.ts';
import type { Call, Failure, VendorSettings } from '../vendor.ts';
import { toolsProblem } from './check-tools.ts';

/** API versions from this one on refuse the sampling parameters. */
const WITHOUT_SAMPLING = '2026-10-21';
const SAMPLING_PARAMETERS = ['temperature', 'top_p', 'top_k'] as const;
const OAUTH_BETA = 'oauth-2025-04-20';
const MODEL = /^claude(?!-(?:not|unknown)-)/u;

export function checkCredential(call: Call, settings: VendorSettings): Failure | null {
  const { apiKey, scheme } = call.credential;
  if (apiKey === null) return { status: 401, message: 'x-api-key header is required' };
  // The wording of a token that ended is the failure's own.
  if (settings.tokens.state(apiKey) === 'expired') return { status: 401 };
  if (!acceptsKey(settings, apiKey)) {
    return { status: 401, message: scheme === 'bearer' ? 'Invalid bearer token' : 'invalid x-api-key' };
  }
  if (
    isOauthToken(apiKey) &&
    !(scheme === 'bearer' && String(call.headers['anthropic-beta']).includes(OAUTH_BETA))
  ) {
    const message =
      scheme === 'bearer' ? 'OAuth authentication is currently not supported.' : 'invalid x-api-key';
    return { status: 401, message };
  }
  return call.headers['anthropic-version'] === undefined
    ? { status: 400, message: 'anthropic-version: header is required' }
    : null;
}

export function isOauthToken(apiKey: string): boolean {
  return apiKey.startsWith('sk-ant-oat');
}

export function checkBody(call: Call, needsMaxTokens: boolean): Failure | null {
  const message = bodyProblem(call, needsMaxTokens);
  if (message !== null) return { status: 400, message };
  const model = isObject(call.body) ? String(call.body['model']) : '';
  return unknownModel(model);
}

export function unknownModel(model: string): Failure | null {
  return MODEL.test(model) ? null : { status: 404, message: `model: ${model}` };
}

function bodyProblem(call: Call, needsMaxTokens: boolean): string | null {
  const body = call.body;
  if (body === undefined) return 'The request body is not valid JSON';
  if (!isObject(body)) return 'Input should be a valid dictionary or object to extract fields from';
  if (body['model'] === undefined) return 'model: Field required';
  if (typeof body['model'] !== 'string') return 'model: Input should be a valid string';
  if (needsMaxTokens) {
    const maxTokens = body['max_tokens'];
    if (maxTokens === undefined) return 'max_tokens: Field required';
    if (!Number.isInteger(maxTokens)) return 'max_tokens: Input should be a valid integer';
    if (Number(maxTokens) < 0) return 'max_tokens: Input should be greater than or equal to 0';
  }
  if (body['messages'] === undefined) return 'messages: Field required';
  if (!Array.isArray(body['messages'])) return 'messages: Input should be a valid list';
  if (body['messages'].length === 0) return 'messages: at least one message is required';
  return messageProblem(body['messages']) ?? toolsProblem(body['messages']) ?? samplingProblem(call, body);
}

function messageProblem(messages: unknown): string | null {
  for (const [index, message] of listOf(messages).entries()) {
    if (!isObject(message))
      return `messages.${index}: Input should be a valid dictionary or object to extract fields from`;
    const role = message['role'];
    if (role !== 'user' && role !== 'assistant' && role !== 'system') {
      return `messages.${index}.role: Input should be 'user', 'assistant' or 'system'`;
    }
    if (message['content'] === undefined) return `messages.${index}.content: Field required`;
  }
  return null;
}

function samplingProblem(call: Call, body: Record<string, unknown>): string | null {
  if (String(call.headers['anthropic-version']) < WITHOUT_SAMPLING) return null;
  const found = SAMPLING_PARAMETERS.find((name) => body[name] !== undefined);
  return found === undefined ? null : `${found}: Extra inputs are not permitted`;
}
