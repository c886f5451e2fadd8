// Owns the way between a client's dialect and an upstream's: the same, another wrapping of it, or a conversion of the
// request and of its answer through the canonical form.
import type { JsonObject } from '../platform/json.ts';
import { convertedAnswer, convertedCount } from './bridge/answers.ts';
import { ToolNames } from './bridge/tool-names.ts';
import { ConversionNotes, NotConvertible } from './codec.ts';
import type { AnswerConverter, Fit, Operation, Protocol, RequestFacts } from './protocol.ts';

export interface BridgeInput {
  readonly client: Protocol;
  readonly target: Protocol;
  readonly facts: RequestFacts;
  /** The client's body with every string whole; asked for only where it is converted. */
  readonly json: () => JsonObject;
  /** The same as it came. */
  readonly body: Buffer;
  /** As the client sent it. */
  readonly query: string;
  /** What the account calls the model. */
  readonly upstreamModel: string;
  readonly createdAtMs: number;
}

export type Bridge =
  /** The dialects match: the client's own bytes go out, but for what `fit` adds. */
  | { readonly type: 'native'; readonly fit: Fit | null }
  | {
      readonly type: 'converted';
      readonly path: string;
      readonly query: string;
      readonly body: Buffer;
      /** What was left out or weakened, as the client is told; null: nothing. */
      readonly warnings: string | null;
      /** Of the form the upstream answers in; the client gets the one it asked for. Null: the bytes pass. */
      readonly answer: (upstream: 'stream' | 'json') => AnswerConverter | null;
      /** An error event inside a stream comes through in the client's own form, not only its news. */
      readonly passesErrorEvents: boolean;
      /** Of what the client gets. */
      readonly contentType: string;
    }
  /** `path` is a place in the client's body. */
  | { readonly type: 'refused'; readonly path: string; readonly message: string };

/** Whether `openBridge` can lead from one to the other at all; what a single request holds may still speak against it. */
export function canConvert(client: Protocol, target: Protocol, operation: Operation): boolean {
  switch (operation) {
    case 'generate':
      return target.upstream !== undefined && (isKin(client, target) || client.client !== undefined);
    case 'count_tokens':
      return (
        target.upstream?.count !== undefined &&
        (isKin(client, target) || client.client?.encodeCount !== undefined)
      );
    case 'embeddings':
    case 'compact':
      return false;
  }
}

/** Throws where `canConvert` says no. */
export function openBridge(input: BridgeInput): Bridge {
  const { client, target, facts, body, query } = input;
  if (client.id === target.id) {
    return { type: 'native', fit: client.fit?.(facts, body, query) ?? null };
  }
  try {
    const contentType = contentTypeOf(facts);
    return { type: 'converted', contentType, ...addressOf(input), ...wayOf(input) };
  } catch (error) {
    if (!(error instanceof NotConvertible)) throw error;
    return { type: 'refused', path: error.path, message: error.message };
  }
}

type Way = Pick<Extract<Bridge, { type: 'converted' }>, 'body' | 'warnings' | 'answer' | 'passesErrorEvents'>;

function wayOf(input: BridgeInput): Way {
  const { client, target, facts, body, upstreamModel } = input;
  const kin = client.kin?.[target.id];
  if (kin === undefined) return convertedWay(input);
  return {
    body: kin.request(body, upstreamModel, facts.operation),
    warnings: null,
    answer: (upstream) => kin.answer(upstream, facts),
    passesErrorEvents: true,
  };
}

function convertedWay({ client, target, facts, json, upstreamModel, createdAtMs }: BridgeInput): Way {
  const { client: clientCodec } = client;
  const { upstream } = target;
  if (clientCodec === undefined || upstream === undefined) throw noBridge(client, target);
  const encoder = facts.operation === 'count_tokens' ? upstream.count : upstream;
  if (encoder === undefined) throw noBridge(client, target);
  const notes = new ConversionNotes();
  const request = json();
  const decoded = clientCodec.decodeRequest(request, facts, notes);
  const names = ToolNames.of(decoded, upstream.toolName);
  const body = encoder.encodeRequest(names.rename(decoded), upstreamModel, notes);
  const context = { model: facts.model, createdAtMs, facts, request };
  const way = { client: clientCodec, upstream, names, context };
  return {
    body: Buffer.from(JSON.stringify(body)),
    warnings: notes.header,
    answer: (form) => (facts.operation === 'count_tokens' ? convertedCount(way) : convertedAnswer(way, form)),
    passesErrorEvents: false,
  };
}

function isKin(client: Protocol, target: Protocol): boolean {
  return client.kin?.[target.id] !== undefined;
}

function addressOf({ client, target, facts, upstreamModel }: BridgeInput): { path: string; query: string } {
  if (target.upstream === undefined) throw noBridge(client, target);
  return target.upstream.address(facts.operation, upstreamModel, facts.stream);
}

function contentTypeOf({ stream, streamForm }: RequestFacts): string {
  return stream && streamForm === 'events' ? 'text/event-stream; charset=utf-8' : 'application/json';
}

function noBridge(client: Protocol, target: Protocol): Error {
  return new Error(`${client.id} cannot be converted to ${target.id} for this operation`);
}
