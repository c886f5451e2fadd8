// Owns how a body of the Messages API becomes one of Bedrock's: a few members changed in place, all else byte for byte.
import { isJsonObject } from '../../platform/json.ts';
import { membersOf, memberValue, withMembers } from '../../platform/json-members.ts';
import type { UpstreamCall } from '../provider.ts';

/** Stands for the version header of the Messages API, whichever that is. */
const VERSION = 'bedrock-2023-05-31';
/** Of logins at the vendor, which are no matter of Bedrock's. */
const LOGIN_BETA = /^oauth-/;

/** The model goes into the path, the stream into the method, and what headers say into the body. */
export function invokeBody({ body, headers }: UpstreamCall): Buffer {
  const members = membersOf(body);
  const given = memberValue(body, members, 'anthropic_beta');
  const own: readonly unknown[] = Array.isArray(given) ? given : [];
  const betas = new Set([...betasOf(headers), ...own]);
  return withMembers(
    body,
    {
      anthropic_version: JSON.stringify(VERSION),
      ...(betas.size === 0 ? {} : { anthropic_beta: JSON.stringify([...betas]) }),
      model: undefined,
      stream: undefined,
    },
    members,
  );
}

/** Bedrock counts a body that could be sent, and such a body has a limit. */
export function countBody(call: UpstreamCall): Buffer {
  const body = invokeBody(call);
  const members = membersOf(body);
  const needsLimit = members.every(({ name }) => name !== 'max_tokens');
  const thinking = memberValue(body, members, 'thinking');
  const budget = isJsonObject(thinking) ? thinking['budget_tokens'] : undefined;
  const limit = typeof budget === 'number' ? budget + 1 : 1;
  const counted = needsLimit ? withMembers(body, { max_tokens: String(limit) }, members) : body;
  return Buffer.from(JSON.stringify({ input: { invokeModel: { body: counted.toString('base64') } } }));
}

function betasOf(headers: readonly string[]): string[] {
  return headers
    .filter((_, index) => index % 2 === 1 && headers[index - 1]?.toLowerCase() === 'anthropic-beta')
    .flatMap((list) => list.split(','))
    .map((beta) => beta.trim())
    .filter((beta) => beta !== '' && !LOGIN_BETA.test(beta));
}
