// Owns which session an OpenAI request belongs to, where the client says it.
import type { JsonObject } from '../../platform/json.ts';
import type { InspectInput } from '../protocol.ts';

const HEADERS = ['session_id', 'session-id', 'x-session-id'] as const;
const MAX_SESSION_ID_LENGTH = 200;

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
