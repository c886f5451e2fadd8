// Owns the smallest real call to Gemini, in either of the two wrappings.
import { modelFamily } from '../../protocols/model-family.ts';
import type { DialectId } from '../../protocols/protocol.ts';
import type { UpstreamCall } from '../provider.ts';

/** The cheapest one that is current. */
const DEFAULT_MODEL = 'gemini-3.5-flash-lite';
/** Thoughts count too. */
const MAX_TOKENS = 256;

export function geminiTestCall(
  dialect: DialectId,
  chosen: string | null,
  wire: (model: string, request: object) => { readonly path: string; readonly body: object },
): { call: UpstreamCall; model: string } {
  const model = chosen ?? DEFAULT_MODEL;
  const { path, body } = wire(model, {
    contents: [{ role: 'user', parts: [{ text: 'Reply with the word OK' }] }],
    generationConfig: { maxOutputTokens: MAX_TOKENS },
  });
  const bytes = Buffer.from(JSON.stringify(body));
  const call: UpstreamCall = {
    dialect,
    operation: 'generate',
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
    body: bytes,
    facts: {
      dialect,
      operation: 'generate',
      model,
      family: modelFamily(model),
      stream: false,
      sessionId: null,
      maxOutputTokens: MAX_TOKENS,
      inputTokensEstimate: bytes.length,
      ceiling: {
        inputTokens: bytes.length,
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
