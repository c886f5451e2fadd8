// Owns the kind `codex`: a ChatGPT login as Codex uses it. The gateway presents the token honestly and dresses no client
// up as another.
import { classifyOpenAi } from '../kit/classify-openai.ts';
import { readLoginToken } from '../kit/id-token.ts';
import { isOpenAi } from '../kit/openai-models.ts';
import { responsesTestCall } from '../kit/openai-test-call.ts';
import { planWindows } from '../kit/openai-windows.ts';
import type { Provider } from '../provider.ts';
import { codexAccount, type CodexCredential, type CodexSettings, expiryMsOf } from './account.ts';
import { type CodexLogin, codexLogin, refreshCodex } from './login.ts';
import { prepareCodex } from './request.ts';

export function createCodex(apiUrl: string, login: CodexLogin): Provider<CodexSettings, CodexCredential> {
  return {
    kind: 'codex',
    label: 'ChatGPT login',
    service: 'openai',
    speaks: { generate: ['openai-responses'], compact: ['openai-responses'] },
    defaultClients: ['codex_cli'],
    termsNote:
      'OpenAI may refuse ChatGPT logins outside its own clients and does not allow them to be shared. Such an account ' +
      'serves Codex only unless you say otherwise; whether your use of it is allowed is yours to check.',
    account: codexAccount,
    baseUrl: () => apiUrl,
    serves: isOpenAi,
    subscription: ({ subscription }) => subscription ?? null,
    prepare: (call, _account, credential) => prepareCodex(call, apiUrl, credential),
    classify: classifyOpenAi,
    limits: (headers) => planWindows(headers, login.nowMs()),
    testCall: responsesTestCall,
    onlyStreams: true,
    login: codexLogin(login),
    expiresAtMs: expiryMsOf,
    refresh: (credential, _settings, send) => refreshCodex(credential, login, send),
    // The access token says it: nobody has to be asked.
    discover: ({ accessToken }, settings) => {
      const { plan } = readLoginToken(accessToken);
      return Promise.resolve(plan === null ? settings : { ...settings, subscription: plan });
    },
  };
}
