// Owns reading the streams of Chat Completions and its elder while they pass. A chunk that can carry figures, an end or
// an error is told by a few characters; only such chunks are parsed, some of hundreds.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { LineReader } from '../line-reader.ts';
import { ObservedAnswer } from '../observed-answer.ts';
import type { AnswerObserver, Observation, ObservedUsage, RequestFacts } from '../protocol.ts';
import { isErrorBody } from './observe-json.ts';
import { citesSources, readHead, stopReasonOf } from './read-answer.ts';
import { observedUsage, readUsage } from './usage.ts';
import { parseObject } from '../read.ts';

const DATA = Buffer.from('data:');
const SPACE = 0x20;
const BRACE = 0x7b;
const BRACKET = 0x5b;
/** Members that matter, as nobody else's text can hold them: quotes inside of texts are escaped. */
const TELLS = /"(?:usage"\s*:\s*\{|finish_reason"\s*:\s*"|error"|url_citation")/;
/** Texts that the model wrote, names of tools included. */
const GENERATED =
  /"(?:content|reasoning_content|reasoning|refusal|arguments|name|text)"\s*:\s*"([^"\\]*(?:\\.[^"\\]*)*)"/g;

export class ChunkObserver implements AnswerObserver {
  readonly #answer: ObservedAnswer;
  readonly #lines = new LineReader((bytes, start, end) => this.#readLine(bytes, start, end));
  #usage: ObservedUsage | null = null;
  #webSearches = 0;
  readonly #openChoices = new Set<unknown>();
  phase: AnswerObserver['phase'] = 'waiting';

  constructor(facts: RequestFacts) {
    this.#answer = new ObservedAnswer(facts);
  }

  push(chunk: Uint8Array): void {
    this.#lines.push(chunk);
  }

  observation(): Observation {
    return this.#answer.observation();
  }

  #readLine(bytes: Buffer, start: number, end: number): void {
    if (this.phase === 'error' || !isData(bytes, start, end)) return;
    const value = start + DATA.length + (bytes[start + DATA.length] === SPACE ? 1 : 0);
    // `[DONE]`, the only value in brackets.
    if (bytes[value] === BRACKET) this.#complete();
    if (bytes[value] !== BRACE) return;
    const text = bytes.toString('latin1', value, end);
    this.#countGenerated(text);
    if (this.#answer.messageId !== null && !TELLS.test(text)) return;
    const chunk = parseObject(bytes.toString('utf8', value, end));
    if (chunk === null) return;
    if (isErrorBody(chunk)) {
      this.#answer.fail(chunk, bytes.toString('utf8', value, end));
      this.phase = 'error';
    } else this.#readChunk(chunk);
  }

  #countGenerated(text: string): void {
    let count = 0;
    GENERATED.lastIndex = 0;
    for (let found = GENERATED.exec(text); found !== null; found = GENERATED.exec(text)) {
      count += found[1]?.length ?? 0;
    }
    this.#answer.contentBytes += count;
    if (count > 0 && this.phase === 'waiting') this.phase = 'content';
  }

  #readChunk(chunk: JsonObject): void {
    readHead(chunk, this.#answer);
    const choices = Array.isArray(chunk['choices']) ? chunk['choices'].filter(isJsonObject) : [];
    for (const choice of choices) {
      const reason = stopReasonOf(choice);
      this.#answer.stopReason ??= reason;
      if (reason === null) this.#openChoices.add(choice['index']);
      else this.#openChoices.delete(choice['index']);
      if (citesSources(choice['delta'])) this.#webSearches = 1;
    }
    const usage = readUsage(chunk['usage']);
    if (usage !== null) this.#usage = observedUsage(usage);
    // Some hosts repeat the figures so far in each chunk; the last ones count.
    const isEnd = this.#answer.stopReason !== null && this.#openChoices.size === 0 && this.#usage !== null;
    this.#report(isEnd || choices.length === 0);
    if (isEnd) this.#complete();
  }

  #report(isFinal: boolean): void {
    if (this.#usage !== null)
      this.#answer.report({ ...this.#usage, webSearches: this.#webSearches }, isFinal);
  }

  #complete(): void {
    this.#report(true);
    this.#answer.isComplete = true;
    this.phase = 'complete';
  }
}

function isData(bytes: Buffer, start: number, end: number): boolean {
  return end - start > DATA.length && bytes.compare(DATA, 0, DATA.length, start, start + DATA.length) === 0;
}
