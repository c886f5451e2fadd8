// Owns reading Google's JSON, which may say its names in either case: `systemInstruction` or `system_instruction`.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';

/** `name` in camel case; undefined where neither form is there, or it is null. */
export function member(source: JsonObject, name: string): JsonValue | undefined {
  return source[name] ?? source[snakeCase(name)] ?? undefined;
}

/** An object, empty where the member is none. */
export function objectIn(source: JsonObject, name: string): JsonObject {
  return objectOf(member(source, name));
}

export function objectOf(value: JsonValue | undefined): JsonObject {
  return isJsonObject(value) ? value : {};
}

/** Google takes a single element where a list belongs. */
export function objectsIn(source: JsonObject, name: string): readonly JsonObject[] {
  const value = member(source, name);
  if (isJsonObject(value)) return [value];
  return Array.isArray(value) ? value.filter(isJsonObject) : [];
}

export function textIn(source: JsonObject, name: string): string | null {
  const value = member(source, name);
  return typeof value === 'string' ? value : null;
}

/** 64-bit numbers are written as strings in Google's JSON. */
export function numberIn(source: JsonObject, name: string): number | null {
  const value = member(source, name);
  const number = typeof value === 'string' && /^-?\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof number === 'number' && Number.isFinite(number) ? number : null;
}

export function textsIn(source: JsonObject, name: string): readonly string[] {
  const value = member(source, name);
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}

/** As `Array.isArray`, which forgets what the elements are. */
export function isList(value: JsonValue | undefined): value is readonly JsonValue[] {
  return Array.isArray(value);
}

/** Names of a body's members that are not among the known ones, in either case. */
export function unknownNames(source: JsonObject, known: ReadonlySet<string>): string[] {
  return Object.keys(source).filter((name) => !known.has(name) && !known.has(camelCase(name)));
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

function camelCase(name: string): string {
  return name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());
}
