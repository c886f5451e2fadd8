// Owns the two codecs of Anthropic's dialect.
import type { ClientCodec, UpstreamCodec } from '../codec.ts';
import { countOf } from '../observed-answer.ts';
import { decodeAnswer } from './decode-answer.ts';
import { MessageDecoder } from './decode-events.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeAnswer } from './encode-answer.ts';
import { MessageEncoder } from './encode-events.ts';
import { encodeCountRequest, encodeRequest } from './encode-request.ts';

export const client: ClientCodec = {
  decodeRequest,
  encodeAnswer,
  encodeEvents: (context) => new MessageEncoder(context),
  encodeCount: (inputTokens) => ({ input_tokens: inputTokens }),
};

export const upstream: UpstreamCodec = {
  toolName: /^[a-zA-Z0-9_-]{1,128}$/,
  address: (operation) => ({
    path: operation === 'count_tokens' ? '/v1/messages/count_tokens' : '/v1/messages',
    query: '',
  }),
  encodeRequest,
  decodeAnswer,
  decodeEvents: () => new MessageDecoder(),
  count: {
    encodeRequest: encodeCountRequest,
    decodeAnswer: (body) => countOf(body['input_tokens']),
  },
};
