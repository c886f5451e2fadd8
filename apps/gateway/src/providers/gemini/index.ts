// Owns the kind `gemini`: a Google login to Gemini as Gemini CLI uses it, by Code Assist.
import { membersOf, withMembers } from '../../platform/json-members.ts';
import { classifyGoogle } from '../kit/classify-google.ts';
import { codeAssistTestCall } from '../kit/gemini-test-call.ts';
import { prepareGoogle } from '../kit/google-request.ts';
import type { Provider, UpstreamCall } from '../provider.ts';
import { discoverGemini, geminiAccount, type GeminiCredential, type GeminiSettings } from './account.ts';
import { type GeminiLogin, geminiLogin, refreshGemini } from './login.ts';

/** How long to leave Google alone while it sets an account up. */
const POLL_INTERVAL_MS = 5000;

export function createGemini(
  codeAssistUrl: string,
  login: GeminiLogin,
  pollIntervalMs = POLL_INTERVAL_MS,
): Provider<GeminiSettings, GeminiCredential> {
  return {
    kind: 'gemini',
    label: 'Google login (Gemini)',
    service: 'gemini',
    speaks: { generate: ['code-assist'], count_tokens: ['code-assist'] },
    defaultClients: ['gemini_cli'],
    termsNote:
      'Google may refuse logins of Code Assist outside its own clients and does not allow them to be shared. Such an ' +
      'account serves Gemini CLI only unless you say otherwise; whether your use of it is allowed is yours to check.' +
      (login.clientSecret === null
        ? ' To sign in here, and to renew logins, set GEMINI_OAUTH_CLIENT_SECRET first.'
        : ''),
    account: geminiAccount,
    baseUrl: () => codeAssistUrl,
    serves: (model) => model.startsWith('gemini'),
    subscription: ({ tier }) => tier ?? null,
    prepare: (call, { settings }, { accessToken }) =>
      prepareGoogle(call, {
        baseUrl: codeAssistUrl,
        path: call.path,
        credential: ['authorization', `Bearer ${accessToken}`],
        body: bodyOf(call, settings),
      }),
    classify: classifyGoogle,
    // Told by a call of its own, not in headers.
    limits: () => [],
    testCall: codeAssistTestCall,
    login: geminiLogin(login),
    expiresAtMs: ({ expiresAt }) =>
      expiresAt === null || expiresAt === undefined ? null : Date.parse(expiresAt),
    refresh: (credential, _settings, send) => refreshGemini(credential, login, send),
    discover: (credential, settings, send) =>
      discoverGemini(credential, settings, { url: codeAssistUrl, pollIntervalMs }, send),
  };
}

/** The account's project in the place of the client's, and the model as the account maps it; all else as it is. */
function bodyOf(
  { body, operation, facts, upstreamModel }: UpstreamCall,
  { projectId }: GeminiSettings,
): Buffer {
  if (body.length === 0) return body;
  const isMapped = upstreamModel !== facts.model;
  // Counting has no project, and names the model inside, with its folder.
  if (operation === 'count_tokens') return isMapped ? withInnerModel(body, `models/${upstreamModel}`) : body;
  return withMembers(body, {
    project: projectId === undefined ? undefined : JSON.stringify(projectId),
    ...(isMapped ? { model: JSON.stringify(upstreamModel) } : {}),
  });
}

function withInnerModel(body: Buffer, model: string): Buffer {
  const members = membersOf(body);
  const request = members.findLast(({ name }) => name === 'request');
  if (request === undefined) return body;
  const inner = withMembers(body.subarray(request.valueStart, request.valueEnd), {
    model: JSON.stringify(model),
  });
  return withMembers(body, { request: inner.toString('utf8') }, members);
}
