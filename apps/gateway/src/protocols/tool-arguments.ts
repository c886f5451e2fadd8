// Owns the arguments of a tool call where they come as JSON text: in pieces of a stream, and in OpenAI's dialects. The
// model wrote it itself.
import type { JsonObject } from '../platform/json.ts';
import { parseObject } from './read.ts';

/** Text that is no JSON object is kept under this name rather than refused. */
const RAW = '_raw';

export function readArguments(text: string): JsonObject {
  return text.trim() === '' ? {} : (parseObject(text) ?? { [RAW]: text });
}

export function writeArguments(input: JsonObject): string {
  const raw = input[RAW];
  return typeof raw === 'string' && Object.keys(input).length === 1 ? raw : JSON.stringify(input);
}
