// Reading a Messages body: what was said last, which tools there are, which results came back.
import { type JsonObject, isObject, listOf, objectOf, stringOf } from '../../json.ts';

export interface LastTurn {
  /** The text of the last user message, its blocks joined by line ends. */
  text: string;
  /** The contents of its tool results; `null` if it has none. */
  toolResult: string | null;
}

export function lastTurn(body: unknown): LastTurn {
  const message = objectOf(
    listOf(objectOf(body)['messages']).findLast((item) => objectOf(item)['role'] === 'user'),
  );
  const content = message['content'];
  if (typeof content === 'string') return { text: content, toolResult: null };
  const blocks = listOf(content).filter(isObject);
  const results = blocks.filter((block) => block['type'] === 'tool_result');
  return {
    text: textOf(blocks),
    toolResult:
      results.length === 0 ? null : results.map((block) => contentText(block['content'])).join('\n'),
  };
}

/** The tool's own spelling of the name, `null` if it was not offered. */
export function offeredTool(body: unknown, name: string): string | null {
  for (const tool of listOf(objectOf(body)['tools'])) {
    const offered = stringOf(objectOf(tool)['name']);
    if (offered.toLowerCase() === name.toLowerCase()) return offered;
  }
  return null;
}

/** The schema that the answer has to follow, if the request asks for one. */
export function answerSchema(body: unknown): JsonObject | null {
  const source = objectOf(body);
  const format = objectOf(objectOf(source['output_config'])['format'] ?? source['output_format']);
  return format['type'] === 'json_schema' && isObject(format['schema']) ? format['schema'] : null;
}

function contentText(content: unknown): string {
  return typeof content === 'string' ? content : textOf(listOf(content).filter(isObject));
}

function textOf(blocks: readonly JsonObject[]): string {
  return blocks
    .filter((block) => block['type'] === 'text')
    .map((block) => stringOf(block['text']))
    .join('\n');
}
