// Another relay that speaks Anthropic, the way relays do: nearly. Its quirks are named in the address.
import type { IncomingHttpHeaders } from 'node:http';
import { type JsonObject, objectOf, parseJson, stringOf } from '../../json.ts';
import { decodeSegment } from '../../paths.ts';
import { createAnthropic } from '../anthropic/index.ts';
import type {
  Answer,
  Call,
  Credential,
  Failure,
  JsonAnswer,
  StreamEvent,
  Vendor,
  VendorSettings,
} from '../vendor.ts';

const PREFIX = '/ccr';
const ADDRESS = /^\/ccr(?:\/([\w,%-]+))?(\/v1\/.*)$/u;
/** What the relay does when the address names nothing. */
const USUAL = ['crlf', 'comments', 'late-usage', 'bare-errors', 'no-count'] as const;
/** The model behind every name of the relay's own. */
const MAPPED_MODEL = 'claude-sonnet-5-5';
const OWN_MODEL = /^relay-/u;
const NO_TOKENS = {
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWrite5mTokens: 0,
  cacheWrite1hTokens: 0,
} as const;

interface Place {
  quirks: ReadonlySet<string>;
  /** As at Anthropic. */
  path: string;
}

export function createCcr(settings: VendorSettings): Vendor {
  return new Ccr(settings);
}

class Ccr implements Vendor {
  readonly id = 'ccr';
  readonly #anthropic: Vendor;

  constructor(settings: VendorSettings) {
    this.#anthropic = createAnthropic(settings);
  }

  serves(path: string): boolean {
    return path.startsWith(`${PREFIX}/`);
  }

  credential(headers: IncomingHttpHeaders, query: string): Credential {
    return this.#anthropic.credential(headers, query);
  }

  model(body: unknown): string {
    return stringOf(objectOf(body)['model']);
  }

  prompt(body: unknown, path: string): string {
    return this.#anthropic.prompt(body, path);
  }

  answer(call: Call): Answer {
    const { quirks, path } = placeOf(call.path);
    if (path.endsWith('/count_tokens') && quirks.has('no-count')) {
      return this.failure(call, { status: 404, message: 'Not Found' });
    }
    const model = this.model(call.body);
    if (quirks.has('own-models') && path.startsWith('/v1/messages') && !OWN_MODEL.test(model)) {
      return this.failure(call, { status: 404, message: `no channel for model ${model}` });
    }
    const body = OWN_MODEL.test(model) ? { ...objectOf(call.body), model: MAPPED_MODEL } : call.body;
    const headers = { 'anthropic-version': '2023-06-01', ...call.headers };
    const answer = this.#anthropic.answer({ ...call, path, headers, body });
    if (answer.kind === 'json') return relayed(answer, quirks);
    const events = answer.events.map((event) => quirky(event, quirks));
    return { ...answer, headers: { 'cache-control': 'no-cache' }, events };
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    return relayed(this.#anthropic.failure(call, failure), placeOf(call.path).quirks);
  }

  errorEvent(call: Call, type: string | undefined, message: string | undefined, index: number): StreamEvent {
    return quirky(this.#anthropic.errorEvent(call, type, message, index), placeOf(call.path).quirks);
  }

  reset(): void {
    this.#anthropic.reset();
  }
}

function placeOf(path: string): Place {
  const [, named, rest = ''] = ADDRESS.exec(path) ?? [];
  return { quirks: new Set(named === undefined ? USUAL : decodeSegment(named).split(',')), path: rest };
}

/** No header of the vendor behind it comes through, and its errors are the relay's. */
function relayed(answer: JsonAnswer, quirks: ReadonlySet<string>): JsonAnswer {
  const plain = { ...answer, headers: {} };
  if (answer.status < 400) return plain;
  const { type, message } = objectOf(objectOf(answer.body)['error']);
  if (quirks.has('bare-errors')) return { ...plain, body: { error: message } };
  return quirks.has('openai-errors')
    ? { ...plain, body: { error: { message, type, param: null, code: type } } }
    : plain;
}

function quirky(event: StreamEvent, quirks: ReadonlySet<string>): StreamEvent {
  const late = quirks.has('late-usage') && event.name === 'message_start';
  return {
    ...event,
    ...(late ? { data: withoutUsage(event.data), tokens: NO_TOKENS } : {}),
    ...(quirks.has('crlf') ? { crlf: true } : {}),
    ...(quirks.has('comments') ? { comment: true } : {}),
  };
}

/** Nothing is known at the start: the numbers come with `message_delta`. */
function withoutUsage(data: string): string {
  const start = objectOf(parseJson(data));
  const usage: JsonObject = { input_tokens: 0, output_tokens: 0 };
  return JSON.stringify({ ...start, message: { ...objectOf(start['message']), usage } });
}
