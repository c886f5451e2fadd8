// Owns the smallest real call to an API that speaks Anthropic Messages.
import { TEST_PROMPT, type TestCall, testCallOf } from './test-call.ts';

/** The cheapest one that is current. */
const DEFAULT_MODEL = 'claude-haiku-5-5';
const MAX_TOKENS = 16;

export function anthropicTestCall(chosen: string | null): TestCall {
  const model = chosen ?? DEFAULT_MODEL;
  return testCallOf({
    dialect: 'anthropic',
    path: '/v1/messages',
    model,
    body: { model, max_tokens: MAX_TOKENS, messages: [{ role: 'user', content: TEST_PROMPT }] },
    maxOutputTokens: MAX_TOKENS,
  });
}
