// Owns the elder Completions dialect, which clients speak and few upstreams: what it offers to the relay.
import { fitUsage } from '../openai/ask-usage.ts';
import { renderError, renderErrorEvent } from '../openai/errors.ts';
import { renderModel, renderModels } from '../openai/models.ts';
import { ChunkObserver } from '../openai/observe-chunks.ts';
import { JsonObserver } from '../openai/observe-json.ts';
import { readCompletion } from '../openai/read-answer.ts';
import type { Protocol } from '../protocol.ts';
import { decodeRequest } from './decode-request.ts';
import { CompletionsEncoder, encodeAnswer } from './encode-answer.ts';
import { inspect } from './inspect.ts';

export const openaiCompletions: Protocol = {
  id: 'openai-completions',
  client: {
    decodeRequest,
    encodeAnswer,
    encodeEvents: (context) => new CompletionsEncoder(context),
  },
  fit: fitUsage,
  inspect,
  observe: (answer, facts) =>
    answer === 'stream' ? new ChunkObserver(facts) : new JsonObserver(facts, readCompletion),
  renderError,
  renderErrorEvent,
  renderModels,
  renderModel,
};
