// Owns Code Assist's wrapping as bytes: Gemini's request and answers go in and out of it as they were written.
import { membersOf, withMembers } from '../../platform/json-members.ts';
import { withOwnSignatures } from '../gemini/own-signatures.ts';
import { ArrayText } from '../gemini/stream-array.ts';
import type { AnswerConverter, Kin, Operation, RequestFacts } from '../protocol.ts';
import { SseReader } from '../sse.ts';

const OPEN_BRACKET = 0x5b;
const SPACE = 0x20;
const NOTHING = Buffer.alloc(0);

/** A Gemini body in the wrapping. Counting names the model inside, and takes the contents only. */
function wrapRequest(body: Buffer, model: string, operation: Operation): Buffer {
  if (operation !== 'count_tokens') {
    return Buffer.concat([
      Buffer.from(`{"model":${JSON.stringify(model)},"request":`),
      body,
      Buffer.from('}'),
    ]);
  }
  const contents = valueOf(valueOf(body, 'generateContentRequest') ?? body, 'contents') ?? Buffer.from('[]');
  return Buffer.concat([
    Buffer.from(`{"request":{"model":${JSON.stringify(`models/${model}`)},"contents":`),
    contents,
    Buffer.from('}}'),
  ]);
}

/** The Gemini body inside. What only Code Assist knows goes, the model that counting names there as well. */
function unwrapRequest(body: Buffer): Buffer {
  const request = valueOf(body, 'request');
  if (request === null) return body;
  return withMembers(request, {
    session_id: undefined,
    sessionId: undefined,
    labels: undefined,
    model: undefined,
  });
}

/** Gemini's client asks a Code Assist upstream. */
export const intoCodeAssist: Kin = {
  request: (body, model, operation) => wrapRequest(withOwnSignatures(body), model, operation),
  answer: (answer, facts) => converter(answer, facts, unwrap),
};

/** Code Assist's client asks a Gemini upstream. */
export const outOfCodeAssist: Kin = {
  request: (body) => unwrapRequest(withOwnSignatures(body)),
  answer: (answer, facts) => converter(answer, facts, wrap),
};

/** Counts are not wrapped. */
function converter(
  answer: 'stream' | 'json',
  { operation, streamForm }: RequestFacts,
  change: (json: Buffer) => Buffer,
): AnswerConverter | null {
  if (operation === 'count_tokens') return null;
  return answer === 'stream' ? new EventConverter(change, streamForm) : new BodyConverter(change);
}

/** Anything without a response inside, an error above all, stays as it is. */
function unwrap(json: Buffer): Buffer {
  return valueOf(json, 'response') ?? json;
}

function wrap(json: Buffer): Buffer {
  if (valueOf(json, 'error') !== null) return json;
  const id = valueOf(json, 'responseId');
  const trace = id === null ? [] : [Buffer.from(',"traceId":'), id];
  return Buffer.concat([Buffer.from('{"response":'), json, ...trace, Buffer.from('}')]);
}

/** The value as it was written; null where there is no such member. */
function valueOf(json: Buffer, name: string): Buffer | null {
  const found = membersOf(json).findLast((each) => each.name === name);
  return found === undefined ? null : json.subarray(found.valueStart, found.valueEnd);
}

class EventConverter implements AnswerConverter {
  readonly #array: ArrayText | null;
  readonly #events: SseReader;
  #text = '';

  constructor(change: (json: Buffer) => Buffer, streamForm: RequestFacts['streamForm']) {
    const array = streamForm === 'array' ? new ArrayText() : null;
    this.#array = array;
    this.#events = new SseReader((_name, data) => {
      const json = change(Buffer.from(data)).toString('utf8');
      this.#text += array === null ? `data: ${json}\r\n\r\n` : array.element(json);
    });
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#events.push(chunk);
    return this.#take();
  }

  end(): Uint8Array {
    this.#events.end();
    this.#text += this.#array?.end() ?? '';
    return this.#take();
  }

  #take(): Uint8Array {
    const bytes = Buffer.from(this.#text);
    this.#text = '';
    return bytes;
  }
}

/** A whole body; an array of errors, as Google sends them at times, stays as it is. */
class BodyConverter implements AnswerConverter {
  readonly #change: (json: Buffer) => Buffer;
  readonly #chunks: Buffer[] = [];

  constructor(change: (json: Buffer) => Buffer) {
    this.#change = change;
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#chunks.push(Buffer.from(chunk));
    return NOTHING;
  }

  end(): Uint8Array {
    const body = Buffer.concat(this.#chunks);
    const first = body.find((byte) => byte > SPACE);
    return first === undefined || first === OPEN_BRACKET ? body : this.#change(body);
  }
}
