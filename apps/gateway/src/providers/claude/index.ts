// Owns the kind `claude`: a Claude login (OAuth access token, or a setup token) as Claude Code uses it. The gateway
// presents the token honestly and dresses no client up as another.
import { anthropicTestCall } from '../kit/anthropic-test-call.ts';
import { prepareAnthropic } from '../kit/anthropic-request.ts';
import { classifyAnthropic } from '../kit/classify-anthropic.ts';
import { unifiedWindows } from '../kit/windows.ts';
import type { Provider } from '../provider.ts';
import {
  claudeAccount,
  type ClaudeCredential,
  type ClaudeSettings,
  discoverClaude,
  OAUTH_BETA,
} from './account.ts';
import { type ClaudeLogin, claudeLogin, refreshClaude } from './login.ts';
import { lackedBySubscription } from './subscription.ts';

export function createClaude(apiUrl: string, login: ClaudeLogin): Provider<ClaudeSettings, ClaudeCredential> {
  return {
    kind: 'claude',
    label: 'Claude login',
    service: 'claude',
    speaks: { generate: ['anthropic'], count_tokens: ['anthropic'] },
    defaultClients: ['claude_code'],
    termsNote:
      'Anthropic may refuse login tokens outside its own clients and does not allow them to be shared. Such an account ' +
      'serves Claude Code only unless you say otherwise; whether your use of it is allowed is yours to check.',
    account: claudeAccount,
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
    login: claudeLogin(login),
    expiresAtMs: ({ expiresAt }) =>
      expiresAt === null || expiresAt === undefined ? null : Date.parse(expiresAt),
    refresh: (credential, _settings, send) => refreshClaude(credential, login, send),
    discover: (credential, settings, send) => discoverClaude(credential, settings, apiUrl, send),
  };
}
