// Owns an answer on its way from the upstream's dialect to the client's, in each of the forms that either may have.
import type { JsonObject } from '../../platform/json.ts';
import type { CanonicalEvent } from '../canonical.ts';
import type { AnswerContext, ClientCodec, EventDecoder, UpstreamCodec } from '../codec.ts';
import type { AnswerConverter } from '../protocol.ts';
import { parseObject } from '../read.ts';
import { AnswerCollector } from './collect-answer.ts';
import { playAnswer } from './play-answer.ts';
import type { ToolNames } from './tool-names.ts';

/** What an answer needs to find back. */
interface Converted {
  readonly client: ClientCodec;
  readonly upstream: UpstreamCodec;
  readonly names: ToolNames;
  readonly context: AnswerContext;
}

/** What the client gets of each event. */
interface Sink {
  push(event: CanonicalEvent): string;
  ping(): string;
}

const NOTHING = Buffer.alloc(0);
const NO_ANSWER = 'The upstream answered something that is no answer of its API.';
const NO_END = 'The answer ended before its end was told.';

export function convertedAnswer(way: Converted, upstream: 'stream' | 'json'): AnswerConverter {
  return upstream === 'stream'
    ? new StreamConverter(way.upstream.decodeEvents(), sinkOf(way), way.names)
    : new BodyConverter((body) => readWhole(way, body));
}

export function convertedCount({ upstream, client }: Converted): AnswerConverter {
  return new BodyConverter((body) => {
    const inputTokens = upstream.count?.decodeAnswer(body) ?? null;
    return inputTokens === null ? null : JSON.stringify(client.encodeCount?.(inputTokens));
  });
}

function sinkOf({ client, context }: Converted): Sink {
  if (context.facts.stream) return client.encodeEvents(context);
  const collector = new AnswerCollector();
  return {
    push: (event) => {
      const answer = collector.push(event);
      return answer === null ? '' : JSON.stringify(client.encodeAnswer(answer, context));
    },
    ping: () => '',
  };
}

function readWhole({ client, upstream, names, context }: Converted, body: JsonObject): string | null {
  const decoded = upstream.decodeAnswer(body);
  if (decoded === null) return null;
  const answer = { ...decoded, content: names.restoreCalls(decoded.content) };
  if (!context.facts.stream) return JSON.stringify(client.encodeAnswer(answer, context));
  const encoder = client.encodeEvents(context);
  return playAnswer(answer)
    .map((event) => encoder.push(event))
    .join('');
}

class StreamConverter implements AnswerConverter {
  readonly #decoder: EventDecoder;
  readonly #sink: Sink;
  readonly #names: ToolNames;
  #isFinished = false;
  failure: string | null = null;

  constructor(decoder: EventDecoder, sink: Sink, names: ToolNames) {
    this.#decoder = decoder;
    this.#sink = sink;
    this.#names = names;
  }

  push(chunk: Uint8Array): Uint8Array {
    return this.#say(this.#decoder.push(chunk));
  }

  end(): Uint8Array {
    const bytes = this.#say(this.#decoder.end());
    if (!this.#isFinished) this.failure = NO_END;
    return bytes;
  }

  ping(): Uint8Array {
    return this.#isFinished ? NOTHING : Buffer.from(this.#sink.ping());
  }

  #say(events: readonly CanonicalEvent[]): Uint8Array {
    if (events.length === 0) return NOTHING;
    let text = '';
    for (const event of events) {
      if (event.type === 'finish') this.#isFinished = true;
      text += this.#sink.push(this.#names.restoreStart(event));
    }
    return text === '' ? NOTHING : Buffer.from(text);
  }
}

/** A body that comes whole, so nothing of it can be said before its end. */
class BodyConverter implements AnswerConverter {
  readonly #read: (body: JsonObject) => string | null;
  readonly #chunks: Uint8Array[] = [];
  failure: string | null = null;

  constructor(read: (body: JsonObject) => string | null) {
    this.#read = read;
  }

  push(chunk: Uint8Array): Uint8Array {
    this.#chunks.push(chunk);
    return NOTHING;
  }

  end(): Uint8Array {
    const body = parseObject(Buffer.concat(this.#chunks).toString('utf8'));
    const text = body === null ? null : this.#read(body);
    if (text !== null) return Buffer.from(text);
    this.failure = NO_ANSWER;
    return NOTHING;
  }
}
