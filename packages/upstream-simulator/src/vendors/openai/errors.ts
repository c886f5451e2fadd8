// OpenAI's errors, in its own words.
import type { JsonObject } from '../../json.ts';
import type { Failure } from '../vendor.ts';

interface Wording {
  type: string;
  code: string | null;
  message: string;
}

const SERVER_ERROR: Wording = {
  type: 'server_error',
  code: 'server_error',
  message: 'The server had an error while processing your request. Sorry about that!',
};
const RATE_LIMIT: Wording = {
  type: 'tokens',
  code: 'rate_limit_exceeded',
  message:
    'Rate limit reached for this model in organization org-simulated on tokens per min (TPM): Limit 30000, Used 29000, Requested 5000. Please try again in 8.2s. Visit https://platform.openai.com/account/rate-limits to learn more.',
};

const BY_STATUS: Readonly<Record<number, Wording>> = {
  400: { type: 'invalid_request_error', code: null, message: 'Invalid request.' },
  401: { type: 'invalid_request_error', code: 'invalid_api_key', message: 'Incorrect API key provided.' },
  403: {
    type: 'invalid_request_error',
    code: 'unsupported_country_region_territory',
    message: 'Country, region, or territory not supported',
  },
  404: { type: 'invalid_request_error', code: null, message: 'Not found.' },
  405: {
    type: 'invalid_request_error',
    code: 'method_not_supported',
    message: 'Not allowed with this method.',
  },
  409: { type: 'invalid_request_error', code: null, message: 'The request conflicts with another one.' },
  413: {
    type: 'invalid_request_error',
    code: null,
    message: 'Maximum content size limit (26214400) exceeded.',
  },
  422: { type: 'invalid_request_error', code: null, message: 'The request cannot be processed.' },
  426: { type: 'invalid_request_error', code: null, message: 'Upgrade Required' },
  429: RATE_LIMIT,
  500: SERVER_ERROR,
  503: {
    type: 'server_error',
    code: 'server_overloaded',
    message: 'The engine is currently overloaded, please try again later.',
  },
};

/** Codes that come with more than one status, or with a status that has another code more often. */
const BY_CODE: ReadonlyMap<string, Wording> = new Map(
  [
    ...Object.values(BY_STATUS),
    {
      type: 'insufficient_quota',
      code: 'insufficient_quota',
      message:
        'You exceeded your current quota, please check your plan and billing details. For more information on this error, read the docs: https://platform.openai.com/docs/guides/error-codes/api-errors.',
    },
    {
      type: 'insufficient_quota',
      code: 'organization_spend_limit_exceeded',
      message: 'Your organization has reached its spend limit.',
    },
    {
      type: 'invalid_request_error',
      code: 'context_length_exceeded',
      message: 'Your input exceeds the context window of this model. Please adjust your input and try again.',
    },
    { type: 'invalid_request_error', code: 'unsupported_parameter', message: 'Unsupported parameter.' },
    {
      type: 'invalid_request_error',
      code: 'model_not_found',
      message: 'The model does not exist or you do not have access to it.',
    },
  ].map((wording) => [wording.code ?? wording.type, wording]),
);

/** `{message, type, param, code}`; `failure.type` is the code, or the type of an error without one. */
export function errorObject(failure: Failure): JsonObject {
  const wording = wordingOf(failure);
  return {
    message: failure.message ?? wording.message,
    type: wording.type,
    param: failure.param ?? null,
    code: wording.code,
  };
}

function wordingOf({ status, type }: Failure): Wording {
  const known = BY_STATUS[status] ?? SERVER_ERROR;
  if (type === undefined) return known;
  return BY_CODE.get(type) ?? { ...known, code: type };
}

export function keyMissing(): Failure {
  return {
    status: 401,
    message:
      "You didn't provide an API key. You need to provide your API key in an Authorization header using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).",
  };
}

export function keyWrong(key: string): Failure {
  const shown = key.length > 8 ? `${key.slice(0, 4)}${'*'.repeat(8)}${key.slice(-4)}` : '*'.repeat(8);
  return {
    status: 401,
    message: `Incorrect API key provided: ${shown}. You can find your API key at https://platform.openai.com/account/api-keys.`,
  };
}
