// Owns changes to single members of a JSON object in its bytes: what is not meant stays as it was written, its blanks,
// its numbers and the order of its members.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;

export interface Member {
  readonly name: string;
  /** Of the name's quote. */
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
}

/** The object's own members, nested ones left alone. `body` is valid JSON, an object. */
export function membersOf(body: Buffer): Member[] {
  const members: Member[] = [];
  let depth = 0;
  let open: { name: string; start: number; valueStart: number } | null = null;
  const close = (position: number): void => {
    if (open === null) return;
    members.push({ ...open, valueEnd: behindBlanks(body, position) });
    open = null;
  };
  for (let position = 0; position < body.length; position += 1) {
    switch (body[position]) {
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        if (depth === 1) close(position);
        depth -= 1;
        break;
      case COMMA:
        if (depth === 1) close(position);
        break;
      case QUOTE: {
        const end = endOfString(body, position);
        if (depth === 1 && open === null) {
          const colon = body.indexOf(COLON, end);
          if (colon === -1) return members;
          const valueStart = overBlanks(body, colon + 1);
          open = { name: nameOf(body, position, end), start: position, valueStart };
          position = valueStart - 1;
        } else position = end - 1;
        break;
      }
      default:
    }
  }
  return members;
}

/** The value of the member as parsed JSON; of several the last one, which is the one that parsers keep. */
export function memberValue(body: Buffer, members: readonly Member[], name: string): unknown {
  const member = members.findLast((each) => each.name === name);
  if (member === undefined) return undefined;
  return JSON.parse(body.toString('utf8', member.valueStart, member.valueEnd));
}

/**
 * The object with these members, JSON text by name: put in the place of the last of that name, or before all others
 * where there is none. An undefined value takes every member of that name away.
 */
export function withMembers(
  body: Buffer,
  changes: Readonly<Record<string, string | undefined>>,
  members: readonly Member[] = membersOf(body),
): Buffer {
  const replaced = new Map<Member, string>();
  const added: string[] = [];
  for (const [name, text] of Object.entries(changes)) {
    if (text === undefined) continue;
    const member = members.findLast((each) => each.name === name);
    if (member === undefined) added.push(`${JSON.stringify(name)}:${text}`);
    else replaced.set(member, text);
  }
  const isGone = ({ name }: Member): boolean => name in changes && changes[name] === undefined;
  const open = body.indexOf(OPEN_BRACE) + 1;
  const pieces = [body.subarray(0, open), Buffer.from(added.join(','))];
  let isFirst = added.length === 0;
  for (const [index, member] of members.entries()) {
    if (isGone(member)) continue;
    const before = index === 0 ? undefined : members[index - 1]?.valueEnd;
    if (isFirst) pieces.push(body.subarray(open, members[0]?.start));
    else if (before === undefined) pieces.push(Buffer.from(','), body.subarray(open, member.start));
    else pieces.push(body.subarray(before, member.start));
    isFirst = false;
    const text = replaced.get(member);
    pieces.push(
      body.subarray(member.start, text === undefined ? member.valueEnd : member.valueStart),
      Buffer.from(text ?? ''),
    );
  }
  pieces.push(body.subarray(members.at(-1)?.valueEnd ?? open));
  return Buffer.concat(pieces);
}

/** Position behind the closing quote. */
function endOfString(body: Buffer, start: number): number {
  let end = body.indexOf(QUOTE, start + 1);
  while (end !== -1 && isEscaped(body, end)) end = body.indexOf(QUOTE, end + 1);
  return end === -1 ? body.length : end + 1;
}

function isEscaped(body: Buffer, position: number): boolean {
  let backslashes = 0;
  while (body[position - 1 - backslashes] === BACKSLASH) backslashes += 1;
  return backslashes % 2 === 1;
}

/** Names may be written with escapes: the text decides, not the bytes. */
function nameOf(body: Buffer, start: number, end: number): string {
  const text = body.toString('utf8', start, end);
  return text.includes('\\') ? String(JSON.parse(text)) : text.slice(1, -1);
}

function overBlanks(body: Buffer, from: number): number {
  let position = from;
  while (position < body.length && (body[position] ?? 0) <= SPACE) position += 1;
  return position;
}

function behindBlanks(body: Buffer, from: number): number {
  let position = from;
  while (position > 0 && (body[position - 1] ?? 0) <= SPACE) position -= 1;
  return position;
}
