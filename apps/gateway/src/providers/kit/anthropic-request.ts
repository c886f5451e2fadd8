// Owns how a call becomes a request to an API that speaks Anthropic Messages: the client's bytes and headers with the
// account's credential in the place of the client's.
import type { PreparedRequest, UpstreamCall } from '../provider.ts';
import { addressOf } from './base-url.ts';
import { withoutKeyQuery } from './query.ts';
import { replaceModel } from './replace-model.ts';
import { hasHeader, upstreamHeaders, withoutHeaders } from './upstream-headers.ts';

const DEFAULT_VERSION = '2023-06-01';
/** What the clients of other vendors tell their own vendor means nothing here. */
const OF_OTHER_VENDORS = /^(?:openai-|x-goog-)/i;

export interface AnthropicAccess {
  readonly baseUrl: string;
  /** The one credential header, name and value. */
  readonly credential: readonly [name: string, value: string];
  /** Joins the client's own list of betas. */
  readonly beta: string | null;
}

export function prepareAnthropic(call: UpstreamCall, access: AnthropicAccess): PreparedRequest {
  const { origin, basePath } = addressOf(access.baseUrl);
  const body =
    call.upstreamModel === call.facts.model ? call.body : replaceModel(call.body, call.upstreamModel);
  return {
    method: call.method,
    origin,
    path: `${basePath}${call.path}${withoutKeyQuery(call.query)}`,
    headers: buildHeaders(call.headers, access, body.length),
    body,
  };
}

function buildHeaders(
  clientHeaders: readonly string[],
  access: AnthropicAccess,
  bodyBytes: number,
): string[] {
  const headers = upstreamHeaders(
    withoutHeaders(clientHeaders, OF_OTHER_VENDORS),
    access.credential,
    bodyBytes,
  );
  if (!hasHeader(headers, 'anthropic-version')) headers.push('anthropic-version', DEFAULT_VERSION);
  if (access.beta !== null) mergeBeta(headers, access.beta);
  return headers;
}

/** Adds to the client's list where it is not in it; the list stays as written otherwise. */
function mergeBeta(headers: string[], beta: string): void {
  let last = -1;
  for (let index = 0; index < headers.length; index += 2) {
    if (headers[index]?.toLowerCase() !== 'anthropic-beta') continue;
    const items = (headers[index + 1] ?? '').split(',');
    if (items.some((item) => item.trim() === beta)) return;
    last = index + 1;
  }
  if (last === -1) headers.push('anthropic-beta', beta);
  else headers[last] = headers[last]?.trim() === '' ? beta : `${headers[last]},${beta}`;
}
