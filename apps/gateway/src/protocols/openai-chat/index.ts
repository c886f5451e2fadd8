// Owns the dialect Chat Completions, which embeddings belong to as well: what it offers to the relay.
import { fitUsage } from '../openai/ask-usage.ts';
import { renderError, renderErrorEvent } from '../openai/errors.ts';
import { renderModel, renderModels } from '../openai/models.ts';
import { ChunkObserver } from '../openai/observe-chunks.ts';
import { JsonObserver } from '../openai/observe-json.ts';
import { readCompletion } from '../openai/read-answer.ts';
import type { Operation, Protocol } from '../protocol.ts';
import { ChatCollector } from './collect.ts';
import { decodeAnswer } from './decode-answer.ts';
import { ChatDecoder } from './decode-events.ts';
import { decodeRequest } from './decode-request.ts';
import { encodeAnswer } from './encode-answer.ts';
import { ChatEncoder } from './encode-events.ts';
import { encodeRequest } from './encode-request.ts';
import { inspect } from './inspect.ts';

const CHAT_PATH = '/v1/chat/completions';
const PATHS: Readonly<Partial<Record<Operation, string>>> = { embeddings: '/v1/embeddings' };

export const openaiChat: Protocol = {
  id: 'openai-chat',
  client: {
    decodeRequest,
    encodeAnswer,
    encodeEvents: (context) => new ChatEncoder(context),
  },
  upstream: {
    toolName: /^[a-zA-Z0-9_-]{1,64}$/,
    address: (operation) => ({ path: PATHS[operation] ?? CHAT_PATH, query: '' }),
    encodeRequest,
    decodeAnswer,
    decodeEvents: () => new ChatDecoder(),
  },
  fit: fitUsage,
  collect: () => new ChatCollector(),
  inspect,
  observe: (answer, facts) =>
    answer === 'stream' ? new ChunkObserver(facts) : new JsonObserver(facts, readCompletion),
  renderError,
  renderErrorEvent,
  renderModels,
  renderModel,
};
