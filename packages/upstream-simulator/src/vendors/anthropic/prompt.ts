// Reading a Messages body: what was said last, which tools there are, which results came back.
import type { Ask } from '../../compose.ts';
import { type JsonObject, isObject, listOf, objectOf, stringOf, stringsOf } from '../../json.ts';

interface LastTurn {
  /** The text of the last user message, its blocks joined by line ends. */
  text: string;
  /** The contents of its tool results; `null` if it has none. */
  toolResult: string | null;
}

export function askOf(body: unknown): Ask {
  const source = objectOf(body);
  return {
    ...lastTurn(body),
    model: stringOf(source['model']),
    tools: listOf(source['tools']).map((tool) => stringOf(objectOf(tool)['name'])),
    toolIdPrefix: 'toolu_',
    schema: answerSchema(body),
    stopSequences: stringsOf(source['stop_sequences']),
    maxTokens: Number(source['max_tokens'] ?? Number.POSITIVE_INFINITY),
    thinkingHidden: objectOf(source['thinking'])['display'] === 'omitted',
  };
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

/** The schema that the answer has to follow, if the request asks for one. */
function answerSchema(body: unknown): JsonObject | null {
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
