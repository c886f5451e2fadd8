// Recorded streams and the headers they came with, replayed byte for byte.
import { readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { isObject, listOf, objectOf, parseJson, stringOf } from './json.ts';
import type { Headers, TokenCounts } from './vendors/vendor.ts';

export interface Recording {
  name: string;
  status: number;
  headers: Headers;
  bytes: Buffer;
  /** Exclusive end of every event in `bytes`. */
  eventEnds: number[];
  /** Named lists of exclusive chunk ends. */
  chunkPlans: ReadonlyMap<string, readonly number[]>;
  tokens: TokenCounts;
}

const FOLDER = fileURLToPath(new URL('../recordings/', import.meta.url));
const EVENT_END = /\r?\n\r?\n/gu;
const cache = new Map<string, Recording | null>();

/** `null` if there is no recording of that name. */
export function findRecording(name: string): Recording | null {
  let found = cache.get(name);
  if (found === undefined) {
    found = /^[\w-]+$/u.test(name) ? load(name) : null;
    if (found !== null) cache.set(name, found);
  }
  return found;
}

function load(name: string): Recording | null {
  let sidecar: unknown;
  let bytes: Buffer;
  try {
    sidecar = parseJson(readFileSync(join(FOLDER, `${name}.json`), 'utf8'));
    if (!isObject(sidecar)) return null;
    bytes = readFileSync(join(FOLDER, basename(stringOf(sidecar['file']))));
  } catch {
    return null;
  }
  const http = objectOf(sidecar['http']);
  const usage = objectOf(objectOf(sidecar['expected'])['usage']);
  const chunkPlans = Object.entries(objectOf(sidecar['chunk_plans'])).filter(([, ends]) =>
    Array.isArray(ends),
  );
  return {
    name,
    status: numberOf(http['status'], 200),
    headers: Object.fromEntries(
      Object.entries(objectOf(http['headers'])).map(([key, value]) => [key, String(value)]),
    ),
    bytes,
    // Binary frames have no line ends to be told apart by: the sidecar says where they end.
    eventEnds: Array.isArray(sidecar['frame_ends']) ? sidecar['frame_ends'].map(Number) : eventEndsOf(bytes),
    chunkPlans: new Map(chunkPlans.map(([plan, ends]) => [plan, listOf(ends).map(Number)])),
    tokens: {
      inputTokens: numberOf(usage['input_uncached'], 0),
      outputTokens: numberOf(usage['output'], 0),
      cacheReadTokens: numberOf(usage['cache_read'], 0),
      cacheWrite5mTokens: numberOf(usage['cache_write'], numberOf(usage['cache_write_5m'], 0)),
      cacheWrite1hTokens: numberOf(usage['cache_write_1h'], 0),
    },
  };
}

/** Latin-1 maps every byte to one character, so that character offsets are byte offsets. */
function eventEndsOf(bytes: Buffer): number[] {
  const ends: number[] = [];
  let start = 0;
  for (const match of bytes.toString('latin1').matchAll(EVENT_END)) {
    const end = match.index + match[0].length;
    // Comments between events belong to the event after them.
    if (!isComment(bytes.toString('latin1', start, end))) {
      ends.push(end);
    }
    start = end;
  }
  if (ends.at(-1) !== bytes.length) ends.push(bytes.length);
  return ends;
}

function isComment(block: string): boolean {
  return block.split(/\r?\n/u).every((line) => line === '' || line.startsWith(':'));
}

function numberOf(value: unknown, fallback: number): number {
  return typeof value === 'number' ? value : fallback;
}
