// Owns reading single members of JSON that nobody has validated: what is not of the kind that is wanted is not there.
import { isJsonObject, type JsonObject, type JsonValue } from '../platform/json.ts';

/** An empty text says nothing. */
export function textOf(value: JsonValue | undefined): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}

export function numberOf(value: JsonValue | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

export function objectsOf(value: JsonValue | undefined): JsonObject[] {
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function isJsonList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Null where the text is no JSON object. */
export function parseObject(text: string): JsonObject | null {
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : null;
  } catch {
    return null;
  }
}
