// Owns the kind `claude`: a Claude login (OAuth access token, or a setup token) as Claude Code uses it. The gateway
// presents the token honestly and dresses no client up as another.
import { isoTimeSchema } from '@crs/shared';
import { z } from 'zod';
import { anthropicTestCall } from '../kit/anthropic-test-call.ts';
import { prepareAnthropic } from '../kit/anthropic-request.ts';
import { classifyAnthropic } from '../kit/classify-anthropic.ts';
import { secretSchema } from '../kit/secret.ts';
import { unifiedWindows } from '../kit/windows.ts';
import type { Provider } from '../provider.ts';
import { lackedBySubscription, type Subscription, subscriptions } from './subscription.ts';

/** Without it the API refuses login tokens. */
const OAUTH_BETA = 'oauth-2025-04-20';

interface Settings {
  readonly subscription?: Subscription | undefined;
}

interface Credential {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt?: string | null | undefined;
}

export function createClaude(apiUrl: string): Provider<Settings, Credential> {
  return {
    kind: 'claude',
    label: 'Claude login',
    service: 'claude',
    speaks: { generate: ['anthropic'], count_tokens: ['anthropic'] },
    defaultClients: ['claude_code'],
    termsNote:
      'Anthropic may refuse login tokens outside its own clients and does not allow them to be shared. Such an account ' +
      'serves Claude Code only unless you say otherwise; whether your use of it is allowed is yours to check.',
    account: {
      settings: z.strictObject({
        subscription: z.enum(subscriptions).optional().meta({
          title: 'Subscription',
          description:
            'Decides which Opus models the account is asked for: none for free, 4.5 and later for pro. Left empty, it is tried.',
        }),
      }),
      credential: z.strictObject({
        accessToken: secretSchema('Access token', 'sk-ant-oat01-…, of a login or a setup token.'),
        refreshToken: secretSchema('Refresh token', 'sk-ant-ort01-…; a setup token has none.').optional(),
        expiresAt: isoTimeSchema
          .nullish()
          .meta({ title: 'Expires at', description: 'When the access token ends, ISO 8601.' }),
      }),
    },
    baseUrl: () => apiUrl,
    serves: (model) => model.startsWith('claude'),
    subscription: (settings) => settings.subscription ?? null,
    lacks: (model, { subscription }) => lackedBySubscription(model, subscription),
    prepare: (call, _account, { accessToken }) =>
      prepareAnthropic(call, {
        baseUrl: apiUrl,
        credential: ['authorization', `Bearer ${accessToken}`],
        beta: OAUTH_BETA,
      }),
    classify: classifyAnthropic,
    limits: unifiedWindows,
    testCall: anthropicTestCall,
  };
}
