// Owns what is taken out of a request that goes to Anthropic as it came: thoughts and pointers that models of other
// vendors left in the conversation, which the vendor would refuse the whole request for.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { withMembers } from '../../platform/json-members.ts';
import type { Fit, RequestFacts } from '../protocol.ts';
import { FOREIGN_PREFIX, ownBlock } from './signature.ts';

const MARK = Buffer.from(`"${FOREIGN_PREFIX}`);

/** Null where there is nothing of the kind: the rule, which a look at the bytes tells. */
export function fit(_facts: RequestFacts, body: Buffer, query: string): Fit | null {
  if (!body.includes(MARK)) return null;
  const request: unknown = JSON.parse(body.toString('utf8'));
  const sent = isJsonObject(request) ? request['messages'] : undefined;
  const messages: readonly JsonValue[] = Array.isArray(sent) ? sent : [];
  const own = messages.map((message) => (isJsonObject(message) ? ownMessage(message) : message));
  if (own.every((message, index) => message === messages[index])) return null;
  const kept = own.filter((message) => message !== null);
  return { body: withMembers(body, { messages: JSON.stringify(kept) }), query, answer: null };
}

/** The very message where all of it is Anthropic's; null where nothing of it is. */
function ownMessage(message: JsonObject): JsonValue {
  const { content } = message;
  if (!Array.isArray(content)) return message;
  const own = content.map(ownBlock);
  if (own.every((block, index) => block === content[index])) return message;
  const kept = own.filter((block) => block !== null);
  return kept.length === 0 ? null : { ...message, content: kept };
}
