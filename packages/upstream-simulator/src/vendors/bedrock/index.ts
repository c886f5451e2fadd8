// Bedrock's runtime: InvokeModel and Converse, whole and as streams of frames, with signatures that are checked.
import type { IncomingHttpHeaders } from 'node:http';
import { isObject, objectOf, parseJson, stringOf } from '../../json.ts';
import { decodeSegment } from '../../paths.ts';
import { seededUuid } from '../../seed.ts';
import { estimateTokens } from '../../text.ts';
import { PromptCache } from '../anthropic/prompt-cache.ts';
import { lastTurn } from '../anthropic/prompt.ts';
import { acceptsKey, bearerCredential } from '../credentials.ts';
import type {
  Answer,
  Call,
  Credential,
  Failure,
  Headers,
  JsonAnswer,
  StreamEvent,
  TokenCounts,
  Vendor,
  VendorSettings,
} from '../vendor.ts';
import { checkConverse, lastConverseTurn } from './converse-prompt.ts';
import { conversationFrames, converse, converseWorkMs, wholeConversation } from './converse.ts';
import { bedrockError, bedrockException } from './errors.ts';
import { checkInvoke, claudeOf, invoke } from './invoke.ts';
import { EXAMPLE_SECRET_KEY, accessKeyIdOf, checkSignature } from './signature.ts';

const PATH =
  /^\/model\/([^/]+)\/(invoke|invoke-with-response-stream|converse|converse-stream|count-tokens)$/u;
const EVENT_STREAM = 'application/vnd.amazon.eventstream';
const UNKNOWN_MODEL = /(?:^|[.-])(?:not|unknown)-/u;

export function createBedrock(settings: VendorSettings): Vendor {
  return new Bedrock(settings);
}

class Bedrock implements Vendor {
  readonly id = 'bedrock';
  readonly #settings: VendorSettings;
  readonly #cache = new PromptCache();

  constructor(settings: VendorSettings) {
    this.#settings = settings;
  }

  serves(path: string): boolean {
    return path.startsWith('/model/');
  }

  credential(headers: IncomingHttpHeaders): Credential {
    const accessKeyId = accessKeyIdOf(headers);
    return accessKeyId === null ? bearerCredential(headers) : { apiKey: accessKeyId, scheme: 'sigv4' };
  }

  model(_body: unknown, path: string): string {
    return placeOf(path)?.model ?? '';
  }

  prompt(body: unknown, path: string): string {
    return placeOf(path)?.method.startsWith('converse') === true
      ? lastConverseTurn(body).text
      : lastTurn(body).text;
  }

  answer(call: Call): Answer {
    const refusal = this.#checkCredential(call);
    if (refusal !== null) return this.failure(call, refusal);
    const place = placeOf(call.path);
    if (place === null || call.method !== 'POST') {
      return this.failure(call, { status: 404, type: 'UnknownOperationException' });
    }
    const { model, method } = place;
    if (UNKNOWN_MODEL.test(model)) {
      return this.failure(call, { status: 400, message: 'The provided model identifier is invalid.' });
    }
    if (method === 'count-tokens') return this.#countTokens(call);
    return method.startsWith('converse')
      ? this.#converse(call, model, method === 'converse-stream')
      : this.#invoke(call, model, method === 'invoke-with-response-stream');
  }

  failure(call: Call, failure: Failure): JsonAnswer {
    return bedrockError(failure, seededUuid(call.requestId));
  }

  errorEvent(_call: Call, type: string | undefined, message: string | undefined): StreamEvent {
    return bedrockException(type, message);
  }

  reset(): void {
    this.#cache.clear();
  }

  #invoke(call: Call, model: string, streams: boolean): Answer {
    const claude = claudeOf(model);
    if (claude === null) {
      const message = `Invocation of model ID ${model} with this body isn't supported.`;
      return this.failure(call, { status: 400, message });
    }
    const problem = checkInvoke(call);
    if (problem !== null) return this.failure(call, problem);
    const invocation = invoke(call, claude, this.#cache);
    const paceMs = invocation.paceMs ?? this.#settings.paceMs;
    const { events, message, tokens } = invocation;
    if (streams) {
      const headers = { ...headersOf(call, EVENT_STREAM), 'x-amzn-bedrock-content-type': 'application/json' };
      return { kind: 'stream', status: 200, headers, events, paceMs };
    }
    const headers = { ...headersOf(call, 'application/json'), ...countHeaders(tokens) };
    return {
      kind: 'json',
      status: 200,
      headers,
      body: message,
      tokens,
      workMs: invocation.workMs(paceMs),
    };
  }

  #converse(call: Call, model: string, streams: boolean): Answer {
    const problem = checkConverse(call.body);
    if (problem !== null) return this.failure(call, problem);
    const conversation = converse(call, model, this.#cache);
    const paceMs = conversation.said.paceMs ?? this.#settings.paceMs;
    if (streams) {
      const events = conversationFrames(conversation);
      return { kind: 'stream', status: 200, headers: headersOf(call, EVENT_STREAM), events, paceMs };
    }
    return {
      kind: 'json',
      status: 200,
      headers: headersOf(call, 'application/json'),
      body: wholeConversation(conversation),
      tokens: conversation.tokens,
      workMs: converseWorkMs(conversation, paceMs),
    };
  }

  /** Counts the body that would be sent, which comes in base64 or as it is. */
  #countTokens(call: Call): Answer {
    const input = objectOf(objectOf(call.body)['input']);
    const invoked = stringOf(objectOf(input['invokeModel'])['body']);
    const text =
      invoked === '' ? JSON.stringify(input['converse']) : Buffer.from(invoked, 'base64').toString();
    if (text === undefined || !isObject(parseJson(text))) return this.failure(call, { status: 400 });
    return {
      kind: 'json',
      status: 200,
      headers: headersOf(call, 'application/json'),
      body: { inputTokens: estimateTokens(text) },
    };
  }

  #checkCredential(call: Call): Failure | null {
    const { apiKey, scheme } = call.credential;
    if (apiKey === null) return { status: 403, type: 'MissingAuthenticationTokenException' };
    if (!acceptsKey(this.#settings, apiKey)) {
      return scheme === 'bearer'
        ? {
            status: 403,
            message: 'Authentication failed: Please make sure your API Key is valid.',
          }
        : { status: 403, type: 'UnrecognizedClientException' };
    }
    if (scheme === 'bearer') return null;
    if (String(call.headers['x-amz-security-token'] ?? '').includes('expired')) {
      return { status: 403, type: 'ExpiredTokenException' };
    }
    return checkSignature(call, this.#settings.awsSecretKey ?? EXAMPLE_SECRET_KEY, Date.now());
  }
}

function placeOf(path: string): { model: string; method: string } | null {
  const match = PATH.exec(path);
  if (match === null) return null;
  const [, model = '', method = ''] = match;
  return { model: decodeSegment(model), method };
}

function headersOf(call: Call, contentType: string): Headers {
  return { 'content-type': contentType, 'x-amzn-requestid': seededUuid(call.requestId) };
}

function countHeaders(tokens: TokenCounts): Headers {
  const written = tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
  return {
    'x-amzn-bedrock-invocation-latency': '640',
    'x-amzn-bedrock-input-token-count': String(tokens.inputTokens),
    'x-amzn-bedrock-output-token-count': String(tokens.outputTokens),
    'x-amzn-bedrock-cache-read-input-token-count': String(tokens.cacheReadTokens),
    'x-amzn-bedrock-cache-write-input-token-count': String(written),
  };
}
