// Owns hiding the usage of a stream that the gateway asked for and the client did not: the chunk that has nothing else
// disappears, the member is cut out of the others, and every other byte passes as it came.
import { isJsonObject } from '../../platform/json.ts';
import { withMembers } from '../../platform/json-members.ts';
import type { AnswerConverter } from '../protocol.ts';
import { parseObject } from './read.ts';

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);
const USAGE = Buffer.from('"usage"');
/** A line of data, up to its end; events of this vendor have one. */
const DATA_LINE = /^data:[ ]?([^\r\n]*)/m;

/** Events are handed on whole, at their empty line: half an event is of no use to a client. */
export class HiddenUsage implements AnswerConverter {
  /** The event that is not whole yet, and how far it was looked at. */
  #held = NOTHING;
  #lineStart = 0;
  #position = 0;

  push(chunk: Uint8Array): Buffer {
    const bytes = Buffer.concat([this.#held, chunk]);
    const whole: Buffer[] = [];
    let eventStart = 0;
    let lineStart = this.#lineStart;
    let position = this.#position;
    while (position < bytes.length) {
      const byte = bytes[position];
      if (byte !== LF && byte !== CR) {
        position += 1;
        continue;
      }
      // What follows a CR decides how long the line's end is.
      if (byte === CR && position + 1 === bytes.length) break;
      const next = position + (byte === CR && bytes[position + 1] === LF ? 2 : 1);
      if (position === lineStart) {
        whole.push(withoutUsage(bytes.subarray(eventStart, next)));
        eventStart = next;
      }
      lineStart = next;
      position = next;
    }
    this.#held = bytes.subarray(eventStart);
    this.#lineStart = lineStart - eventStart;
    this.#position = position - eventStart;
    return Buffer.concat(whole);
  }

  end(): Buffer {
    const last = withoutUsage(this.#held);
    this.#held = NOTHING;
    return last;
  }
}

function withoutUsage(event: Buffer): Buffer {
  if (!event.includes(USAGE)) return event;
  // Byte for byte a character each, so that positions are those of the bytes.
  const line = DATA_LINE.exec(event.toString('latin1'));
  const length = line?.[1]?.length ?? 0;
  if (line === null || length === 0) return event;
  const end = line.index + line[0].length;
  const data = event.subarray(end - length, end);
  const chunk = parseObject(data.toString('utf8'));
  if (chunk === null || chunk['usage'] === undefined || !Array.isArray(chunk['choices'])) return event;
  const tellsMore = chunk['choices'].length > 0 || chunk['prompt_filter_results'] !== undefined;
  if (!tellsMore && isJsonObject(chunk['usage'])) return NOTHING;
  return Buffer.concat([
    event.subarray(0, end - length),
    withMembers(data, { usage: undefined }),
    event.subarray(end),
  ]);
}
