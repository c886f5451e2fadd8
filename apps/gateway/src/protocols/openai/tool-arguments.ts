// Owns the arguments of a tool call, which OpenAI's dialects carry as JSON text that the model wrote itself.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';

/** Text that is no JSON object is kept under this name rather than refused. */
const RAW = '_raw';

export function readArguments(text: string): JsonObject {
  if (text.trim() === '') return {};
  try {
    const parsed: unknown = JSON.parse(text);
    return isJsonObject(parsed) ? parsed : { [RAW]: text };
  } catch {
    return { [RAW]: text };
  }
}

export function writeArguments(input: JsonObject): string {
  const raw = input[RAW];
  return typeof raw === 'string' && Object.keys(input).length === 1 ? raw : JSON.stringify(input);
}
