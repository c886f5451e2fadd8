// Owns the wrapping that Code Assist puts around Gemini, as parsed JSON.
import type { JsonObject } from '../../platform/json.ts';
import { objectOf } from '../gemini/read.ts';

/** The Gemini request inside. */
export function requestIn(body: JsonObject): JsonObject {
  return objectOf(body['request']);
}

/** The Gemini response inside; the trace stands in for an id that is missing. */
export function responseIn(event: JsonObject): JsonObject {
  const response = objectOf(event['response']);
  const { traceId } = event;
  return response['responseId'] === undefined && typeof traceId === 'string'
    ? { ...response, responseId: traceId }
    : response;
}

export function wrapResponse(response: JsonObject, traceId: string): JsonObject {
  return { response, traceId };
}
