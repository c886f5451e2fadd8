// Owns the words for parsed JSON that nobody has validated yet.
import { randomBytes } from 'node:crypto';

export type JsonValue = string | number | boolean | null | readonly JsonValue[] | JsonObject;
export interface JsonObject {
  readonly [name: string]: JsonValue | undefined;
}

/** True for `{…}`; false for arrays, null and scalars. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Drawn anew in each process, so that nobody can send a string that passes for a shortened one. */
const SHORTENED = `shortened-${randomBytes(8).toString('hex')}-`;
const SIZE_DIGITS = 10;
export const SHORTENED_BYTES = SHORTENED.length + SIZE_DIGITS;

/** Stands in a skeleton for a string of that many bytes. */
export function shortened(bytes: number): string {
  return SHORTENED + String(bytes).padStart(SIZE_DIGITS, '0');
}

export function isShortened(value: string): boolean {
  return value.startsWith(SHORTENED);
}

/** Bytes of a string; of one that a skeleton has shortened, as they were written there, escapes as such. */
export function textBytes(value: string): number {
  return isShortened(value) ? Number(value.slice(SHORTENED.length)) : Buffer.byteLength(value);
}

/** The string itself, or what is the same in every process for one that was shortened. */
export function textKey(value: string): string {
  return isShortened(value) ? `${textBytes(value)} bytes` : value;
}
