// Owns hiding the usage of a stream that the gateway asked for and the client did not: the chunk that has nothing else
// disappears, the member is cut out of the others, and every other byte passes as it came.
import { type Member, membersOf } from '../../platform/json-members.ts';
import type { AnswerConverter } from '../protocol.ts';

const LF = 0x0a;
const CR = 0x0d;
const NOTHING = Buffer.alloc(0);
const USAGE = Buffer.from('"usage"');
/** A line of data, up to its end; events of this vendor have one. */
const DATA_LINE = /^data:[ ]?([^\r\n]*)/m;
const NO_CHOICES = /^\[\s*\]$/;
const OPEN_BRACE = 0x7b;

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
  if (line === null) return event;
  const end = line.index + line[0].length;
  const start = end - (line[1] ?? '').length;
  const data = event.subarray(start, end);
  const members = membersIn(data);
  const position = members.findIndex(({ name }) => name === 'usage');
  const usage = members[position];
  const choices = members.find(({ name }) => name === 'choices');
  if (usage === undefined || choices === undefined) return event;
  const isEmpty = NO_CHOICES.test(data.toString('latin1', choices.valueStart, choices.valueEnd));
  const tellsMore = !isEmpty || members.some(({ name }) => name === 'prompt_filter_results');
  if (!tellsMore && data[usage.valueStart] === OPEN_BRACE) return NOTHING;
  const gap = gapOf(members, position, usage);
  return Buffer.concat([event.subarray(0, start + gap.start), event.subarray(start + gap.end)]);
}

/** What is no JSON passes as it came. */
function membersIn(data: Buffer): readonly Member[] {
  if (data[0] !== OPEN_BRACE) return [];
  try {
    return membersOf(data);
  } catch {
    return [];
  }
}

/** The member with the comma that parts it from its neighbour. */
function gapOf(
  members: readonly Member[],
  position: number,
  member: Member,
): { readonly start: number; readonly end: number } {
  const [before, after] = [members[position - 1], members[position + 1]];
  if (before !== undefined) return { start: before.valueEnd, end: member.valueEnd };
  return { start: member.start, end: after?.start ?? member.valueEnd };
}
