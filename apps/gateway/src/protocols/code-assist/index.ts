// Owns the dialect Code Assist, Gemini in the wrapping of Google's login: what it offers to the relay.
import { renderError, renderErrorEvent } from '../gemini/errors.ts';
import { fit } from '../gemini/fit.ts';
import { renderModel, renderModels } from '../gemini/models.ts';
import { JsonObserver } from '../gemini/observe-json.ts';
import { StreamObserver } from '../gemini/observe-stream.ts';
import type { Protocol } from '../protocol.ts';
import { client, upstream } from './codec.ts';
import { responseIn } from './envelope.ts';
import { inspect } from './inspect.ts';
import { outOfCodeAssist } from './wrap.ts';

export const codeAssist: Protocol = {
  id: 'code-assist',
  client,
  upstream,
  kin: { gemini: outOfCodeAssist },
  fit,
  inspect,
  observe: (answer, facts) =>
    answer === 'stream' ? new StreamObserver(facts, responseIn) : new JsonObserver(facts, responseIn),
  renderError,
  renderErrorEvent,
  renderModels,
  renderModel,
};
