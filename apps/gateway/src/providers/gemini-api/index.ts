// Owns the kind `gemini-api`: API keys of Google's Gemini API, and other hosts that speak it.
import { z } from 'zod';
import { baseUrlSchema } from '../kit/base-url.ts';
import { classifyGoogle } from '../kit/classify-google.ts';
import { geminiTestCall } from '../kit/gemini-test-call.ts';
import { prepareGoogle } from '../kit/google-request.ts';
import { secretSchema } from '../kit/secret.ts';
import type { Provider, UpstreamCall } from '../provider.ts';

interface Settings {
  readonly baseUrl: string;
}

interface Credential {
  readonly apiKey: string;
}

export function createGeminiApi(apiUrl: string): Provider<Settings, Credential> {
  return {
    kind: 'gemini-api',
    label: 'Gemini API',
    service: 'gemini',
    speaks: { generate: ['gemini'], count_tokens: ['gemini'] },
    defaultClients: [],
    termsNote: null,
    account: {
      settings: z.strictObject({ baseUrl: baseUrlSchema(apiUrl, '/v1beta/models') }),
      credential: z.strictObject({ apiKey: secretSchema('API key', 'AIza… of Google AI Studio.') }),
    },
    baseUrl: ({ baseUrl }) => baseUrl,
    serves: (model) => model.startsWith('gemini'),
    prepare: (call, { settings }, { apiKey }) =>
      prepareGoogle(call, {
        baseUrl: settings.baseUrl,
        path: pathOf(call),
        credential: ['x-goog-api-key', apiKey],
        body: call.body,
      }),
    classify: classifyGoogle,
    // Google tells nothing of a key's quota until it is spent.
    limits: () => [],
    testCall: geminiTestCall,
  };
}

/** The model is in the path: a mapped one takes its place. */
function pathOf({ path, facts, upstreamModel }: UpstreamCall): string {
  if (upstreamModel === facts.model) return path;
  return path.replace(
    /(\/models\/)[^/:]+/,
    (_, folder: string) => folder + encodeURIComponent(upstreamModel),
  );
}
