// Owns what is known of one answer so far, in whatever dialect it comes: the message, its usage, its error.
import { isJsonObject, type JsonObject } from '../platform/json.ts';
import type { Observation, ObservedError, ObservedUsage, PriceConditions, RequestFacts } from './protocol.ts';

/** Small, so that an answer that broke off is rather charged a little too high: English has about four. */
const BYTES_PER_OUTPUT_TOKEN = 3;

export class ObservedAnswer {
  readonly #inputTokensEstimate: number;
  #usage: ObservedUsage | null = null;
  #isOutputFinal = false;
  readonly conditions: PriceConditions = { serviceTier: null, speed: null, inferenceGeo: null };
  servedModel: string | null = null;
  messageId: string | null = null;
  stopReason: string | null = null;
  /** Bytes of generated content that passed. */
  contentBytes = 0;
  isComplete = false;
  error: ObservedError | null = null;

  constructor(facts: Pick<RequestFacts, 'inputTokensEstimate'>) {
    this.#inputTokensEstimate = facts.inputTokensEstimate;
  }

  /** Cumulative: what was reported before is replaced. `isFinal`: the vendor reports no more after it. */
  report(usage: ObservedUsage, isFinal: boolean): void {
    this.#usage = usage;
    this.#isOutputFinal = isFinal;
  }

  /** The first error counts. */
  fail(body: JsonObject, raw: string): void {
    this.error ??= readObservedError(body, raw);
  }

  observation(): Observation {
    const usage = this.#usage === null ? emptyUsage() : { ...this.#usage };
    const isInputKnown = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h > 0;
    if (!this.#isOutputFinal) {
      usage.output = Math.max(usage.output, Math.ceil(this.contentBytes / BYTES_PER_OUTPUT_TOKEN));
    }
    if (!isInputKnown && (this.contentBytes > 0 || this.#usage !== null))
      usage.input = this.#inputTokensEstimate;
    return {
      usageSource:
        this.#isOutputFinal && isInputKnown ? 'reported' : this.#usage !== null ? 'partial' : 'estimated',
      usage,
      conditions: { ...this.conditions },
      servedModel: this.servedModel,
      messageId: this.messageId,
      stopReason: this.stopReason,
      isComplete: this.isComplete,
      error: this.error,
    };
  }
}

function emptyUsage(): ObservedUsage {
  return { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output: 0, webSearches: 0 };
}

/** `{error:{type|code|status,message}}`, `{error:"…"}`, `{message}`; safe for what is none of them. */
function readObservedError(body: JsonObject, raw: string): ObservedError {
  const { error } = body;
  if (typeof error === 'string') return { type: 'api_error', message: error, raw };
  const source = isJsonObject(error) ? error : body;
  const type = [source['type'], source['status'], source['code']].find(
    (candidate) => typeof candidate === 'string' && candidate !== '' && candidate !== 'error',
  );
  const message = source['message'];
  return {
    type: typeof type === 'string' ? type : 'api_error',
    message: typeof message === 'string' ? message : raw.slice(0, 500),
    raw,
  };
}

/** Whole, not negative; null where it is no count. */
export function countOf(value: unknown): number | null {
  return typeof value === 'number' && Number.isFinite(value) && value >= 0 ? Math.round(value) : null;
}
