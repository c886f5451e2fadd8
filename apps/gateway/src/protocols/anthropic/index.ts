// Owns the Anthropic Messages dialect: what it offers to the relay.
import type { Protocol } from '../protocol.ts';
import { client, upstream } from './codec.ts';
import { renderError, renderErrorEvent } from './errors.ts';
import { fit } from './fit.ts';
import { inspect } from './inspect.ts';
import { renderModel, renderModels } from './models.ts';
import { JsonObserver } from './observe-json.ts';
import { StreamObserver } from './observe-stream.ts';

export const anthropic: Protocol = {
  id: 'anthropic',
  client,
  upstream,
  fit,
  inspect,
  observe: (answer, facts) => (answer === 'stream' ? new StreamObserver(facts) : new JsonObserver(facts)),
  renderError,
  renderErrorEvent,
  renderModels,
  renderModel,
};
