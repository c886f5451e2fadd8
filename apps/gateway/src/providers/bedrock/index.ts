// Owns the kind `bedrock`: Claude models on AWS Bedrock, by InvokeModel, which takes and gives the Messages API in
// another frame. Models of other makers speak Converse, which this kind does not.
import { z } from 'zod';
import { anthropicTestCall } from '../kit/anthropic-test-call.ts';
import { addressOf, foreignUrlSchema } from '../kit/base-url.ts';
import { secretSchema } from '../kit/secret.ts';
import type { Provider, UpstreamCall } from '../provider.ts';
import { countBody, invokeBody } from './body.ts';
import { classifyBedrock } from './exceptions.ts';
import { foundationModel, type Inference, inferenceProfile, isRegional, type Place } from './model-id.ts';
import { type SignedRequest, signatureHeaders } from './sign.ts';
import { countOfAnswer, eventsOfFrames } from './unframe.ts';

interface Settings {
  readonly region: string;
  readonly inference: Inference;
  readonly baseUrl?: string | undefined;
}

/** A pair of keys, or a token instead of them. */
type Credential =
  | {
      readonly accessKeyId: string;
      readonly secretAccessKey: string;
      readonly sessionToken?: string | undefined;
    }
  | { readonly bearerToken: string };

const SERVICE = 'bedrock';

/** `{region}` in the address stands for the account's. */
export function createBedrock(runtimeUrl: string, nowMs: () => number): Provider<Settings, Credential> {
  const baseUrlOf = ({ baseUrl, region }: Settings): string =>
    baseUrl ?? runtimeUrl.replaceAll('{region}', region);
  return {
    kind: 'bedrock',
    label: 'AWS Bedrock',
    service: 'claude',
    speaks: { generate: ['anthropic'], count_tokens: ['anthropic'] },
    defaultClients: [],
    termsNote: null,
    account: { settings: settingsSchema, credential: credentialSchema },
    baseUrl: baseUrlOf,
    market: (settings, model) => ({
      list: 'bedrock',
      isRegional: isRegional(inferenceProfile(model, settings)),
    }),
    serves: (model) => /^claude|(?:^|\.)anthropic\.claude/.test(model),
    prepare: (call, { settings }, credential) => {
      const { origin, basePath } = addressOf(baseUrlOf(settings));
      const body = call.operation === 'count_tokens' ? countBody(call) : invokeBody(call);
      const path = `${basePath}${pathOf(call, settings)}`;
      const request = { method: 'POST', host: new URL(origin).host, path, body };
      return {
        method: 'POST',
        origin,
        path,
        headers: [
          ...userAgentOf(call.headers),
          ...authorization(request, credential, settings.region, nowMs()),
          'accept-encoding',
          'identity',
          'content-type',
          'application/json',
          'content-length',
          String(body.length),
        ],
        body,
      };
    },
    classify: classifyBedrock,
    // Quotas are not told.
    limits: () => [],
    testCall: anthropicTestCall,
    streamContentType: 'application/vnd.amazon.eventstream',
    hasForeignErrors: true,
    unframe: (answer, { operation }) => {
      if (answer === 'stream') return eventsOfFrames();
      return operation === 'count_tokens' ? countOfAnswer() : null;
    },
  };
}

const settingsSchema = z.strictObject({
  region: z
    .string()
    .regex(/^[a-z]{2}(?:-[a-z]+)+-\d$/, 'must be a region like us-east-1')
    .default('us-east-1')
    .meta({ title: 'Region', description: 'Where the account asks; also part of its signature.' }),
  inference: z.enum(['global', 'geographic']).default('global').meta({
    title: 'Inference',
    description:
      'global: wherever there is room. geographic: within the region’s part of the world, for which AWS asks a tenth more. Mapping a model to an id or ARN of Bedrock’s overrides it.',
  }),
  baseUrl: foreignUrlSchema('/model/…').optional(),
});

/** Two ways, and the console offers them as a choice. */
const credentialSchema = z.union(
  [
    z
      .strictObject({
        accessKeyId: secretSchema('Access key id', 'AKIA…, or ASIA… of a session.'),
        secretAccessKey: secretSchema('Secret access key', 'Belongs to the access key id.'),
        sessionToken: secretSchema('Session token', 'Of temporary keys only.').optional(),
      })
      .meta({ title: 'Access keys' }),
    z.strictObject({ bearerToken: secretSchema('API key', 'A Bedrock API key.') }).meta({ title: 'API key' }),
  ],
  { error: 'give an access key id with its secret access key, or an API key alone' },
);

function pathOf({ operation, stream, upstreamModel }: UpstreamCall, place: Place): string {
  if (operation === 'count_tokens')
    return `/model/${encodeURIComponent(foundationModel(upstreamModel))}/count-tokens`;
  const method = stream ? 'invoke-with-response-stream' : 'invoke';
  return `/model/${encodeURIComponent(inferenceProfile(upstreamModel, place))}/${method}`;
}

/** What else the client's headers say is for Anthropic's own API, or is in the body by now. */
function userAgentOf(headers: readonly string[]): string[] {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === 'user-agent');
  return index === -1 ? [] : headers.slice(index, index + 2);
}

function authorization(
  request: SignedRequest,
  credential: Credential,
  region: string,
  nowMs: number,
): string[] {
  if ('bearerToken' in credential) return ['authorization', `Bearer ${credential.bearerToken}`];
  return signatureHeaders(request, credential, { region, service: SERVICE, nowMs });
}
