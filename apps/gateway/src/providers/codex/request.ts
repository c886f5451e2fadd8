// Owns how a call becomes a request to ChatGPT's backend as Codex asks it: the client's bytes and headers, for the
// account's login. What the client says of itself goes on as it was sent, and nothing is said in its place.
import { membersOf, memberValue, withMembers } from '../../platform/json-members.ts';
import { openAiRequest, withoutVersion } from '../kit/openai-request.ts';
import { withoutKeyQuery } from '../kit/query.ts';
import type { PreparedRequest, UpstreamCall } from '../provider.ts';
import { accountIdOf, type CodexCredential } from './account.ts';

export function prepareCodex(
  call: UpstreamCall,
  apiUrl: string,
  credential: CodexCredential,
): PreparedRequest {
  const { origin, pathname } = new URL(apiUrl);
  const request = openAiRequest(call, {
    origin,
    path: `${pathname.replace(/\/+$/, '')}${withoutVersion(call.path)}${withoutKeyQuery(call.query)}`,
    credential: ['authorization', `Bearer ${credential.accessToken}`],
    body: bodyOf(call),
  });
  const accountId = accountIdOf(credential);
  return accountId === null
    ? request
    : { ...request, headers: [...request.headers, 'chatgpt-account-id', accountId] };
}

/**
 * The backend streams only, and keeps nothing: a client that does not say so is taken to mean it. One that asks for
 * its answer to be kept is refused there.
 */
function bodyOf({ body, operation, upstreamModel, facts }: UpstreamCall): Buffer {
  const members = membersOf(body);
  const changes: Record<string, string> = {};
  if (upstreamModel !== facts.model) changes['model'] = JSON.stringify(upstreamModel);
  if (operation === 'generate') {
    const store = memberValue(body, members, 'store');
    if (store === undefined || store === null) changes['store'] = 'false';
    if (memberValue(body, members, 'stream') !== true) changes['stream'] = 'true';
  }
  return Object.keys(changes).length === 0 ? body : withMembers(body, changes, members);
}
