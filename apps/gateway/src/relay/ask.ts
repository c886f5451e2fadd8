// Owns how one account is asked for a client's request, and how its answer finds back: in the client's own dialect with
// the very bytes, or converted to one that the account speaks.
import type { LiveAccount } from '../modules/accounts/index.ts';
import { openBridge } from '../protocols/bridge.ts';
import type { Fit, Protocol, RequestFacts } from '../protocols/protocol.ts';
import { protocols } from '../protocols/registry.ts';
import type { PreparedRequest, UpstreamCall } from '../providers/provider.ts';
import { askedIn } from './asked-in.ts';
import type { AnswerWay } from './answer-reader.ts';
import type { Call } from './call.ts';
import { upstreamModel } from './pool.ts';

export interface Asked {
  readonly type: 'asked';
  readonly request: PreparedRequest;
  readonly answerWay: (answer: 'stream' | 'json') => AnswerWay;
  /** Error answers are in the client's dialect and pass as they come; errors inside a stream are the way's business. */
  readonly passesErrors: boolean;
  /** What the conversion left out, for the client. */
  readonly warnings: string | null;
}

/** The account's dialect cannot say what the client asks. */
export interface NotSayable {
  readonly type: 'not-sayable';
  /** Of the client's body. */
  readonly path: string;
  readonly message: string;
}

type Way = Omit<AnswerWay, 'observer' | 'unframe' | 'deliversAs'> & {
  readonly deliversAs: AnswerWay['deliversAs'] | null;
};

/** Throws where the account has a defect, which routing knows. */
export function ask(call: Call, account: LiveAccount): Asked | NotSayable {
  const { facts, protocol } = call;
  const { provider } = account;
  const dialect = askedIn(provider, facts);
  if (dialect === null) throw new Error(`${provider.kind} was chosen for what it cannot answer`);
  const target = protocols[dialect];
  const model = upstreamModel(account, facts.model);
  const bridge = openBridge({
    client: protocol,
    target,
    facts,
    json: call.json,
    body: call.body,
    query: call.query,
    upstreamModel: model,
    createdAtMs: call.receivedAtMs,
  });
  if (bridge.type === 'refused') {
    return { type: 'not-sayable', path: bridge.path, message: bridge.message };
  }
  const isNative = bridge.type === 'native';
  const passesErrors = isNative && provider.hasForeignErrors !== true;
  const upstreamCall: UpstreamCall = {
    dialect,
    operation: facts.operation,
    method: call.method,
    path: isNative ? call.path : bridge.path,
    query: isNative ? (bridge.fit?.query ?? call.query) : bridge.query,
    headers: isNative ? call.headers : namesOfClient(call.headers),
    body: isNative ? (bridge.fit?.body ?? call.body) : bridge.body,
    stream: facts.stream,
    facts,
    upstreamModel: model,
  };
  const wayOf = (answer: 'stream' | 'json'): Way => {
    if (isNative) return { ...nativeWay(answer, facts, target, bridge.fit), passesErrors: true };
    const deliversAs = facts.stream ? 'stream' : 'json';
    const { contentType, passesErrorEvents } = bridge;
    return { convert: bridge.answer(answer), deliversAs, contentType, passesErrors: passesErrorEvents };
  };
  return {
    type: 'asked',
    request: account.prepare(upstreamCall),
    passesErrors,
    warnings: isNative ? null : bridge.warnings,
    answerWay: (answer) => {
      const unframe = provider.unframe?.(answer, upstreamCall) ?? null;
      const way = wayOf(answer);
      return {
        ...way,
        unframe,
        observer: target.observe(answer, facts),
        deliversAs: way.deliversAs ?? answer,
        contentType: way.contentType ?? (unframe === null ? null : contentTypes[answer]),
      };
    },
  };
}

/** The very bytes; or what a stream comes to, where the vendor only streams and the client wants a whole answer. */
function nativeWay(
  answer: 'stream' | 'json',
  { stream, streamForm }: RequestFacts,
  target: Protocol,
  fit: Fit | null,
): Omit<Way, 'passesErrors'> {
  if (answer === 'stream' && !stream && target.collect !== undefined)
    return { convert: target.collect(), deliversAs: 'json', contentType: contentTypes.json };
  const contentType = streamForm === 'array' ? contentTypes.json : null;
  return { convert: fit?.answer?.() ?? null, deliversAs: null, contentType };
}

/** Of the client's headers those that mean the same to every vendor. */
function namesOfClient(headers: readonly string[]): string[] {
  const kept: string[] = [];
  for (let index = 0; index < headers.length; index += 2) {
    const name = headers[index] ?? '';
    if (/^(?:user-agent|x-client-request-id)$/i.test(name)) kept.push(name, headers[index + 1] ?? '');
  }
  return kept;
}

const contentTypes = { stream: 'text/event-stream; charset=utf-8', json: 'application/json' } as const;
