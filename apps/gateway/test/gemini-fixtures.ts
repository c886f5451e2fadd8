// For tests: recorded requests of Google's real clients, and facts of a request that nothing is special about.
import { readdirSync, readFileSync } from 'node:fs';
import { z } from 'zod';
import type { JsonObject } from '../src/platform/json.ts';
import { gemini } from '../src/protocols/gemini/index.ts';
import type { AddressFacts, InspectInput, Protocol, RequestFacts } from '../src/protocols/protocol.ts';

const requestSchema = z.object({
  path: z.string(),
  query: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.custom<JsonObject>((value) => typeof value === 'object' && value !== null),
});

interface ClientRequest extends z.output<typeof requestSchema> {
  readonly name: string;
}

export function geminiRequests(dialect: 'gemini' | 'code-assist'): ClientRequest[] {
  const folder = new URL(`../src/protocols/${dialect}/fixtures/client-requests/`, import.meta.url);
  return readdirSync(folder).map((name) => ({
    name: name.replace('.json', ''),
    ...requestSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
  }));
}

/** As the entry would call it: `/v1beta/models/m:generateContent` says the model and whether it streams. */
export function inspectInput(
  request: Pick<ClientRequest, 'path' | 'query' | 'headers' | 'body'>,
): InspectInput {
  const call = request.path.slice(request.path.lastIndexOf(':') + 1);
  const address: AddressFacts = {
    model: /\/models\/([^:]+):/.exec(request.path)?.[1] ?? null,
    stream: call === 'streamGenerateContent',
    service: null,
  };
  return {
    operation: call === 'countTokens' ? 'count_tokens' : 'generate',
    address,
    query: request.query,
    body: request.body,
    bodyBytes: JSON.stringify(request.body).length,
    headers: request.headers,
  };
}

export function factsOf(
  body: JsonObject,
  changes: Partial<InspectInput> = {},
  protocol: Protocol = gemini,
): RequestFacts {
  const input = inspectInput({
    path: '/v1beta/models/gemini-3.8-flash:generateContent',
    query: '',
    headers: {},
    body,
  });
  const result = protocol.inspect({ ...input, ...changes });
  if (!result.ok) throw new Error(result.message);
  return result.facts;
}

export const streamFacts: RequestFacts = factsOf(
  { contents: [{ role: 'user', parts: [{ text: 'hello there' }] }] },
  { address: { model: 'gemini-3.8-flash', stream: true, service: null }, query: '?alt=sse' },
);
