// Owns which headers cross the gateway, in both directions: hop-by-hop ones and credentials never do, nor what tells an
// upstream who the client's network is, or a client whose account answered.

import { HOPS_HEADER } from './relay-hops.ts';

const NOT_TO_UPSTREAM: ReadonlySet<string> = new Set([
  // Belong to one connection.
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'expect',
  // Set anew.
  'host',
  'content-length',
  'accept-encoding',
  // Credentials, and whose they are.
  'authorization',
  'x-api-key',
  'api-key',
  'x-goog-api-key',
  'x-goog-user-project',
  'x-cr-api-key',
  'anthropic-workspace-id',
  'openai-organization',
  'openai-project',
  'chatgpt-account-id',
  'cookie',
  'cookie2',
  // The client's network and browser. An `origin` makes Anthropic treat the call as a browser's.
  'forwarded',
  'via',
  'x-real-ip',
  'x-client-ip',
  'true-client-ip',
  'cdn-loop',
  'x-amzn-trace-id',
  'x-cloud-trace-context',
  'origin',
  'referer',
  'traceparent',
  'tracestate',
  'baggage',
]);
const NOT_TO_UPSTREAM_PREFIXES = [
  'x-forwarded-',
  'cf-',
  'fastly-',
  'x-vercel-',
  'x-envoy-',
  'sec-',
  'x-relay-',
];

const NOT_TO_CLIENT: ReadonlySet<string> = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  // The body may be decoded on its way; who sends it on knows its length.
  'content-length',
  'content-encoding',
  // Whose account it is.
  'set-cookie',
  'set-cookie2',
  'anthropic-organization-id',
  'anthropic-workspace-id',
  'openai-organization',
  // Of the connection to the vendor's edge, not of the answer.
  'x-request-id',
  'via',
  'server',
  'alt-svc',
  'nel',
  'report-to',
  'strict-transport-security',
]);

const CONNECTION = 'connection';

/** Flat name/value list in, the same without what must not reach an upstream out; order and case stay. */
export function forwardableHeaders(rawHeaders: readonly string[]): string[] {
  const perConnection = namesInConnection(rawHeaders);
  const kept: string[] = [];
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!mayReachUpstream(name) || perConnection?.has(name.toLowerCase()) === true) continue;
    kept.push(name, rawHeaders[index + 1] ?? '');
  }
  return kept;
}

/** Clients send the same few names, spelled the same way. */
const judged = new Map<string, boolean>();
const MAX_JUDGED = 1000;

function mayReachUpstream(name: string): boolean {
  const known = judged.get(name);
  if (known !== undefined) return known;
  const lower = name.toLowerCase();
  const may =
    lower === HOPS_HEADER ||
    (!NOT_TO_UPSTREAM.has(lower) && !NOT_TO_UPSTREAM_PREFIXES.some((prefix) => lower.startsWith(prefix)));
  if (judged.size < MAX_JUDGED) judged.set(name, may);
  return may;
}

/** Names that `connection` declares to be hop-by-hop, where it declares more than the usual. */
function namesInConnection(rawHeaders: readonly string[]): ReadonlySet<string> | null {
  let names: Set<string> | null = null;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length !== CONNECTION.length || name.toLowerCase() !== CONNECTION) continue;
    const value = rawHeaders[index + 1]?.toLowerCase() ?? '';
    if (value === 'keep-alive' || value === 'close') continue;
    names ??= new Set();
    for (const listed of value.split(',')) names.add(listed.trim());
  }
  return names;
}

/** Headers of an upstream's answer (lower-case names) that its client may see. */
export function forwardableResponseHeaders<Value>(
  headers: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const kept: Record<string, Value> = {};
  for (const name of Object.keys(headers)) {
    const value = headers[name];
    if (value !== undefined && !NOT_TO_CLIENT.has(name) && !name.startsWith('cf-')) kept[name] = value;
  }
  return kept;
}
