// Owns the smallest real call to an API that speaks OpenAI's dialects.
import type { JsonObject } from '../../platform/json.ts';
import type { DialectId, Operation } from '../../protocols/protocol.ts';
import { TEST_PROMPT, type TestCall, testCallOf } from './test-call.ts';

/** The cheapest one that is current. */
export const OPENAI_TEST_MODEL = 'gpt-6-luna';

/**
 * Without a limit of tokens: what the field for it is called, and whether there may be one, differs between models and
 * hosts, and the answer is one word.
 */
export function chatTestCall(chosen: string | null): TestCall {
  const model = chosen ?? OPENAI_TEST_MODEL;
  return isEmbedding(model)
    ? testCall('openai-chat', 'embeddings', '/v1/embeddings', { model, input: TEST_PROMPT })
    : testCall('openai-chat', 'generate', '/v1/chat/completions', {
        model,
        messages: [{ role: 'user', content: TEST_PROMPT }],
      });
}

/** The input as a list, which the hosts that take no plain text want. */
export function responsesTestCall(chosen: string | null): TestCall {
  return testCall('openai-responses', 'generate', '/v1/responses', {
    model: chosen ?? OPENAI_TEST_MODEL,
    input: [{ role: 'user', content: TEST_PROMPT }],
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
  body: JsonObject & { readonly model: string },
): TestCall {
  return testCallOf({ dialect, operation, path, model: body.model, body, maxOutputTokens: null });
}
