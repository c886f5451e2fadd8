// Owns the smallest real call to a vendor, for the connection test: what is the same in every dialect.
import type { JsonObject } from '../../platform/json.ts';
import { modelFamily } from '../../protocols/model-family.ts';
import type { DialectId, Operation } from '../../protocols/protocol.ts';
import type { UpstreamCall } from '../provider.ts';

export const TEST_PROMPT = 'Reply with the word OK';

export interface TestCall {
  readonly call: UpstreamCall;
  readonly model: string;
}

export function testCallOf(request: {
  readonly dialect: DialectId;
  readonly operation?: Operation;
  readonly path: string;
  readonly model: string;
  readonly body: JsonObject;
  /** Null where the body sets no limit. */
  readonly maxOutputTokens: number | null;
}): TestCall {
  const { dialect, operation = 'generate', path, model, maxOutputTokens } = request;
  const body = Buffer.from(JSON.stringify(request.body));
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
      maxOutputTokens,
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
