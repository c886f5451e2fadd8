// Owns making one whole answer of a stream, for upstreams that only stream: its last event carries the response object,
// which is handed on byte for byte.
import { isJsonObject, type JsonValue } from '../../platform/json.ts';
import { membersOf, memberValue, withMembers } from '../../platform/json-members.ts';
import { numberOf, parseObject } from '../read.ts';
import type { AnswerConverter } from '../protocol.ts';
import { SseReader } from '../sse.ts';

const NOTHING = Buffer.alloc(0);
const NO_END = 'The answer ended before its end was told.';
const TERMINAL = /^response\.(?:completed|incomplete|failed)$/;

export class ResponseCollector implements AnswerConverter {
  readonly #reader = new SseReader((name, data) => this.#read(name, data));
  /** By place in the output: ChatGPT's response object comes without them. */
  readonly #items = new Map<number, JsonValue>();
  #response: Buffer = NOTHING;
  failure: string | null = NO_END;

  push(chunk: Uint8Array): Buffer {
    this.#reader.push(chunk);
    return NOTHING;
  }

  end(): Buffer {
    this.#reader.end();
    return this.#response;
  }

  #read(name: string, data: string): void {
    const event = parseObject(data);
    const type = event?.['type'] ?? name;
    if (event === null || typeof type !== 'string') return;
    if (type === 'response.output_item.done' && isJsonObject(event['item'])) {
      this.#items.set(numberOf(event['output_index']) ?? this.#items.size, event['item']);
    }
    if (!TERMINAL.test(type)) return;
    this.#response = this.#withItems(responseIn(Buffer.from(data)));
    if (this.#response.length > 0) this.failure = null;
  }

  #withItems(response: Buffer): Buffer {
    if (response.length === 0 || this.#items.size === 0) return response;
    const members = membersOf(response);
    const output = memberValue(response, members, 'output');
    if (Array.isArray(output) && output.length > 0) return response;
    const items = [...this.#items].toSorted(([a], [b]) => a - b).map(([, item]) => item);
    return withMembers(response, { output: JSON.stringify(items) }, members);
  }
}

function responseIn(event: Buffer): Buffer {
  const member = membersOf(event).findLast(({ name }) => name === 'response');
  return member === undefined ? NOTHING : event.subarray(member.valueStart, member.valueEnd);
}
