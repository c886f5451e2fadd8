// Owns the kind `claude-console`: API keys of Anthropic's console, and other hosts that speak the Messages API.
import { z } from 'zod';
import { anthropicTestCall } from '../kit/anthropic-test-call.ts';
import { prepareAnthropic } from '../kit/anthropic-request.ts';
import { baseUrlSchema } from '../kit/base-url.ts';
import { classifyAnthropic } from '../kit/classify-anthropic.ts';
import { secretSchema } from '../kit/secret.ts';
import { keyWindows } from '../kit/windows.ts';
import type { Provider } from '../provider.ts';

interface Settings {
  readonly baseUrl: string;
  readonly auth: 'x-api-key' | 'bearer';
}

interface Credential {
  readonly apiKey: string;
}

export function createClaudeConsole(apiUrl: string): Provider<Settings, Credential> {
  return {
    kind: 'claude-console',
    label: 'Claude Console',
    service: 'claude',
    speaks: { generate: ['anthropic'], count_tokens: ['anthropic'] },
    defaultClients: [],
    termsNote: null,
    account: {
      settings: z.strictObject({
        baseUrl: baseUrlSchema(apiUrl),
        auth: z.enum(['x-api-key', 'bearer']).default('x-api-key').meta({
          title: 'Key header',
          description: 'bearer: Authorization: Bearer, as some other hosts want it.',
        }),
      }),
      credential: z.strictObject({
        apiKey: secretSchema(
          'API key',
          'sk-ant-api03-… from the console, or the key of the host at the base URL.',
        ),
      }),
    },
    baseUrl: ({ baseUrl }) => baseUrl,
    serves: (model) => model.startsWith('claude'),
    prepare: (call, { settings }, { apiKey }) =>
      prepareAnthropic(call, {
        baseUrl: settings.baseUrl,
        credential:
          settings.auth === 'bearer' ? ['authorization', `Bearer ${apiKey}`] : ['x-api-key', apiKey],
        beta: null,
      }),
    classify: classifyAnthropic,
    limits: keyWindows,
    testCall: anthropicTestCall,
  };
}
