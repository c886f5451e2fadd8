// Owns the kind `ccr`: another relay that speaks Anthropic Messages, nearly as the vendor does.
import { z } from 'zod';
import { isJsonObject } from '../../platform/json.ts';
import { prepareAnthropic } from '../kit/anthropic-request.ts';
import { anthropicTestCall } from '../kit/anthropic-test-call.ts';
import { foreignUrlSchema } from '../kit/base-url.ts';
import { classifyAnthropic } from '../kit/classify-anthropic.ts';
import { judge, parseAnswer } from '../kit/judge.ts';
import { isOwnAddress } from '../kit/own-address.ts';
import { HOPS_HEADER, relayHops } from '../kit/relay-hops.ts';
import { secretSchema } from '../kit/secret.ts';
import { keyWindows } from '../kit/windows.ts';
import type { FailedResponse, Provider, UpstreamFailure } from '../provider.ts';

interface Settings {
  readonly baseUrl: string;
  readonly auth?: 'x-api-key' | 'bearer' | undefined;
}

interface Credential {
  readonly apiKey: string;
}

/** Anthropic's own keys; relays hand out others, and take them as bearer. */
const VENDOR_KEY = /^sk-ant-/;

export function createCcr(own: {
  readonly bindHost: string;
  readonly port: number;
}): Provider<Settings, Credential> {
  return {
    kind: 'ccr',
    label: 'Another relay',
    service: 'claude',
    speaks: { generate: ['anthropic'], count_tokens: ['anthropic'] },
    defaultClients: [],
    termsNote: null,
    account: {
      settings: z.strictObject({
        baseUrl: foreignUrlSchema('/v1/messages').refine((url) => !isOwnAddress(url, own), {
          error: 'is this gateway itself: requests would go round in circles',
        }),
        auth: z.enum(['x-api-key', 'bearer']).optional().meta({
          title: 'Key header',
          description:
            'Left empty: x-api-key for keys that begin with sk-ant-, Authorization: Bearer for others.',
        }),
      }),
      credential: z.strictObject({ apiKey: secretSchema('Key', 'A key of that relay.') }),
    },
    baseUrl: ({ baseUrl }) => baseUrl,
    serves: (model) => model.startsWith('claude'),
    prepare: (call, { settings }, { apiKey }) => {
      const request = prepareAnthropic(call, {
        baseUrl: settings.baseUrl,
        credential: usesBearer(settings, apiKey)
          ? ['authorization', `Bearer ${apiKey}`]
          : ['x-api-key', apiKey],
        beta: null,
      });
      request.headers.push(HOPS_HEADER, String(relayHops(call.headers) + 1));
      return request;
    },
    classify: (failure, facts, nowMs) => spentAsOpenAi(failure) ?? classifyAnthropic(failure, facts, nowMs),
    limits: keyWindows,
    testCall: anthropicTestCall,
    hasForeignErrors: true,
  };
}

function usesBearer({ auth }: Settings, apiKey: string): boolean {
  return auth === undefined ? !VENDOR_KEY.test(apiKey) : auth === 'bearer';
}

/** Relays that word errors as OpenAI does say with a code of theirs that the account's money is spent. */
function spentAsOpenAi(failure: FailedResponse): UpstreamFailure | null {
  if (!('body' in failure)) return null;
  const body = parseAnswer(failure.body);
  const error = isJsonObject(body) ? body['error'] : null;
  if (!isJsonObject(error) || error['code'] !== 'insufficient_quota') return null;
  const words = typeof error['message'] === 'string' ? error['message'].slice(0, 1000) : 'insufficient_quota';
  return { ...judge('billing', 'account', 'other', words || 'insufficient_quota'), accountState: 'blocked' };
}
