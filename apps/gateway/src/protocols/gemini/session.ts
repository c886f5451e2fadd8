// Owns which conversation a Gemini request belongs to. Few clients say it, so the beginning of the conversation, which
// every further request of it repeats, stands in.
import { createHash } from 'node:crypto';
import { type JsonObject, textKey } from '../../platform/json.ts';
import type { InspectInput } from '../protocol.ts';
import { member, objectIn, objectsIn, textIn } from './read.ts';

const MAX_SESSION_ID_LENGTH = 200;
const HEADERS = ['x-session-id', 'session-id', 'session_id'] as const;
const HASH_LENGTH = 32;

export function sessionOf(request: JsonObject, headers: InspectInput['headers']): string | null {
  const said =
    HEADERS.map((name) => firstOf(headers[name])).find((value) => value !== null) ??
    textIn(request, 'sessionId') ??
    textIn(objectIn(request, 'labels'), 'sessionId');
  if (said !== null && said !== undefined && said !== '') return said.slice(0, MAX_SESSION_ID_LENGTH);
  return beginningOf(request);
}

function firstOf(value: string | string[] | undefined): string | null {
  const text = Array.isArray(value) ? value[0] : value;
  return text === undefined || text === '' ? null : text;
}

function beginningOf(request: JsonObject): string | null {
  const [first] = objectsIn(request, 'contents');
  if (first === undefined) return null;
  const beginning = JSON.stringify(
    [member(request, 'systemInstruction') ?? null, first],
    (_name, value: unknown) => (typeof value === 'string' ? textKey(value) : value),
  );
  return createHash('sha256').update(beginning).digest('hex').slice(0, HASH_LENGTH);
}
