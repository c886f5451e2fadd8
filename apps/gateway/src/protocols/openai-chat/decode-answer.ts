// Owns reading a whole answer of Chat Completions.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { type AnswerBlock, type CanonicalAnswer, type Citation, noUsage } from '../canonical.ts';
import { readFinish } from '../openai/answer-words.ts';
import { objectsOf, textOf } from '../read.ts';
import { readArguments } from '../tool-arguments.ts';
import { readUsage } from '../openai/usage.ts';

export function decodeAnswer(body: JsonObject): CanonicalAnswer | null {
  const [choice] = objectsOf(body['choices']);
  const message = choice?.['message'];
  if (choice === undefined || !isJsonObject(message)) return null;
  const id = textOf(body['id']) ?? '';
  const refusal = textOf(message['refusal']);
  const calls = callsOf(message, id);
  const citations = citationsOf(message['annotations']);
  return {
    id,
    content: [...thoughtOf(message), ...textsOf(message['content'], citations), ...calls],
    stop: readFinish(textOf(choice['finish_reason']), calls.length > 0, refusal !== null),
    stopSequence: null,
    refusal,
    usage: { ...(readUsage(body['usage']) ?? noUsage), webSearches: citations.length > 0 ? 1 : 0 },
    serviceTier: textOf(body['service_tier']),
  };
}

/** Compatible hosts show thoughts, under either name. */
export function thoughtIn(message: JsonObject): string | null {
  return textOf(message['reasoning_content']) ?? textOf(message['reasoning']);
}

export function citationsOf(annotations: JsonValue | undefined): Citation[] {
  return objectsOf(annotations).flatMap(({ url_citation: cited }) => {
    const url = isJsonObject(cited) ? textOf(cited['url']) : null;
    return isJsonObject(cited) && url !== null ? [{ url, title: textOf(cited['title']) }] : [];
  });
}

/** Hosts that leave ids out need them made: the place of the call in its answer tells it from all others. */
export function madeCallId(answerId: string, position: number): string {
  return `call_${answerId.replace(/^chatcmpl-/, '')}_${position}`;
}

function thoughtOf(message: JsonObject): AnswerBlock[] {
  const text = thoughtIn(message);
  return text === null ? [] : [{ type: 'thinking', text, signature: null }];
}

function textsOf(content: JsonValue | undefined, citations: readonly Citation[]): AnswerBlock[] {
  const text = contentText(content);
  return text === '' ? [] : [{ type: 'text', text, citations }];
}

/** Some hosts answer with a list of parts. */
export function contentText(content: JsonValue | undefined): string {
  if (typeof content === 'string') return content;
  return objectsOf(content)
    .map((part) => textOf(part['text']) ?? '')
    .join('');
}

function callsOf(message: JsonObject, id: string): AnswerBlock[] {
  const elder = message['function_call'];
  const called = [
    ...objectsOf(message['tool_calls']),
    ...(isJsonObject(elder) ? [{ function: elder } satisfies JsonObject] : []),
  ];
  return called.map((call: JsonObject, position): AnswerBlock => {
    const described = isJsonObject(call['function']) ? call['function'] : {};
    const { arguments: written } = described;
    return {
      type: 'tool_call',
      id: textOf(call['id']) ?? madeCallId(id, position),
      name: textOf(described['name']) ?? '',
      input: isJsonObject(written) ? written : readArguments(textOf(written) ?? ''),
    };
  });
}
