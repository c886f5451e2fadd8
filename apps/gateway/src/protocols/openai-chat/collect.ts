// Owns making one whole chat answer of a stream, for upstreams that only stream: nothing is left out, whatever the host
// puts into its deltas.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { isErrorBody } from '../openai/observe-json.ts';
import { objectsOf, parseObject, textOf } from '../read.ts';
import type { AnswerConverter } from '../protocol.ts';
import { SseReader } from '../sse.ts';

const NOTHING = Buffer.alloc(0);
const NO_END = 'The answer ended before its end was told.';
/** They are said anew in each delta, not continued. */
const SAID_ONCE: ReadonlySet<string> = new Set(['role', 'id', 'type', 'index', 'finish_reason']);
/** Of streams alone. */
const OF_CHUNKS: ReadonlySet<string> = new Set(['object', 'choices', 'obfuscation']);

export class ChatCollector implements AnswerConverter {
  readonly #reader = new SseReader((_, data) => this.#read(data));
  #head: JsonObject = {};
  readonly #choices = new Map<JsonValue | undefined, JsonObject>();
  failure: string | null = NO_END;

  push(chunk: Uint8Array): Buffer {
    this.#reader.push(chunk);
    return NOTHING;
  }

  end(): Buffer {
    this.#reader.end();
    if (this.failure !== null) return NOTHING;
    return Buffer.from(
      JSON.stringify({
        ...this.#head,
        object: 'chat.completion',
        choices: [...this.#choices.values()].map(({ delta, ...choice }) => ({
          ...choice,
          message: messageOf(delta),
        })),
      }),
    );
  }

  #read(data: string): void {
    const chunk = parseObject(data);
    if (chunk === null || isErrorBody(chunk)) return;
    const told = Object.entries(chunk).filter(
      ([name, value]) => !OF_CHUNKS.has(name) && value !== null && value !== '',
    );
    this.#head = { ...this.#head, ...Object.fromEntries(told) };
    for (const choice of objectsOf(chunk['choices'])) {
      const { index } = choice;
      this.#choices.set(index, merged(this.#choices.get(index) ?? {}, choice));
      if (textOf(choice['finish_reason']) !== null) this.failure = null;
    }
  }
}

/** Calls are numbered in streams alone. */
function messageOf(delta: JsonValue | undefined): JsonObject {
  if (!isJsonObject(delta)) return { role: 'assistant', content: null };
  const calls = objectsOf(delta['tool_calls']).map((call) =>
    Object.fromEntries(Object.entries(call).filter(([name]) => name !== 'index')),
  );
  return { content: null, ...delta, ...(calls.length === 0 ? {} : { tool_calls: calls }) };
}

function merged(before: JsonObject, delta: JsonObject): JsonObject {
  const whole: Record<string, JsonValue | undefined> = { ...before };
  for (const [name, value] of Object.entries(delta)) whole[name] = mergedValue(name, whole[name], value);
  return whole;
}

function mergedValue(
  name: string,
  before: JsonValue | undefined,
  value: JsonValue | undefined,
): JsonValue | undefined {
  if (value === null || value === undefined) return before ?? value;
  if (typeof value === 'string' && typeof before === 'string' && !SAID_ONCE.has(name)) return before + value;
  if (isJsonObject(value) && isJsonObject(before)) return merged(before, value);
  if (Array.isArray(value)) return mergedList(Array.isArray(before) ? before : [], value);
  return value;
}

/** Elements with the same index are one. */
function mergedList(before: readonly JsonValue[], delta: readonly JsonValue[]): JsonValue[] {
  const whole = [...before];
  for (const element of delta) {
    const index = isJsonObject(element) ? element['index'] : undefined;
    const place =
      index === undefined ? -1 : whole.findIndex((known) => isJsonObject(known) && known['index'] === index);
    const known = whole[place];
    if (isJsonObject(known) && isJsonObject(element)) whole[place] = merged(known, element);
    else whole.push(element);
  }
  return whole;
}
