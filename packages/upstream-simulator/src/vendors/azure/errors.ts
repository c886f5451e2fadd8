// Azure's errors around OpenAI's models.
import type { JsonObject } from '../../json.ts';
import type { Failure } from '../vendor.ts';

interface Wording {
  code: string;
  message: string;
}

const BY_STATUS: Readonly<Record<number, Wording>> = {
  400: { code: 'BadRequest', message: 'The request is not valid.' },
  401: {
    code: '401',
    message:
      'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a valid key for an active subscription and use a correct regional API endpoint for your resource.',
  },
  403: { code: 'AuthorizationFailed', message: 'The principal lacks the required data action.' },
  404: { code: '404', message: 'Resource not found' },
  429: {
    code: '429',
    message:
      'Requests to the ChatCompletions_Create Operation under Azure OpenAI API have exceeded token rate limit of your current OpenAI S0 pricing tier. Please retry after 26 seconds.',
  },
  500: { code: 'InternalServerError', message: 'The server had an error processing your request.' },
  503: { code: 'ServiceUnavailable', message: 'The service is temporarily unable to process your request.' },
};

const BY_CODE: Readonly<Record<string, string>> = {
  DeploymentNotFound:
    'The API deployment for this resource does not exist. If you created the deployment within the last 5 minutes, please wait a moment and try again.',
  OperationNotSupported:
    'The operation does not work with the specified model. Please choose different model.',
  NoCapacity: 'The system is currently experiencing high demand and cannot process your request.',
  content_filter:
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy. Please modify your prompt and retry.",
};

/** `failure.type` is the code; `content_filter` brings what was found in the prompt. */
export function azureError({ status, type, message }: Failure): JsonObject {
  const wording = BY_STATUS[status] ?? { code: String(status), message: 'The request failed.' };
  const code = type ?? wording.code;
  const error = { code, message: message ?? BY_CODE[code] ?? wording.message };
  if (code !== 'content_filter') return error;
  const filtered = { filtered: true, severity: 'medium' };
  return {
    ...error,
    type: null,
    param: 'prompt',
    status,
    innererror: {
      code: 'ResponsibleAIPolicyViolation',
      content_filter_result: { ...cleanContent(), violence: filtered },
    },
  };
}

/** What the filter says of content in which it found nothing. */
export function cleanContent(): JsonObject {
  const safe = { filtered: false, severity: 'safe' };
  return { hate: safe, self_harm: safe, sexual: safe, violence: safe };
}
