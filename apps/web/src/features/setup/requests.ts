// Owns one small request in each dialect: address, headers, body, and how its stream is read. Pure.
import type { GuideDialect } from './clients';

export interface DialectRequest {
  /** Below the base URL. */
  readonly path: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: object;
}

const MAX_TOKENS = 64;
export const PROMPT = 'Say hello in one short sentence.';

/** `isStream`: the answer comes as server-sent events. */
export function requestIn(
  dialect: GuideDialect,
  { key, model, isStream }: { key: string; model: string; isStream: boolean },
): DialectRequest {
  const bearer = { authorization: `Bearer ${key}` };
  const messages = [{ role: 'user', content: PROMPT }];
  const stream = isStream ? { stream: true } : {};
  switch (dialect) {
    case 'messages':
      return {
        path: '/api/v1/messages',
        headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
        body: { model, max_tokens: MAX_TOKENS, messages, ...stream },
      };
    case 'chat':
      return {
        path: '/openai/v1/chat/completions',
        headers: bearer,
        body: { model, messages, max_completion_tokens: MAX_TOKENS, ...stream },
      };
    case 'responses':
      return {
        path: '/openai/v1/responses',
        headers: bearer,
        body: { model, input: PROMPT, max_output_tokens: MAX_TOKENS, ...stream },
      };
    case 'gemini': {
      const method = isStream ? 'streamGenerateContent?alt=sse' : 'generateContent';
      return {
        path: `/gemini/v1beta/models/${encodeURIComponent(model)}:${method}`,
        headers: { 'x-goog-api-key': key },
        body: {
          contents: [{ role: 'user', parts: [{ text: PROMPT }] }],
          generationConfig: { maxOutputTokens: MAX_TOKENS },
        },
      };
    }
  }
}

/** What one event of a stream adds to the visible answer; '' where it adds nothing. Throws for an error event. */
export function textOfEvent(dialect: GuideDialect, data: string): string {
  if (data === '[DONE]') return '';
  const event: unknown = JSON.parse(data);
  const failure = errorMessage(event);
  if (failure !== null) throw new Error(failure);
  switch (dialect) {
    case 'messages':
      return textAt(event, ['delta', 'text']);
    case 'chat':
      return textAt(event, ['choices', 0, 'delta', 'content']);
    case 'responses':
      return textAt(event, ['type']) === 'response.output_text.delta' ? textAt(event, ['delta']) : '';
    case 'gemini': {
      const parts = at(event, ['candidates', 0, 'content', 'parts']);
      if (!Array.isArray(parts)) return '';
      return parts.map((part) => (at(part, ['thought']) === true ? '' : textAt(part, ['text']))).join('');
    }
  }
}

/** The message of a refusal or of an error event, in whichever dialect; null where it is none. */
export function errorMessage(answer: unknown): string | null {
  for (const path of [
    ['error', 'message'],
    ['response', 'error', 'message'],
  ]) {
    const message = at(answer, path);
    if (typeof message === 'string') return message;
  }
  return at(answer, ['type']) === 'error' ? textAt(answer, ['message']) : null;
}

function at(value: unknown, path: readonly (string | number)[]): unknown {
  let present = value;
  for (const step of path) {
    if (typeof present !== 'object' || present === null) return undefined;
    present = (present as Record<string | number, unknown>)[step];
  }
  return present;
}

function textAt(value: unknown, path: readonly (string | number)[]): string {
  const found = at(value, path);
  return typeof found === 'string' ? found : '';
}
