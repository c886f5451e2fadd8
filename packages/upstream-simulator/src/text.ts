// Words for answers: plausible, seeded, and of a known number of tokens.
import { type JsonObject, listOf, objectOf } from './json.ts';
import { seededInteger } from './seed.ts';

const SENTENCES = [
  'The first thing to check is the order in which the two writes reach the store.',
  'Both designs work, but the second one keeps its promises when the network is slow.',
  'The function returns early when the list is empty, so the last branch is never reached.',
  'A short answer: cache the parsed value, and measure before doing more than that.',
  'There are three causes: a stale lock, a missing index, and a timeout that is too short.',
  'That change is safe, because the old field is still read until the next release.',
] as const;

const WORDS = [
  'the',
  'request',
  'keeps',
  'its',
  'place',
  'while',
  'a',
  'stream',
  'of',
  'words',
  'moves',
  'through',
  'every',
  'part',
  'in',
  'order',
] as const; // prettier-ignore

/** The estimate behind every count of tokens. */
export const BYTES_PER_TOKEN = 4;
const PIECE_CODE_POINTS = 12;

/** An estimate from bytes, at least 1 for text that is not empty. */
export function estimateTokens(text: string): number {
  return Math.ceil(Buffer.byteLength(text) / BYTES_PER_TOKEN);
}

export function seededSentence(seed: string): string {
  return SENTENCES[seededInteger(seed, SENTENCES.length)] ?? SENTENCES[0];
}

/** As many words, each counted as one token. */
export function wordsOf(count: number, seed: string): string {
  const start = seededInteger(seed, WORDS.length);
  const words: string[] = [];
  for (let index = 0; index < count; index += 1) words.push(WORDS[(start + index) % WORDS.length] ?? 'word');
  return words.join(' ');
}

/** The beginning of a text that fits in so many tokens; code points stay whole. */
export function firstTokens(text: string, tokens: number): string {
  let bytes = 0;
  let end = 0;
  for (const character of text) {
    bytes += Buffer.byteLength(character);
    if (bytes > tokens * BYTES_PER_TOKEN) break;
    end += character.length;
  }
  return text.slice(0, end);
}

/** Cuts a text into `count` pieces, or into pieces of a plausible size; never inside a code point. */
export function piecesOf(text: string, count?: number): string[] {
  const characters = Array.from(text);
  const pieces = Math.min(count ?? Math.ceil(characters.length / PIECE_CODE_POINTS), characters.length);
  const result: string[] = [];
  for (let index = 0; index < pieces; index += 1) {
    const start = Math.floor((index * characters.length) / pieces);
    const end = Math.floor(((index + 1) * characters.length) / pieces);
    result.push(characters.slice(start, end).join(''));
  }
  return result;
}

/** A value that the JSON schema allows; strings get `text`. */
export function valueFor(schema: JsonObject, text: string): unknown {
  if (schema['const'] !== undefined) return schema['const'];
  if (Array.isArray(schema['enum'])) return schema['enum'][0];
  const type: unknown = Array.isArray(schema['type']) ? schema['type'][0] : schema['type'];
  // Google also writes the types in capitals.
  switch (typeof type === 'string' ? type.toLowerCase() : type) {
    case 'string':
      return text;
    case 'integer':
    case 'number':
      return typeof schema['minimum'] === 'number' ? schema['minimum'] : 1;
    case 'boolean':
      return true;
    case 'array':
      return [valueFor(objectOf(schema['items']), text)];
    case 'null':
      return null;
    default: {
      const alternative = listOf(schema['anyOf'])[0];
      if (alternative !== undefined) return valueFor(objectOf(alternative), text);
      const entries = Object.entries(objectOf(schema['properties']));
      return Object.fromEntries(
        entries.map(([name, property]) => [name, valueFor(objectOf(property), text)]),
      );
    }
  }
}
