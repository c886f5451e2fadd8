// Owns what is read from a Code Assist request: the Gemini request inside, and the model beside it.
import { isJsonObject } from '../../platform/json.ts';
import { inspectRequest } from '../gemini/inspect.ts';
import type { InspectInput, InspectResult } from '../protocol.ts';

export function inspect(input: InspectInput): InspectResult {
  const { request, model } = input.body;
  if (!isJsonObject(request)) {
    return { ok: false, path: 'request', message: 'request: Field required, the request to the model' };
  }
  // Counting names the model inside.
  return inspectRequest(input, {
    dialect: 'code-assist',
    request,
    model: model ?? request['model'],
    path: 'request.',
  });
}
