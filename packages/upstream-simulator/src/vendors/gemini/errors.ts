// Google's errors, in its own words.
import type { JsonObject } from '../../json.ts';
import { retrySeconds } from '../../retry-after.ts';
import type { Failure } from '../vendor.ts';

const RPC = 'type.googleapis.com/google.rpc';
const DEFAULT_RETRY_SECONDS = 46;

const WORDINGS: Readonly<Record<number, readonly [status: string, message: string]>> = {
  400: ['INVALID_ARGUMENT', 'Request contains an invalid argument.'],
  401: [
    'UNAUTHENTICATED',
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie or other valid authentication credential. See https://developers.google.com/identity/sign-in/web/devconsole-project.',
  ],
  403: ['PERMISSION_DENIED', 'The caller does not have permission'],
  404: ['NOT_FOUND', 'Requested entity was not found.'],
  413: ['INVALID_ARGUMENT', 'Request payload size exceeds the limit: 20971520 bytes.'],
  429: [
    'RESOURCE_EXHAUSTED',
    'You exceeded your current quota, please check your plan and billing details. For more information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.',
  ],
  499: ['CANCELLED', 'The operation was cancelled.'],
  500: [
    'INTERNAL',
    'An internal error has occurred. Please retry or report in https://developers.generativeai.google/guide/troubleshooting',
  ],
  503: ['UNAVAILABLE', 'The model is overloaded. Please try again later.'],
  504: ['DEADLINE_EXCEEDED', 'Deadline expired before operation could complete.'],
};
const INTERNAL = ['INTERNAL', 'An internal error has occurred.'] as const;

/**
 * `{error: {code, message, status, details?}}`. `failure.type` is a status' name, `API_KEY_INVALID`, or `PerDay` for a
 * quota that comes back tomorrow only.
 */
export function googleError(failure: Failure, model: string): JsonObject {
  const { status: code, type } = failure;
  const [status, message] = WORDINGS[code] ?? INTERNAL;
  const details = detailsOf(failure, model);
  return {
    error: {
      code,
      message: failure.message ?? message,
      status: type === undefined || DETAILED.has(type) ? status : type,
      ...(details.length > 0 ? { details } : {}),
    },
  };
}

const DETAILED: ReadonlySet<string> = new Set(['API_KEY_INVALID', 'PerDay', 'PerMinute']);

function detailsOf({ status, type, retryAfter }: Failure, model: string): JsonObject[] {
  if (type === 'API_KEY_INVALID') {
    const metadata = { service: 'generativelanguage.googleapis.com' };
    return [{ '@type': `${RPC}.ErrorInfo`, reason: type, domain: 'googleapis.com', metadata }];
  }
  if (status !== 429) return [];
  const period = type === 'PerDay' ? 'PerDay' : 'PerMinute';
  const violation = {
    quotaMetric: 'generativelanguage.googleapis.com/generate_content_free_tier_requests',
    quotaId: `GenerateRequests${period}PerProjectPerModel-FreeTier`,
    quotaDimensions: { location: 'global', model },
    quotaValue: period === 'PerDay' ? '250' : '10',
  };
  return [
    { '@type': `${RPC}.QuotaFailure`, violations: [violation] },
    {
      '@type': `${RPC}.Help`,
      links: [
        {
          description: 'Learn more about Gemini API quotas',
          url: 'https://ai.google.dev/gemini-api/docs/rate-limits',
        },
      ],
    },
    { '@type': `${RPC}.RetryInfo`, retryDelay: `${retrySeconds(retryAfter, DEFAULT_RETRY_SECONDS)}s` },
  ];
}
