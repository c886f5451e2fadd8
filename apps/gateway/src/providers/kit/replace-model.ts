// Owns the one change an account may declare to a request body: the model's name, put in place byte for byte so that
// everything else stays as the client wrote it.

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;
const SPACE = 0x20;

/**
 * `body` is valid JSON, an object. The value of its own member `model` is replaced; of several the last one, which is
 * the one that parsers keep. A body without one is returned as it is.
 */
export function replaceModel(body: Buffer, model: string): Buffer {
  const range = findModel(body);
  if (range === null) return body;
  return Buffer.concat([
    body.subarray(0, range.start),
    Buffer.from(JSON.stringify(model)),
    body.subarray(range.end),
  ]);
}

interface Range {
  readonly start: number;
  readonly end: number;
}

function findModel(body: Buffer): Range | null {
  let found: Range | null = null;
  let depth = 0;
  let isName = false;
  for (let position = 0; position < body.length; position += 1) {
    switch (body[position]) {
      case OPEN_BRACE:
      case OPEN_BRACKET:
        depth += 1;
        isName = depth === 1;
        break;
      case CLOSE_BRACE:
      case CLOSE_BRACKET:
        depth -= 1;
        break;
      case COMMA:
        isName = depth === 1;
        break;
      case QUOTE: {
        const end = endOfString(body, position);
        if (isName && depth === 1) {
          isName = false;
          if (isModel(body, position, end)) found = valueAfter(body, end) ?? found;
        }
        position = end - 1;
        break;
      }
      default:
    }
  }
  return found;
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
function isModel(body: Buffer, start: number, end: number): boolean {
  const text = body.toString('utf8', start, end);
  if (!text.includes('\\')) return text === '"model"';
  return JSON.parse(text) === 'model';
}

/** The string after the colon; null where the value is none, which no model is. */
function valueAfter(body: Buffer, nameEnd: number): Range | null {
  let position = nameEnd;
  while (position < body.length && (body[position] ?? 0) <= SPACE) position += 1;
  if (body[position] !== COLON) return null;
  position += 1;
  while (position < body.length && (body[position] ?? 0) <= SPACE) position += 1;
  return body[position] === QUOTE ? { start: position, end: endOfString(body, position) } : null;
}
