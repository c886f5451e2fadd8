// Owns reading a large JSON body without making text of all of it: nearly all of its bytes are long strings, of which
// nobody here needs more than the size. A scan over the bytes leaves them out, and what is left is parsed.
import { SHORTENED_BYTES, shortened } from './json.ts';

/** A shorter text is parsed as quickly as it is scanned; for a longer one V8 maps memory anew each time. */
const MIN_BODY_BYTES = 128 * 1024;
/** Longer than any id, name or header in a body. */
const KEPT_STRING_BYTES = 1024;

/** A run of plain text that is longer goes on for long, as a rule. */
const SHORT_RUN_BYTES = 32;

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const SPACE = 0x20;
const LETTER_U = 0x75;
/** `\u1234` */
const UNIT_BYTES = 6;
/** The byte four times, as a word. */
const ONES = 0x01010101;
const SPACES = SPACE * ONES;
const QUOTES = QUOTE * ONES;
const BACKSLASHES = BACKSLASH * ONES;
const HIGH_BITS = 0x80 * ONES;

/** By byte: 1 for what ends a run of plain text in a string, for what may follow a backslash, and for hexadecimal digits. */
const endsRun = markBytes((text) => text < ' ' || text === '"' || text === '\\');
const isSimpleEscape = markBytes((text) => '"\\/bfnrt'.includes(text));
const isHexDigit = markBytes((text) => /[\da-f]/i.test(text));

function markBytes(isMarked: (text: string) => boolean): Uint8Array {
  return Uint8Array.from({ length: 256 }, (_, byte) => (isMarked(String.fromCharCode(byte)) ? 1 : 0));
}

/** Throws what JSON.parse throws. */
export function parseWhole(body: Buffer): unknown {
  return JSON.parse(body.toString('utf8'));
}

/**
 * What `parseWhole` answers, but that in a large body strings of more than 1 kB are shortened (see `textBytes`); names
 * of members are not. It throws the same errors for the same bodies.
 */
export function parseSkeleton(body: Buffer): unknown {
  const cuts = body.length < MIN_BODY_BYTES ? null : findCuts(body);
  return cuts === null || cuts.length === 0 ? parseWhole(body) : parseCut(body, cuts);
}

/** What is left out: `[start, end)`, a string without its quotes. */
interface Cut {
  readonly start: number;
  readonly end: number;
}

function parseCut(body: Buffer, cuts: readonly Cut[]): unknown {
  const cutBytes = cuts.reduce((sum, { start, end }) => sum + end - start, 0);
  const skeleton = Buffer.allocUnsafe(body.length - cutBytes + cuts.length * SHORTENED_BYTES);
  let from = 0;
  let position = 0;
  for (const { start, end } of cuts) {
    position += body.copy(skeleton, position, from, start);
    position += skeleton.write(shortened(end - start), position, 'latin1');
    from = end;
  }
  body.copy(skeleton, position, from);
  try {
    return parseWhole(skeleton);
  } catch {
    // Its error would name a place that is another one in the body.
    return parseWhole(body);
  }
}

/** The body, and the same four bytes at a time; the first word may begin `offset` bytes before it. */
interface Bytes {
  readonly body: Buffer;
  readonly words: Int32Array;
  readonly offset: number;
}

/** The strings to leave out; null where one has no end, a control character or an escape that does not exist. */
function findCuts(body: Buffer): Cut[] | null {
  const offset = body.byteOffset & 3;
  const words = new Int32Array(body.buffer, body.byteOffset - offset, (offset + body.length) >> 2);
  const bytes = { body, words, offset };
  const cuts: Cut[] = [];
  for (let position = 0; position < body.length; position += 1) {
    // What is between strings is left to the parser.
    if (body[position] !== QUOTE) continue;
    const start = position + 1;
    const end = endOfString(bytes, start);
    if (end === -1) return null;
    if (end - start > KEPT_STRING_BYTES && !isName(body, end)) cuts.push({ start, end });
    position = end;
  }
  return cuts;
}

/** Position of the closing quote, -1 where there is none. */
function endOfString(bytes: Bytes, start: number): number {
  const { body } = bytes;
  const { length } = body;
  let position = start;
  for (;;) {
    const shortEnd = Math.min(length, position + SHORT_RUN_BYTES);
    while (position < shortEnd && endsRun[body[position] ?? 0] === 0) position += 1;
    if (position === length) return -1;
    if (position === shortEnd) {
      position = skipRun(bytes, position);
      continue;
    }
    const byte = body[position];
    if (byte === QUOTE) return position;
    if (byte !== BACKSLASH) return -1;
    position += escapeBytes(body, position);
    if (position > length) return -1;
  }
}

/** As far as four words at a time can tell that nothing ends the run; the bytes before `position` are of it. */
function skipRun({ words, offset }: Bytes, position: number): number {
  let index = (position + offset) >> 2;
  for (; index + 4 <= words.length; index += 4) {
    const ends =
      endsIn(words[index] ?? 0) |
      endsIn(words[index + 1] ?? 0) |
      endsIn(words[index + 2] ?? 0) |
      endsIn(words[index + 3] ?? 0);
    if (ends !== 0) break;
  }
  return Math.max(position, (index << 2) - offset);
}

/** Not zero where a byte of the word ends a run: taking away more than a byte holds borrows its high bit. */
function endsIn(word: number): number {
  const quotes = word ^ QUOTES;
  const backslashes = word ^ BACKSLASHES;
  return (
    (((word - SPACES) & ~word) | ((quotes - ONES) & ~quotes) | ((backslashes - ONES) & ~backslashes)) &
    HIGH_BITS
  );
}

/** Length of the escape that begins here; beyond the body's end where it does not exist. */
function escapeBytes(body: Buffer, position: number): number {
  const kind = body[position + 1] ?? 0;
  if (isSimpleEscape[kind] === 1) return 2;
  if (kind !== LETTER_U) return body.length;
  for (let digit = 2; digit < UNIT_BYTES; digit += 1) {
    if (isHexDigit[body[position + digit] ?? 0] === 0) return body.length;
  }
  return UNIT_BYTES;
}

/** Whether a colon follows the string that ends here. */
function isName(body: Buffer, end: number): boolean {
  let position = end + 1;
  while ((body[position] ?? COLON) <= SPACE) position += 1;
  return body[position] === COLON;
}
