// Owns the dialect Gemini generateContent: what it offers to the relay.
import { intoCodeAssist } from '../code-assist/wrap.ts';
import type { Protocol } from '../protocol.ts';
import { client, upstream } from './codec.ts';
import { renderError, renderErrorEvent } from './errors.ts';
import { fit } from './fit.ts';
import { inspect } from './inspect.ts';
import { renderModel, renderModels } from './models.ts';
import { JsonObserver } from './observe-json.ts';
import { StreamObserver, type Unwrap } from './observe-stream.ts';

const notWrapped: Unwrap = (response) => response;

export const gemini: Protocol = {
  id: 'gemini',
  client,
  upstream,
  kin: { 'code-assist': intoCodeAssist },
  fit,
  inspect,
  observe: (answer, facts) =>
    answer === 'stream' ? new StreamObserver(facts, notWrapped) : new JsonObserver(facts, notWrapped),
  renderError,
  renderErrorEvent,
  renderModels,
  renderModel,
};
