// Owns what is known of one answer so far, response by response: a stream's are cumulative in usage only.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { CanonicalUsage } from '../canonical.ts';
import { ObservedAnswer } from '../observed-answer.ts';
import type { Observation, RequestFacts } from '../protocol.ts';
import { isBreakdown } from './finish.ts';
import { objectsIn, objectOf, textIn } from './read.ts';
import { readUsage, serviceTierOf, webSearchesOf } from './usage.ts';

/** What a broken-off answer is estimated by, see ObservedAnswer. */
const BYTES_PER_OUTPUT_TOKEN = 3;

export class Answer {
  readonly #observed: ObservedAnswer;
  readonly #model: string;
  /** The client reads the vendor's own reasons. */
  readonly #isNative: boolean;
  #usage: CanonicalUsage | null = null;
  #webSearches = 0;
  /** Candidates that have begun, and whether they have ended. */
  readonly #candidates = new Map<number, boolean>();
  /** Content that passed since usage was told last. */
  #unreportedBytes = 0;
  hasContent = false;

  constructor(facts: RequestFacts) {
    this.#observed = new ObservedAnswer(facts);
    this.#model = facts.model;
    this.#isNative = facts.dialect === 'gemini' || facts.dialect === 'code-assist';
  }

  get error(): Observation['error'] {
    return this.#observed.error;
  }

  get isComplete(): boolean {
    return this.#observed.isComplete;
  }

  /** One `GenerateContentResponse`; `raw` is its text. */
  read(response: JsonObject, raw: string): void {
    if (response['error'] !== undefined && this.#observed.error === null && !this.isComplete) {
      this.#observed.fail(response, raw);
      return;
    }
    this.#readNames(response);
    for (const candidate of objectsIn(response, 'candidates')) this.#readCandidate(candidate);
    this.#readUsage(response);
    const blocked = textIn(objectOf(response['promptFeedback']), 'blockReason');
    if (blocked !== null) {
      this.#observed.stopReason ??= blocked;
      this.#observed.isComplete = true;
    }
    if (this.#usage !== null && this.#candidates.size > 0 && [...this.#candidates.values()].every(Boolean)) {
      this.#observed.isComplete = true;
    }
  }

  /** Generated content that passed without usage beside it. */
  addContent(bytes: number): void {
    this.hasContent = true;
    this.#unreportedBytes += bytes;
  }

  /** Usage of a response that passed was kept unread and will be replaced: what came before it is in its counts. */
  coverContent(): void {
    this.#unreportedBytes = 0;
  }

  /** A whole body has no further end than its own. */
  complete(): void {
    this.#observed.isComplete = true;
  }

  /** The answer as a whole was no answer of the dialect. */
  fail(body: JsonObject, raw: string): void {
    this.#observed.fail(body, raw);
  }

  observation(): Observation {
    const observed = this.#observed;
    const usage = this.#usage;
    if (usage !== null) {
      const { input, cacheRead, cacheWrite5m, cacheWrite1h, output } = usage;
      observed.report(
        { input, cacheRead, cacheWrite5m, cacheWrite1h, output, webSearches: this.#webSearches },
        observed.isComplete,
      );
    }
    // Usage is told with nearly every response, so only what came after the last of it is estimated.
    const reportedBytes =
      usage === null || this.#unreportedBytes === 0 ? 0 : usage.output * BYTES_PER_OUTPUT_TOKEN;
    observed.contentBytes = reportedBytes + this.#unreportedBytes;
    return observed.observation();
  }

  #readNames(response: JsonObject): void {
    const observed = this.#observed;
    observed.servedModel ??= textIn(response, 'modelVersion');
    observed.messageId ??= textIn(response, 'responseId');
  }

  #readCandidate(candidate: JsonObject): void {
    const index = typeof candidate['index'] === 'number' ? candidate['index'] : 0;
    const reason = textIn(candidate, 'finishReason');
    const hasEnded = reason !== null && reason !== 'FINISH_REASON_UNSPECIFIED';
    if (hasSaidSomething(candidate)) this.hasContent = true;
    this.#candidates.set(index, hasEnded || this.#candidates.get(index) === true);
    this.#webSearches = Math.max(this.#webSearches, webSearchesOf(this.#model, candidate));
    if (!hasEnded) return;
    this.#observed.stopReason ??= reason;
    // Converted, an answer without a word would look as if the model had nothing to say.
    if (!this.#isNative && !this.hasContent && isBreakdown(reason)) {
      const message = textIn(candidate, 'finishMessage') ?? `The model stopped without an answer: ${reason}`;
      const error = { error: { code: 502, message, status: 'INTERNAL' } };
      this.#observed.fail(error, JSON.stringify(error));
    }
  }

  #readUsage(response: JsonObject): void {
    const metadata = response['usageMetadata'];
    const usage = readUsage(metadata);
    if (usage === null) return;
    this.#usage = usage;
    this.#unreportedBytes = 0;
    const { conditions } = this.#observed;
    conditions.serviceTier = serviceTierOf(metadata) ?? conditions.serviceTier;
  }
}

/** Anything but empty texts. */
function hasSaidSomething(candidate: JsonObject): boolean {
  const { content } = candidate;
  if (!isJsonObject(content)) return false;
  return objectsIn(content, 'parts').some((part) => {
    const names = Object.keys(part).filter((name) => name !== 'thought' && name !== 'thoughtSignature');
    return names.some((name) => part[name] !== undefined && !(name === 'text' && part[name] === ''));
  });
}
