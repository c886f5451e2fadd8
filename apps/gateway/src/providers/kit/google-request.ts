// Owns how a call becomes a request to an API of Gemini: the client's bytes and headers with the account's credential in
// the place of the client's.
import type { PreparedRequest, UpstreamCall } from '../provider.ts';
import { addressOf } from './base-url.ts';
import { withoutKeyQuery } from './query.ts';
import { upstreamHeaders, withoutHeaders } from './upstream-headers.ts';

/** Base URLs come with the version, or with the whole path of one call. */
const VENDOR_PATH = /\/+(?:v1(?:beta)?(?:\/+models)?\/*)?$/;
/** What the clients of other vendors tell their own vendor means nothing here. */
const OF_OTHER_VENDORS = /^(?:anthropic-|openai-)/i;

export function prepareGoogle(
  { method, query, headers }: UpstreamCall,
  target: {
    readonly baseUrl: string;
    readonly path: string;
    readonly credential: readonly [name: string, value: string];
    readonly body: Buffer;
  },
): PreparedRequest {
  const { origin, basePath } = addressOf(target.baseUrl, VENDOR_PATH);
  return {
    method,
    origin,
    path: `${basePath}${target.path}${withoutKeyQuery(query)}`,
    headers: upstreamHeaders(
      withoutHeaders(headers, OF_OTHER_VENDORS),
      target.credential,
      target.body.length,
    ),
    body: target.body,
  };
}
