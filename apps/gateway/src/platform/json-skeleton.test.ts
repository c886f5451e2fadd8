import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { isJsonObject, isShortened, textBytes } from './json.ts';
import { parseSkeleton, parseWhole } from './json-skeleton.ts';

const RECORDED = join(import.meta.dirname, '../protocols/anthropic/fixtures/client-requests');
/** Makes any body a large one. */
const ballast = JSON.stringify('ballast '.repeat(17_000));

/** Behind `text`, an array's member that makes it large enough to be scanned. */
function large(text: string): Buffer {
  return Buffer.from(`[${text},${ballast}]`);
}

/** What a shortened string says of the whole one. */
function shortenLike(skeleton: unknown, whole: unknown): unknown {
  if (typeof skeleton === 'string' && typeof whole === 'string') {
    return isShortened(skeleton) ? { hasBytes: textBytes(skeleton) >= textBytes(whole) } : whole;
  }
  if (Array.isArray(skeleton) && Array.isArray(whole)) {
    return whole.map((item, index) => shortenLike(skeleton[index], item));
  }
  if (!isJsonObject(skeleton) || !isJsonObject(whole)) return whole;
  return Object.fromEntries(
    Object.entries(whole).map(([name, member]) => [name, shortenLike(skeleton[name], member)]),
  );
}

function outcome(parse: (body: Buffer) => unknown, body: Buffer): unknown {
  try {
    return parse(body);
  } catch (error) {
    return String(error);
  }
}

/** Both readings, the whole one with as much left out as the skeleton. */
function readings(body: Buffer): { skeleton: unknown; whole: unknown } {
  const skeleton = outcome(parseSkeleton, body);
  return {
    skeleton: shortenLike(skeleton, skeleton),
    whole: shortenLike(skeleton, outcome(parseWhole, body)),
  };
}

test.each(readdirSync(RECORDED))('%s: as JSON.parse reads it, but for long strings', (name) => {
  const { skeleton, whole } = readings(large(readFileSync(join(RECORDED, name), 'utf8')));
  expect(skeleton).toEqual(whole);
});

test('long strings are left out, short ones and small bodies are kept', () => {
  const body = { model: 'claude', long: 'x'.repeat(2000), 'a"b': ['é', 'y'.repeat(200_000)] };
  const skeleton = parseSkeleton(Buffer.from(JSON.stringify(body)));
  if (!isJsonObject(skeleton)) throw new Error('an object in, an object out');
  expect(skeleton['model']).toBe('claude');
  expect(JSON.stringify(skeleton).length).toBeLessThan(300);
  const small = Buffer.from(JSON.stringify({ long: 'x'.repeat(2000) }));
  expect(parseSkeleton(small)).toEqual(parseWhole(small));
});

const long = 'z'.repeat(1500);
test.each([
  ['escapes', String.raw`"${long}\"\\\/\b\f\n\r\t"`],
  ['units of one to three bytes', String.raw`"${long}\u0041\u00e9\u6f22\uD83D"`],
  ['a pair, and halves of one', String.raw`"${long}\ud83d\ude00\ud83d\ud83d\ude00\ude00"`],
  ['text of all lengths of bytes', `"${long}aé漢😀"`],
  ['a backslash before the end', String.raw`"${long}\\"`],
  ['a name that is long', `{"${long}":1,"${long}" :"${long}","${long}x":2}`],
  ['a member twice', `{"a":"${long}","a":"b"}`],
  ['a member twice, the long one last', `{"a":"b","a":"${long}"}`],
  ['__proto__', `{"__proto__":"${long}"}`],
  ['what a shortened string looks like', `"shortened-0000000000000000-0000000005"`],
  ['white space', ` \n\t\r "${long}" `],
])('%s', (_name, text) => {
  const { skeleton, whole } = readings(large(text));
  expect(skeleton).toEqual(whole);
});

test.each([
  ['a line break', `"${long}\n"`],
  ['a control character', `"\u0000${long}"`],
  ['an unknown escape', String.raw`"${long}\q"`],
  ['a unit cut short', String.raw`"${long}\u12"`],
  ['a unit that is none', String.raw`"${long}\u12G4"`],
  ['a signed unit', String.raw`"${long}\u+123"`],
  ['single quotes', `'${long}'`],
  ['a comma too many', `"${long}",`],
  ['a missing bracket', `["${long}"`],
])('%s is refused in the same words', (_name, text) => {
  const body = large(text);
  expect(() => parseWhole(body)).toThrow(SyntaxError);
  const { skeleton, whole } = readings(body);
  expect(skeleton).toBe(whole);
});

test.each([
  ['a string without end', `["${'x'.repeat(200_000)}`],
  ['an escape without end', `["${'x'.repeat(200_000)}\\`],
  ['a unit without end', `["${'x'.repeat(200_000)}\\u12`],
  ['a byte order mark', `\ufeff[${ballast}]`],
  ['something behind the end', `[${ballast}] x`],
])('%s is refused in the same words', (_name, text) => {
  const body = Buffer.from(text);
  expect(() => parseWhole(body)).toThrow(SyntaxError);
  const { skeleton, whole } = readings(body);
  expect(skeleton).toBe(whole);
});

test('bytes that are not UTF-8 pass where they pass now', () => {
  const broken = Buffer.from([0xe2, 0x82, 0xff, 0xc3]);
  const body = Buffer.concat([
    Buffer.from('{"short":"'),
    broken,
    Buffer.from('","long":"'),
    broken,
    Buffer.from(`${long}","last":${ballast},"model":"m"}`),
  ]);
  const skeleton = parseSkeleton(body);
  const whole = parseWhole(body);
  if (!isJsonObject(skeleton) || !isJsonObject(whole)) throw new Error('an object in, an object out');
  expect(skeleton['short']).toBe(whole['short']);
  expect(skeleton['model']).toBe('m');
  expect(Object.keys(skeleton)).toEqual(Object.keys(whole));
});

/** Small and always the same. */
function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

const PIECES = [
  'a',
  ']',
  '!',
  '"',
  '\\',
  '\n',
  '\u0001',
  'é',
  '漢',
  '😀',
  '\ud800',
  '/',
  'lorem ipsum dolor ',
];

function randomValue(random: () => number, depth: number): unknown {
  const pick = Math.floor(random() * (depth > 3 ? 4 : 6));
  switch (pick) {
    case 0:
      return Math.round(random() * 1e6) / 100;
    case 1:
      return random() < 0.5 ? null : random() < 0.5;
    case 2:
    case 3:
      return Array.from(
        { length: Math.floor(random() ** 4 * 3000) },
        () => PIECES[Math.floor(random() * PIECES.length)],
      ).join('');
    case 4:
      return Array.from({ length: Math.floor(random() * 5) }, () => randomValue(random, depth + 1));
    default:
      return Object.fromEntries(
        Array.from({ length: Math.floor(random() * 5) }, (_, index) => [
          `${PIECES[Math.floor(random() * PIECES.length)]}${index}`,
          randomValue(random, depth + 1),
        ]),
      );
  }
}

test('random values, at every alignment, whole and with one byte changed', () => {
  const random = randomOf(20_261);
  for (let round = 0; round < 150; round += 1) {
    const spaces = ' '.repeat(round % 17);
    const value = [randomValue(random, 0), randomValue(random, 0)];
    const text = random() < 0.5 ? JSON.stringify(value) : escaped(JSON.stringify(value));
    const written = Buffer.from(`${spaces}[${text},${ballast}]`);
    // Not at the start of its memory either.
    const body = Buffer.alloc(written.length + 5).subarray(round % 5, (round % 5) + written.length);
    written.copy(body);
    const before = readings(body);
    expect(before.skeleton).toEqual(before.whole);
    let place = Math.floor(random() * text.length);
    // A code point stays whole.
    while ((body[place] ?? 0) >= 0x80) place += 1;
    body[place] = [0x22, 0x5c, 0x0a, 0x5d, 0x75][round % 5] ?? 0;
    const after = readings(body);
    expect(after.skeleton).toEqual(after.whole);
  }
});

/** The same JSON, with what is not ASCII as escapes. */
function escaped(json: string): string {
  return json.replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
