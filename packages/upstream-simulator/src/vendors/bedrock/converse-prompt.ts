// Reading a Converse body.
import type { Ask } from '../../compose.ts';
import { type JsonObject, isObject, listOf, objectOf, parseJson, stringOf, stringsOf } from '../../json.ts';
import type { Failure } from '../vendor.ts';
const TOOL_USE_ID = /^[\w-]{1,64}$/u;

export function askOfConverse(body: unknown, model: string): Ask {
  const source = objectOf(body);
  const config = objectOf(source['inferenceConfig']);
  const format = objectOf(objectOf(source['outputConfig'])['textFormat']);
  const schema = objectOf(objectOf(format['structure'])['jsonSchema'])['schema'];
  const parsed = typeof schema === 'string' ? parseJson(schema) : schema;
  return {
    ...lastConverseTurn(body),
    model,
    tools: listOf(objectOf(source['toolConfig'])['tools']).map((tool) =>
      stringOf(objectOf(objectOf(tool)['toolSpec'])['name']),
    ),
    toolIdPrefix: 'tooluse_',
    schema: isObject(parsed) ? parsed : null,
    stopSequences: stringsOf(config['stopSequences']),
    maxTokens: Number(config['maxTokens'] ?? Number.POSITIVE_INFINITY),
    thinkingHidden: false,
  };
}

export function lastConverseTurn(body: unknown): Pick<Ask, 'text' | 'toolResult'> {
  const message = messagesOf(body).findLast((item) => item['role'] === 'user');
  const content = contentOf(message);
  const results = content.map((block) => block['toolResult']).filter(isObject);
  return {
    text: textOf(content),
    toolResult: results.length === 0 ? null : results.map((result) => resultText(result)).join('\n'),
  };
}

/** The same prompt as a Messages body, as far as its cache is concerned: a point marks the block before it. */
export function cacheView(body: unknown, model: string): JsonObject {
  const source = objectOf(body);
  return {
    model,
    tools: marked(listOf(objectOf(source['toolConfig'])['tools'])),
    system: marked(listOf(source['system'])),
    messages: messagesOf(body).map((message) => ({
      role: message['role'],
      content: marked(contentOf(message)),
    })),
  };
}

export function checkConverse(body: unknown): Failure | null {
  const message = problemOf(body);
  return message === null ? null : { status: 400, message };
}

function problemOf(body: unknown): string | null {
  const messages = messagesOf(body);
  const [first] = messages;
  if (first === undefined) {
    return "1 validation error detected: Value at 'messages' failed to satisfy constraint: Member must not be null";
  }
  if (first['role'] !== 'user') {
    return 'A conversation must start with a user message. Try again with a conversation that starts with a user message.';
  }
  for (const [index, message] of messages.entries()) {
    const content = contentOf(message);
    if (content.length === 0) {
      return `The content field in the Message object at messages.${index} is empty. Add a ContentBlock object to the content field and try again.`;
    }
    const problem = contentProblem(content, index);
    if (problem !== null) return problem;
    const next = messages[index + 1];
    if (next !== undefined && next['role'] === message['role']) {
      return 'A conversation must alternate between user and assistant roles. Make sure the conversation alternates between user and assistant roles and try again.';
    }
    if (hasUnaskedResult(content, messages[index - 1])) {
      return `The number of toolResult blocks at messages.${index}.content exceeds the number of toolUse blocks of previous turn.`;
    }
    const missing = resultsMissing(content, next);
    if (missing.length > 0) {
      return `Expected toolResult blocks at messages.${index + 1}.content for the following Ids: ${missing.join(', ')}`;
    }
  }
  return null;
}

function contentProblem(content: readonly JsonObject[], index: number): string | null {
  for (const [place, block] of content.entries()) {
    const { text } = block;
    if (typeof text === 'string' && text.trim() === '') {
      return `The text field in the ContentBlock object at messages.${index}.content.${place} is blank. Add text to the text field, and try again.`;
    }
    const { toolUseId } = objectOf(block['toolUse'] ?? block['toolResult']);
    if (toolUseId !== undefined && !TOOL_USE_ID.test(stringOf(toolUseId))) {
      return `1 validation error detected: Value at 'messages.${index + 1}.member.content.${place + 1}.member.toolUse.toolUseId' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_-]+`;
    }
  }
  return null;
}

function hasUnaskedResult(content: readonly JsonObject[], previous: JsonObject | undefined): boolean {
  const asked = toolUseIds(contentOf(previous), 'toolUse');
  return toolUseIds(content, 'toolResult').some((id) => !asked.includes(id));
}

function resultsMissing(content: readonly JsonObject[], next: JsonObject | undefined): string[] {
  const answered = toolUseIds(contentOf(next), 'toolResult');
  return toolUseIds(content, 'toolUse').filter((id) => !answered.includes(id));
}

function toolUseIds(content: readonly JsonObject[], kind: 'toolUse' | 'toolResult'): string[] {
  return content
    .map((block) => block[kind])
    .filter(isObject)
    .map((tool) => stringOf(tool['toolUseId']));
}

function marked(blocks: readonly unknown[]): JsonObject[] {
  const result: JsonObject[] = [];
  for (const block of blocks.map(objectOf)) {
    const point = block['cachePoint'];
    const last = result.at(-1);
    if (!isObject(point)) result.push({ ...block });
    else if (last !== undefined) last['cache_control'] = { type: 'ephemeral', ttl: point['ttl'] ?? '5m' };
  }
  return result;
}

function messagesOf(body: unknown): JsonObject[] {
  return listOf(objectOf(body)['messages']).filter(isObject);
}

function contentOf(message: JsonObject | undefined): JsonObject[] {
  return listOf(message?.['content']).filter(isObject);
}

function textOf(content: readonly JsonObject[]): string {
  return content
    .map((block) => stringOf(block['text']))
    .filter((text) => text !== '')
    .join('\n');
}

function resultText(result: JsonObject): string {
  const content = listOf(result['content']).filter(isObject);
  const values = content.filter((block) => block['json'] !== undefined);
  return [textOf(content), ...values.map((block) => JSON.stringify(block['json']))]
    .filter((text) => text !== '')
    .join('\n');
}
