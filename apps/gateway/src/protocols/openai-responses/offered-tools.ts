// Owns where a Responses request offers tools: in its own field, and in items that bring further ones. Codex offers the
// newest models all of theirs in an item.
import type { JsonObject, JsonValue } from '../../platform/json.ts';
import { objectsOf } from '../read.ts';

const BRINGS_TOOLS: ReadonlySet<JsonValue | undefined> = new Set(['tool_search_output', 'additional_tools']);

/** As they were written, namespaces whole. */
export function offeredTools(body: JsonObject): readonly JsonObject[] {
  const brought = objectsOf(body['input'])
    .filter((item) => BRINGS_TOOLS.has(item['type']))
    .flatMap((item) => objectsOf(item['tools']));
  return [...objectsOf(body['tools']), ...brought];
}
