// Owns the facts of many requests side by side: one array per fact, so that a filter, a count or a sort over a million
// rows reads some bytes a row and opens no record. Rows stand in the order of the index: by time, then by id. Pure.
import { requestOutcomes } from '@crs/shared';
import type { RowFacts } from '../usage/index.ts';

const numberFields = ['at', 'status', 'flags', 'cost', 'duration', 'first'] as const;
export const wordFields = ['key', 'user', 'account', 'kind', 'model', 'client'] as const;

export type NumberField = (typeof numberFields)[number];
/** Each row has the number of its word in a list of those that occur; '' stands for none. */
export type WordField = (typeof wordFields)[number];
export type Field = NumberField | WordField | 'id';

type Numbers = Uint8Array | Uint16Array | Uint32Array | Float64Array;

interface Words {
  readonly codes: Numbers;
  /** All words in the order of their codes, each with a line feed before and after it. */
  readonly names: Buffer;
}

const LINE_FEED = 10;

/** Code of a word; null where no row has it. Found in the bytes: thousands of words need not become texts. */
export function codeOf({ names }: Words, word: string): number | null {
  const at = names.indexOf(`\n${word}\n`);
  if (at === -1) return null;
  // As many words are before it as line feeds.
  let code = 0;
  for (let found = names.indexOf(LINE_FEED); found < at; found = names.indexOf(LINE_FEED, found + 1))
    code += 1;
  return code;
}

const STREAM_FLAG = 128;
const OUTCOME_BITS = 127;
/** A time to the first event that there is none of. */
export const NO_FIRST_EVENT = 0xffff_ffff;
const MOST_MS = NO_FIRST_EVENT - 1;
/** One byte a row: what the number of rows is read from. */
const COUNTED: NumberField = 'flags';

const arrays = {
  at: Uint32Array,
  status: Uint16Array,
  flags: Uint8Array,
  cost: Float64Array,
  duration: Uint32Array,
  first: Uint32Array,
} as const satisfies Record<NumberField, unknown>;

export function outcomeOf(flags: number): RowFacts['outcome'] {
  return requestOutcomes[flags & OUTCOME_BITS] ?? 'failed';
}

export function isStream(flags: number): boolean {
  return flags >= STREAM_FLAG;
}

/** Some or all facts of the requests of one stretch of time. */
export class Columns {
  readonly startMs: number;
  readonly count: number;
  readonly #numbers: ReadonlyMap<NumberField, Numbers>;
  readonly #words: ReadonlyMap<WordField, Words>;
  readonly #ids: readonly string[] | null;

  constructor(
    startMs: number,
    numbers: ReadonlyMap<NumberField, Numbers>,
    words: ReadonlyMap<WordField, Words>,
    ids: readonly string[] | null,
  ) {
    this.startMs = startMs;
    this.count = numbers.get(COUNTED)?.length ?? 0;
    this.#numbers = numbers;
    this.#words = words;
    this.#ids = ids;
  }

  /** `at` is in ms after `startMs`. Throws where the column was not asked for. */
  numbers(field: NumberField): Numbers {
    const found = this.#numbers.get(field);
    if (found === undefined) throw new Error(`the column ${field} was not read`);
    return found;
  }

  words(field: WordField): Words {
    const found = this.#words.get(field);
    if (found === undefined) throw new Error(`the column ${field} was not read`);
    return found;
  }

  /** Null where they were not read. */
  get ids(): readonly string[] | null {
    return this.#ids;
  }
}

/** Gathers rows in their order. */
export class ColumnsBuilder {
  readonly #startMs: number;
  readonly #numbers = new Map(numberFields.map((field): [NumberField, number[]] => [field, []]));
  readonly #words = new Map(
    wordFields.map((field): [WordField, WordGatherer] => [field, new WordGatherer()]),
  );
  readonly #ids: string[] = [];

  constructor(startMs: number) {
    this.#startMs = startMs;
  }

  add(facts: RowFacts, atMs: number): void {
    const outcome = requestOutcomes.indexOf(facts.outcome);
    this.#push('at', bounded(atMs - this.#startMs));
    this.#push('status', facts.status);
    this.#push('flags', facts.stream ? outcome | STREAM_FLAG : outcome);
    this.#push('cost', facts.costNanoUsd);
    this.#push('duration', bounded(facts.durationMs));
    this.#push('first', facts.firstEventMs === null ? NO_FIRST_EVENT : bounded(facts.firstEventMs));
    this.#words.get('key')?.add(facts.keyId);
    this.#words.get('user')?.add(facts.userId ?? '');
    this.#words.get('account')?.add(facts.accountId ?? '');
    this.#words.get('kind')?.add(facts.kind ?? '');
    this.#words.get('model')?.add(facts.model);
    this.#words.get('client')?.add(facts.client);
    this.#ids.push(facts.id);
  }

  build(): Columns {
    const numbers = new Map<NumberField, Numbers>();
    for (const [field, values] of this.#numbers) numbers.set(field, arrays[field].from(values));
    const words = new Map<WordField, Words>();
    for (const [field, gatherer] of this.#words) words.set(field, gatherer.build());
    return new Columns(this.#startMs, numbers, words, this.#ids);
  }

  #push(field: NumberField, value: number): void {
    this.#numbers.get(field)?.push(value);
  }
}

class WordGatherer {
  readonly #codes: number[] = [];
  readonly #known = new Map<string, number>();

  add(word: string): void {
    let code = this.#known.get(word);
    if (code === undefined) {
      code = this.#known.size;
      this.#known.set(word, code);
    }
    this.#codes.push(code);
  }

  build(): Words {
    const names = Buffer.from(`\n${[...this.#known.keys()].map((word) => `${word}\n`).join('')}`);
    return { codes: codeArray(this.#known.size).from(this.#codes), names };
  }
}

/** By how many bytes a row has. */
function codesOf(bytes: Buffer, rows: number): Numbers {
  if (bytes.length === rows) return new Uint8Array(aligned(bytes));
  return bytes.length === 2 * rows ? new Uint16Array(aligned(bytes)) : new Uint32Array(aligned(bytes));
}

function codeArray(words: number): Uint8ArrayConstructor | Uint16ArrayConstructor | Uint32ArrayConstructor {
  if (words <= 0x100) return Uint8Array;
  return words <= 0x1_0000 ? Uint16Array : Uint32Array;
}

function bounded(ms: number): number {
  return Math.min(Math.max(0, Math.round(ms)), MOST_MS);
}

/** Names of what `decodeColumns` needs for these facts; the number of rows comes with any. */
export function storedFields(fields: readonly Field[]): string[] {
  const wanted = new Set<Field>([COUNTED, ...fields]);
  return [...wanted].flatMap((field) => (isWord(field) ? [field, `${field}.names`] : [field]));
}

/** Everything, as it is stored: name, bytes. */
export function encodeColumns(columns: Columns): [name: string, value: Buffer | string][] {
  const stored: [string, Buffer | string][] = [];
  for (const field of numberFields) stored.push([field, bytesOf(columns.numbers(field))]);
  for (const field of wordFields) {
    const { codes, names } = columns.words(field);
    stored.push([field, bytesOf(codes)], [`${field}.names`, names]);
  }
  stored.push(['id', (columns.ids ?? []).join('\n')]);
  return stored;
}

/** `values` stand in the order of `storedFields(fields)`. Null where something is missing. */
export function decodeColumns(
  startMs: number,
  fields: readonly Field[],
  values: readonly (Buffer | null)[],
): Columns | null {
  const byName = new Map<string, Buffer>();
  for (const [index, name] of storedFields(fields).entries()) {
    const value = values[index];
    if (value === null || value === undefined) return null;
    byName.set(name, value);
  }
  const numbers = new Map<NumberField, Numbers>();
  const words = new Map<WordField, Words>();
  for (const field of numberFields) {
    const bytes = byName.get(field);
    if (bytes !== undefined) numbers.set(field, new arrays[field](aligned(bytes)));
  }
  for (const field of wordFields) {
    const [bytes, names] = [byName.get(field), byName.get(`${field}.names`)];
    if (bytes === undefined || names === undefined) continue;
    words.set(field, { codes: codesOf(bytes, byName.get(COUNTED)?.length ?? 0), names });
  }
  const ids = byName.get('id');
  return new Columns(startMs, numbers, words, ids === undefined ? null : idsOf(ids.toString('latin1')));
}

function idsOf(text: string): string[] {
  return text === '' ? [] : text.split('\n');
}

function isWord(field: Field): field is WordField {
  return wordFields.some((word) => word === field);
}

function bytesOf(array: Numbers): Buffer {
  return Buffer.from(array.buffer, array.byteOffset, array.byteLength);
}

/** Bytes of their own, at an address where every array may begin. */
function aligned(bytes: Buffer): ArrayBuffer {
  const copy = new ArrayBuffer(bytes.length);
  new Uint8Array(copy).set(bytes);
  return copy;
}
