// Owns the smallest real call to Gemini, plain and as Code Assist wraps it.
import { TEST_PROMPT, type TestCall, testCallOf } from './test-call.ts';

/** The cheapest one that is current. */
const DEFAULT_MODEL = 'gemini-3.5-flash-lite';
/** Thoughts count too. */
const MAX_TOKENS = 256;
const REQUEST = {
  contents: [{ role: 'user', parts: [{ text: TEST_PROMPT }] }],
  generationConfig: { maxOutputTokens: MAX_TOKENS },
};

export function geminiTestCall(chosen: string | null): TestCall {
  const model = chosen ?? DEFAULT_MODEL;
  return testCallOf({
    dialect: 'gemini',
    path: `/v1beta/models/${encodeURIComponent(model)}:generateContent`,
    model,
    body: REQUEST,
    maxOutputTokens: MAX_TOKENS,
  });
}

export function codeAssistTestCall(chosen: string | null): TestCall {
  const model = chosen ?? DEFAULT_MODEL;
  return testCallOf({
    dialect: 'code-assist',
    path: '/v1internal:generateContent',
    model,
    body: { model, request: REQUEST },
    maxOutputTokens: MAX_TOKENS,
  });
}
