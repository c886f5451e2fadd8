// Owns the dialect Responses: what it offers to the relay.
import type { Operation, Protocol } from '../protocol.ts';
import { renderError } from '../openai/errors.ts';
import { renderModel, renderModels } from '../openai/models.ts';
import { JsonObserver } from '../openai/observe-json.ts';
import { ResponseCollector } from './collect.ts';
import { decodeAnswer } from './decode-answer.ts';
import { ResponseDecoder } from './decode-events.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeAnswer } from './encode-answer.ts';
import { ResponseEncoder } from './encode-events.ts';
import { encodeRequest } from './encode-request.ts';
import { renderErrorEvent } from './errors.ts';
import { inspect } from './inspect.ts';
import { StreamObserver } from './observe-stream.ts';
import { readResponse } from './read-response.ts';

const PATH = '/v1/responses';
const PATHS: Readonly<Partial<Record<Operation, string>>> = { compact: '/v1/responses/compact' };

export const openaiResponses: Protocol = {
  id: 'openai-responses',
  client: {
    decodeRequest,
    encodeAnswer,
    encodeEvents: (context) => new ResponseEncoder(context),
  },
  upstream: {
    toolName: /^[a-zA-Z0-9_-]{1,64}$/,
    address: (operation) => ({ path: PATHS[operation] ?? PATH, query: '' }),
    encodeRequest,
    decodeAnswer,
    decodeEvents: () => new ResponseDecoder(),
  },
  collect: () => new ResponseCollector(),
  inspect,
  observe: (answer, facts) =>
    answer === 'stream'
      ? new StreamObserver(facts)
      : new JsonObserver(facts, (body, read) => readResponse(body, read, facts)),
  renderError,
  renderErrorEvent,
  renderModels,
  renderModel,
};
