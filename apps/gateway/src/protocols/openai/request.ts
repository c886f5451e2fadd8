// Owns what is checked and read alike in the requests of Chat Completions, its elder and embeddings.
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import { modelFamily } from '../model-family.ts';
import type { DialectId, InspectInput, InspectResult, RequestFacts, UsageCeiling } from '../protocol.ts';
import { recogniseClient } from '../recognise-client.ts';

/** On the high side for English, about right for Chinese, and for code in between. */
const BYTES_PER_TOKEN = 3;
/** Of the vendor's own around a request. */
const TOKENS_OF_FRAME = 2000;
/** No model of any vendor writes more in one answer. */
const MOST_OUTPUT_TOKENS = 131_072;

export class BadField extends Error {
  readonly path: string;
  constructor(path: string, expected: string, value: JsonValue | undefined) {
    super(value === undefined ? `Field required, ${expected}` : `Input should be ${expected}`);
    this.name = 'BadField';
    this.path = path;
  }
}

/** `read` throws BadField for what the vendor would refuse too. */
export function inspected(read: () => RequestFacts): InspectResult {
  try {
    return { ok: true, facts: read() };
  } catch (error) {
    if (!(error instanceof BadField)) throw error;
    return { ok: false, path: error.path, message: `${error.path}: ${error.message}` };
  }
}

/** What is the same for all of them; the rest is what a call without an answer of text has. */
export function commonFacts(input: InspectInput, dialect: DialectId): RequestFacts {
  const { body, bodyBytes, operation, headers, address } = input;
  const model = address.model ?? body['model'];
  if (typeof model !== 'string' || model.trim() === '') throw new BadField('model', 'a model id', model);
  return {
    dialect,
    operation,
    model,
    family: modelFamily(model),
    stream: false,
    sessionId: null,
    maxOutputTokens: 0,
    inputTokensEstimate: Math.ceil(bodyBytes / BYTES_PER_TOKEN),
    ceiling: plainCeiling(body, bodyBytes),
    client: recogniseClient(headers),
    service: address.service,
    pinnedTo: null,
    streamForm: 'events',
  };
}

/** A token is a byte at least. */
function plainCeiling(body: JsonObject, bodyBytes: number): UsageCeiling {
  return {
    inputTokens: bodyBytes + TOKENS_OF_FRAME,
    passes: 1,
    webSearches: 0,
    conditions: {
      serviceTier: typeof body['service_tier'] === 'string' ? body['service_tier'] : null,
      speed: null,
      inferenceGeo: null,
    },
  };
}

/** Each of several answers may be as long as the limit; the first of `limits` that is there counts. */
export function outputCeiling(
  body: JsonObject,
  limits: readonly string[],
  counts: readonly string[],
  prompts = 1,
): number | null {
  const [limit = null] = limits.map((name) => wholeNumber(body, name, 0)).filter((value) => value !== null);
  const answers = prompts * Math.max(1, ...counts.map((name) => wholeNumber(body, name, 1) ?? 1));
  if (answers === 1) return limit;
  return (limit ?? MOST_OUTPUT_TOKENS) * answers;
}

function wholeNumber(body: JsonObject, name: string, least: number): number | null {
  const value = body[name] ?? null;
  if (value === null) return null;
  if (typeof value === 'number' && Number.isSafeInteger(value) && value >= least) return value;
  throw new BadField(name, `a whole number, ${least} or more`, value);
}

export function wantsUsage(body: JsonObject): boolean {
  const options = body['stream_options'];
  return isJsonObject(options) && options['include_usage'] === true;
}
