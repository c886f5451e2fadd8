// Owns which session an OpenAI request belongs to: what the client says, else how its conversation begins.
import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue, textKey } from '../../platform/json.ts';
import type { InspectInput } from '../protocol.ts';

const HEADERS = ['session_id', 'session-id', 'x-session-id', 'thread-id'] as const;
const MAX_SESSION_ID_LENGTH = 200;
/** Enough to tell conversations apart. */
const HASHED_LENGTH = 2000;
const HASH_LENGTH = 32;

export function statedSession({ body, headers }: Pick<InspectInput, 'body' | 'headers'>): string | null {
  const said = [...HEADERS.map((name) => first(headers[name])), cacheKeyOf(body)];
  return said.find((id) => id !== '')?.slice(0, MAX_SESSION_ID_LENGTH) ?? null;
}

function first(value: string | string[] | undefined): string {
  return (Array.isArray(value) ? value[0] : value) ?? '';
}

/** Requests that share a prompt prefix share its key. */
function cacheKeyOf(body: JsonObject): string {
  const key = body['prompt_cache_key'];
  return typeof key === 'string' ? key : '';
}

/**
 * The conversation, where its client does not name it: whose it is and how it begins, which every further request of it
 * repeats. The instructions alone would make one conversation of everybody who uses the same program.
 */
export function beginningOf(body: JsonObject, messages: readonly JsonValue[]): string | null {
  const firstUser = messages.findIndex((message) => isJsonObject(message) && message['role'] === 'user');
  if (firstUser === -1) return null;
  const hash = createHash('sha256');
  for (const name of ['safety_identifier', 'user']) hash.update(`${JSON.stringify(body[name] ?? null)}\n`);
  for (const message of messages.slice(0, firstUser + 1)) {
    const content = isJsonObject(message) ? message['content'] : undefined;
    for (const text of textsOf(content))
      hash.update(`${JSON.stringify(textKey(text).slice(0, HASHED_LENGTH))}\n`);
  }
  return hash.digest('hex').slice(0, HASH_LENGTH);
}

function textsOf(content: JsonValue | undefined): string[] {
  if (typeof content === 'string') return [content];
  return (Array.isArray(content) ? content : []).flatMap((part) => {
    if (!isJsonObject(part)) return [];
    const image = part['image_url'];
    return [part['text'], isJsonObject(image) ? image['url'] : image].filter(
      (text) => typeof text === 'string',
    );
  });
}
