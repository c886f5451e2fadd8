// Owns the smallest real call to an API that speaks Anthropic Messages.
import { modelFamily } from '../../protocols/model-family.ts';
import type { UpstreamCall } from '../provider.ts';

/** The cheapest one that is current. */
const DEFAULT_MODEL = 'claude-haiku-5-5';
const MAX_TOKENS = 16;

export function anthropicTestCall(chosen: string | null): { call: UpstreamCall; model: string } {
  const model = chosen ?? DEFAULT_MODEL;
  const body = Buffer.from(
    JSON.stringify({
      model,
      max_tokens: MAX_TOKENS,
      messages: [{ role: 'user', content: 'Reply with the word OK' }],
    }),
  );
  const call: UpstreamCall = {
    dialect: 'anthropic',
    operation: 'generate',
    method: 'POST',
    path: '/v1/messages',
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
      dialect: 'anthropic',
      operation: 'generate',
      model,
      family: modelFamily(model),
      stream: false,
      sessionId: null,
      maxOutputTokens: MAX_TOKENS,
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
