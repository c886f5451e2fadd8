// Owns the two codecs of Google's dialect, and what of them its wrapped form reuses.
import type { JsonObject } from '../../platform/json.ts';
import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import type { Operation } from '../protocol.ts';
import { decodeAnswer, decodeEvents } from './decode-answer.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeAnswer, encodeEvents } from './encode-answer.ts';
import { encodePrompt, encodeRequest, FUNCTION_NAME } from './encode-request.ts';
import { requestOf } from './inspect.ts';
import { countOf } from '../observed-answer.ts';

export const client: ClientCodec = {
  decodeRequest: (body, facts, notes) => decodeRequest(requestOf(body), facts, notes),
  encodeAnswer,
  encodeEvents: (context) => encodeEvents(context, (response) => response),
  encodeCount,
};

export const upstream: UpstreamCodec = {
  toolName: FUNCTION_NAME,
  address: (operation, model, stream) => ({
    path: `/v1beta/models/${encodeURIComponent(model)}:${methodOf(operation, stream)}`,
    query: stream ? '?alt=sse' : '',
  }),
  encodeRequest,
  decodeAnswer,
  decodeEvents: () => decodeEvents((event) => event),
  count: {
    encodeRequest: (request, model, notes) => ({
      generateContentRequest: { model: `models/${model}`, ...encodePrompt(request, model, notes) },
    }),
    decodeAnswer: decodeCount,
  },
};

export function methodOf(operation: Operation, stream: boolean): string {
  if (operation === 'count_tokens') return 'countTokens';
  return stream ? 'streamGenerateContent' : 'generateContent';
}

export function encodeCount(totalTokens: number): JsonObject {
  return { totalTokens };
}

export function decodeCount(body: JsonObject): number | null {
  return countOf(body['totalTokens']);
}
