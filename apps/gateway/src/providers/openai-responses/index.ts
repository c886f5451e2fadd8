// Owns the kind `openai-responses`: API keys of hosts that speak the Responses API and nothing else.
import { z } from 'zod';
import { baseUrlSchema } from '../kit/base-url.ts';
import { classifyOpenAi } from '../kit/classify-openai.ts';
import { isMaybeOpenAi, lackedByOpenAi } from '../kit/openai-models.ts';
import { prepareOpenAi } from '../kit/openai-request.ts';
import { responsesTestCall } from '../kit/openai-test-call.ts';
import { rateWindows } from '../kit/openai-windows.ts';
import { secretSchema } from '../kit/secret.ts';
import type { Provider } from '../provider.ts';

interface Settings {
  readonly baseUrl: string;
}

interface Credential {
  readonly apiKey: string;
}

export function createOpenAiResponses(apiUrl: string, nowMs: () => number): Provider<Settings, Credential> {
  return {
    kind: 'openai-responses',
    label: 'OpenAI Responses',
    service: 'openai',
    speaks: { generate: ['openai-responses'], compact: ['openai-responses'] },
    defaultClients: [],
    termsNote: null,
    account: {
      settings: z.strictObject({ baseUrl: baseUrlSchema(apiUrl, '/v1/responses') }),
      credential: z.strictObject({
        apiKey: secretSchema('API key', 'Of the host at the base URL; sk-… at OpenAI.'),
      }),
    },
    baseUrl: ({ baseUrl }) => baseUrl,
    serves: isMaybeOpenAi,
    lacks: (model, { baseUrl }) => (baseUrl === apiUrl ? lackedByOpenAi(model) : null),
    prepare: (call, { settings }, { apiKey }) => prepareOpenAi(call, settings.baseUrl, apiKey),
    classify: classifyOpenAi,
    limits: (headers) => rateWindows(headers, nowMs()),
    testCall: responsesTestCall,
  };
}
