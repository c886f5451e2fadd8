// Owns the kind `openai`: API keys of OpenAI's platform, and other hosts that speak Chat Completions.
import { z } from 'zod';
import { baseUrlSchema } from '../kit/base-url.ts';
import { classifyOpenAi } from '../kit/classify-openai.ts';
import { isMaybeOpenAi, lackedByOpenAi } from '../kit/openai-models.ts';
import { prepareOpenAi } from '../kit/openai-request.ts';
import { chatTestCall } from '../kit/openai-test-call.ts';
import { rateWindows } from '../kit/openai-windows.ts';
import { secretSchema } from '../kit/secret.ts';
import type { Provider } from '../provider.ts';

interface Settings {
  readonly baseUrl: string;
}

interface Credential {
  readonly apiKey: string;
}

export function createOpenAi(apiUrl: string, nowMs: () => number): Provider<Settings, Credential> {
  return {
    kind: 'openai',
    label: 'OpenAI',
    service: 'openai',
    speaks: {
      generate: ['openai-chat', 'openai-responses', 'openai-completions'],
      embeddings: ['openai-chat'],
      compact: ['openai-responses'],
    },
    defaultClients: [],
    termsNote: null,
    account: {
      settings: z.strictObject({ baseUrl: baseUrlSchema(apiUrl, '/v1/chat/completions') }),
      credential: z.strictObject({
        apiKey: secretSchema('API key', 'sk-… from the platform, or the key of the host at the base URL.'),
      }),
    },
    baseUrl: ({ baseUrl }) => baseUrl,
    serves: isMaybeOpenAi,
    lacks: (model, { baseUrl }) => (baseUrl === apiUrl ? lackedByOpenAi(model) : null),
    prepare: (call, { settings }, { apiKey }) => prepareOpenAi(call, settings.baseUrl, apiKey),
    classify: classifyOpenAi,
    limits: (headers) => rateWindows(headers, nowMs()),
    testCall: chatTestCall,
  };
}
