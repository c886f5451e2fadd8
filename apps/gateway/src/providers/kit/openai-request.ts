// Owns how a call becomes a request to an API that speaks OpenAI's dialects: the client's bytes and headers with the
// account's credential in the place of the client's.
import type { PreparedRequest, UpstreamCall } from '../provider.ts';
import { addressOf } from './base-url.ts';
import { withoutKeyQuery } from './query.ts';
import { replaceModel } from './replace-model.ts';
import { upstreamHeaders, withoutHeaders } from './upstream-headers.ts';

/** Some hosts have a version of their own in their address: `/api/paas/v4`, `/v1beta/openai`. */
const OWN_VERSION = /\/v\d+\w*(?:\/openai)?$/;
/** What the clients of other vendors tell their own vendor means nothing here. */
const OF_OTHER_VENDORS = /^(?:anthropic-|x-goog-)/i;

/** The same call at another base URL, with a key. */
export function prepareOpenAi(call: UpstreamCall, baseUrl: string, apiKey: string): PreparedRequest {
  const { origin, basePath } = addressOf(baseUrl);
  const path = OWN_VERSION.test(basePath) ? withoutVersion(call.path) : call.path;
  return openAiRequest(call, {
    origin,
    path: `${basePath}${path}${withoutKeyQuery(call.query)}`,
    credential: ['authorization', `Bearer ${apiKey}`],
    body: withUpstreamModel(call),
  });
}

/** `/v1/responses` -> `/responses`. */
export function withoutVersion(path: string): string {
  return path.replace(/^\/v1(?=\/)/, '');
}

/** The body as it came, unless the account asks for another model. */
function withUpstreamModel({ body, upstreamModel, facts }: UpstreamCall): Buffer {
  return upstreamModel === facts.model ? body : replaceModel(body, upstreamModel);
}

export function openAiRequest(
  { method, headers }: UpstreamCall,
  target: {
    readonly origin: string;
    readonly path: string;
    readonly credential: readonly [name: string, value: string];
    readonly body: Buffer;
  },
): PreparedRequest {
  const { origin, path, credential, body } = target;
  const own = withoutHeaders(headers, OF_OTHER_VENDORS);
  return { method, origin, path, headers: upstreamHeaders(own, credential, body.length), body };
}
