// For tests: recorded requests of OpenAI's own clients, facts of one, and the vendor's client library reading an answer
// that a dialect wrote.
import { readdirSync, readFileSync } from 'node:fs';
import OpenAI from 'openai';
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../src/platform/json.ts';
import type {
  DialectId,
  InspectInput,
  Operation,
  Protocol,
  RequestFacts,
} from '../src/protocols/protocol.ts';
import { someFacts } from './anthropic-fixtures.ts';

const PROTOCOLS = new URL('../src/protocols/', import.meta.url);

const requestSchema = z.object({
  path: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.custom<JsonObject>((value) => isJsonObject(value)),
});

interface ClientRequest extends z.output<typeof requestSchema> {
  readonly name: string;
}

export function openAiRequests(dialect: DialectId = 'openai-chat'): ClientRequest[] {
  const folder = new URL(`${dialect}/fixtures/client-requests/`, PROTOCOLS);
  return readdirSync(folder).map((name) => ({
    name: name.replace('.json', ''),
    ...requestSchema.parse(JSON.parse(readFileSync(new URL(name, folder), 'utf8'))),
  }));
}

export function openAiInput(body: JsonObject, more: Partial<InspectInput> = {}): InspectInput {
  return {
    operation: 'generate',
    address: { model: null, stream: null, service: null },
    query: '',
    body,
    bodyBytes: Buffer.byteLength(JSON.stringify(body)),
    headers: {},
    ...more,
  };
}

/** Throws where the dialect refuses the body. */
export function openAiFacts(
  protocol: Protocol,
  body: JsonObject,
  operation: Operation = 'generate',
): RequestFacts {
  const result = protocol.inspect(openAiInput(body, { operation }));
  if (!result.ok) throw new Error(result.message);
  return result.facts;
}

export const chatFacts: RequestFacts = {
  ...someFacts,
  dialect: 'openai-chat',
  model: 'gpt-5.5',
  family: 'gpt-5.5',
  client: 'OpenAI/JS',
};

export const responsesFacts: RequestFacts = { ...chatFacts, dialect: 'openai-responses' };

/** The vendor's client library, answered with this body, cut into pieces. */
export function openAiClient(pieces: readonly string[], contentType: string): OpenAI {
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new TextEncoder().encode(piece));
      controller.close();
    },
  });
  return new OpenAI({
    apiKey: 'key',
    maxRetries: 0,
    fetch: () => Promise.resolve(new Response(body, { headers: { 'content-type': contentType } })),
  });
}
