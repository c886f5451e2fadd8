// Owns what is known of one answer so far, whichever way it comes: the message, its usage, its error.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import type { Observation, ObservedError, ObservedUsage, RequestFacts } from '../protocol.ts';
import { UsageTally } from './usage.ts';

/** Small, so that an answer that broke off is rather charged a little too high: English has about four. */
const BYTES_PER_OUTPUT_TOKEN = 3;

export class Answer {
  readonly #tally = new UsageTally();
  readonly #inputTokensEstimate: number;
  #servedModel: string | null = null;
  #messageId: string | null = null;
  #stopReason: string | null = null;
  #isOutputFinal = false;
  #isOutputSeen = false;
  /** Bytes of generated content that passed. */
  contentBytes = 0;
  isComplete = false;
  error: ObservedError | null = null;

  constructor(facts: RequestFacts) {
    this.#inputTokensEstimate = facts.inputTokensEstimate;
  }

  /** The object of message_start; its output count is a placeholder. */
  start(message: JsonObject): void {
    if (typeof message['model'] === 'string') this.#servedModel = message['model'];
    if (typeof message['id'] === 'string') this.#messageId = message['id'];
    this.#tally.add(message['usage']);
  }

  /** The object of message_delta. */
  change(event: JsonObject): void {
    const { delta } = event;
    const reason = isJsonObject(delta) ? delta['stop_reason'] : null;
    if (typeof reason === 'string') this.#stopReason = reason;
    if (this.#tally.add(event['usage'])) this.#isOutputSeen = true;
    if (this.#isOutputSeen && this.#stopReason !== null) this.#isOutputFinal = true;
  }

  /** A whole message, as it comes without streaming. */
  finish(message: JsonObject): void {
    this.start(message);
    this.change({ delta: { stop_reason: message['stop_reason'] ?? null }, usage: message['usage'] });
    this.complete();
  }

  complete(): void {
    this.isComplete = true;
    if (this.#isOutputSeen) this.#isOutputFinal = true;
  }

  /** Reads an error object in any of the shapes that vendors and other relays send. */
  fail(body: JsonObject, raw: string): void {
    this.error ??= readError(body, raw);
  }

  observation(): Observation {
    const usage = this.#tally.read();
    const isInputKnown = usage.input + usage.cacheRead + usage.cacheWrite5m + usage.cacheWrite1h > 0;
    return {
      usageSource: this.#completeUsage(usage, isInputKnown),
      usage,
      conditions: { ...this.#tally.conditions },
      servedModel: this.#servedModel,
      messageId: this.#messageId,
      stopReason: this.#stopReason,
      isComplete: this.isComplete,
      error: this.error,
    };
  }

  /** Fills in what was never reported. A prompt has at least one token: input of zero is no report. */
  #completeUsage(usage: ObservedUsage, isInputKnown: boolean): Observation['usageSource'] {
    if (!this.#isOutputFinal) {
      usage.output = Math.max(usage.output, Math.ceil(this.contentBytes / BYTES_PER_OUTPUT_TOKEN));
    }
    if (!isInputKnown && (this.contentBytes > 0 || this.#isOutputSeen))
      usage.input = this.#inputTokensEstimate;
    if (this.#isOutputFinal && isInputKnown) return 'reported';
    return isInputKnown || this.#isOutputSeen ? 'partial' : 'estimated';
  }
}

/** `{error:{type,message}}`, `{error:"…"}`, `{message}`; null-safe for what is none of them. */
function readError(body: JsonObject, raw: string): ObservedError {
  const { error } = body;
  if (typeof error === 'string') return { type: 'api_error', message: error, raw };
  const source = isJsonObject(error) ? error : body;
  const type = source['type'];
  const message = source['message'];
  return {
    type: typeof type === 'string' && type !== 'error' ? type : 'api_error',
    message: typeof message === 'string' ? message : raw.slice(0, 500),
    raw,
  };
}
