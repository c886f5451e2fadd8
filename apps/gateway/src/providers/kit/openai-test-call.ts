// Owns the smallest real call to an API that speaks OpenAI's dialects.
import { modelFamily } from '../../protocols/model-family.ts';
import type { JsonObject } from '../../platform/json.ts';
import type { DialectId, Operation } from '../../protocols/protocol.ts';
import type { UpstreamCall } from '../provider.ts';

/** The cheapest one that is current. */
export const OPENAI_TEST_MODEL = 'gpt-6-luna';
const PROMPT = 'Reply with the word OK';

interface TestCall {
  readonly call: UpstreamCall;
  readonly model: string;
}

/**
 * Without a limit of tokens: what the field for it is called, and whether there may be one, differs between models and
 * hosts, and the answer is one word.
 */
export function chatTestCall(chosen: string | null): TestCall {
  const model = chosen ?? OPENAI_TEST_MODEL;
  return isEmbedding(model)
    ? testCall('openai-chat', 'embeddings', '/v1/embeddings', { model, input: PROMPT })
    : testCall('openai-chat', 'generate', '/v1/chat/completions', {
        model,
        messages: [{ role: 'user', content: PROMPT }],
      });
}

/** The input as a list, which the hosts that take no plain text want. */
export function responsesTestCall(chosen: string | null): TestCall {
  return testCall('openai-responses', 'generate', '/v1/responses', {
    model: chosen ?? OPENAI_TEST_MODEL,
    input: [{ role: 'user', content: PROMPT }],
  });
}

/** Models that answer nothing else. */
export function isEmbedding(model: string): boolean {
  return model.startsWith('text-embedding-');
}

function testCall(
  dialect: DialectId,
  operation: Operation,
  path: string,
  request: JsonObject & { readonly model: string },
): TestCall {
  const { model } = request;
  const body = Buffer.from(JSON.stringify(request));
  const call: UpstreamCall = {
    dialect,
    operation,
    method: 'POST',
    path,
    query: '',
    headers: [
      'content-type',
      'application/json',
      'accept',
      'application/json',
      'user-agent',
      'claude-relay-service/2',
    ],
    body,
    facts: {
      dialect,
      operation,
      model,
      family: modelFamily(model),
      stream: false,
      sessionId: null,
      maxOutputTokens: null,
      inputTokensEstimate: body.length,
      ceiling: {
        inputTokens: body.length,
        passes: 1,
        webSearches: 0,
        conditions: { serviceTier: null, speed: null, inferenceGeo: null },
      },
      client: 'connection-test',
      service: null,
      pinnedTo: null,
      streamForm: 'events',
    },
    stream: false,
    upstreamModel: model,
  };
  return { call, model };
}
