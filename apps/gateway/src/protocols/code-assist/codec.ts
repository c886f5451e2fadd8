// Owns the two codecs of Code Assist: Gemini's, inside their wrapping. The project is the account's and joins later.
import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { decodeCount, encodeCount, methodOf } from '../gemini/codec.ts';
import { decodeAnswer, decodeEvents } from '../gemini/decode-answer.ts';
import { decodeRequest } from '../gemini/decode-request.ts';
import { encodeAnswer, encodeEvents } from '../gemini/encode-answer.ts';
import { encodePrompt, encodeRequest, FUNCTION_NAME } from '../gemini/encode-request.ts';
import { requestIn, responseIn, wrapResponse } from './envelope.ts';

export const client: ClientCodec = {
  decodeRequest: (body, facts, notes) => decodeRequest(requestIn(body), facts, notes, 'request.'),
  encodeAnswer: (answer, context) => wrapResponse(encodeAnswer(answer, context), answer.id),
  encodeEvents: (context) => encodeEvents(context, wrapResponse),
  encodeCount,
};

export const upstream: UpstreamCodec = {
  toolName: FUNCTION_NAME,
  address: (operation, _model, stream) => ({
    path: `/v1internal:${methodOf(operation, stream)}`,
    query: stream ? '?alt=sse' : '',
  }),
  encodeRequest: (request, model, notes) => ({ model, request: encodeRequest(request, model, notes) }),
  decodeAnswer: (body) => decodeAnswer(responseIn(body)),
  decodeEvents: () => decodeEvents(responseIn),
  count: {
    encodeRequest: (request, model, notes) => ({
      request: { model: `models/${model}`, contents: encodePrompt(request, model, notes)['contents'] },
    }),
    decodeAnswer: decodeCount,
  },
};
