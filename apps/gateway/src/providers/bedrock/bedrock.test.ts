// What the kind `bedrock` does with models, bodies, signatures and exceptions.
import { EXAMPLE_AWS_SECRET_KEY, type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { someFacts } from '../../../test/anthropic-fixtures.ts';
import { sendDirectly } from '../../../test/send-directly.ts';
import { anthropicTestCall } from '../kit/anthropic-test-call.ts';
import type { FailedResponse, UpstreamCall } from '../provider.ts';
import { countBody, invokeBody } from './body.ts';
import { classifyBedrock } from './exceptions.ts';
import { createBedrock } from './index.ts';
import { foundationModel, inferenceProfile } from './model-id.ts';
import { signatureHeaders } from './sign.ts';

const nowMs = Date.parse('2026-11-21T05:00:00Z');

test.each([
  ['claude-opus-5-5', 'us-east-1', 'global', 'global.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'us-west-2', 'geographic', 'us.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'ca-central-1', 'geographic', 'us.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'eu-west-3', 'geographic', 'eu.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'ap-northeast-1', 'geographic', 'jp.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'ap-southeast-2', 'geographic', 'au.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'ap-south-1', 'geographic', 'apac.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'sa-east-1', 'geographic', 'global.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5', 'us-gov-west-1', 'global', 'us-gov.anthropic.claude-opus-5-5'],
  ['claude-opus-5-5-20260922', 'us-east-1', 'global', 'global.anthropic.claude-opus-5-5'],
  ['claude-opus-4-6', 'us-east-1', 'global', 'global.anthropic.claude-opus-4-6-v1'],
  ['claude-sonnet-4-5', 'us-east-1', 'global', 'global.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['claude-sonnet-4-5-20250929', 'us-east-1', 'global', 'global.anthropic.claude-sonnet-4-5-20250929-v1:0'],
  ['claude-sonnet-4-0', 'us-east-1', 'global', 'global.anthropic.claude-sonnet-4-20250514-v1:0'],
  ['claude-opus-4-1', 'us-east-1', 'global', 'us.anthropic.claude-opus-4-1-20250805-v1:0'],
  ['claude-opus-4-20250514', 'us-east-1', 'global', 'us.anthropic.claude-opus-4-20250514-v1:0'],
  ['claude-3-5-sonnet-latest', 'eu-west-1', 'global', 'eu.anthropic.claude-3-5-sonnet-20241022-v2:0'],
  [
    'claude-3-5-sonnet-20240620',
    'ap-southeast-2',
    'global',
    'apac.anthropic.claude-3-5-sonnet-20240620-v1:0',
  ],
  ['anthropic.claude-opus-5-5', 'us-east-1', 'global', 'anthropic.claude-opus-5-5'],
  ['us.anthropic.claude-opus-4-6-v1', 'eu-west-1', 'global', 'us.anthropic.claude-opus-4-6-v1'],
] as const)('%s in %s (%s) is %s', (model, region, inference, id) => {
  expect(inferenceProfile(model, { region, inference })).toBe(id);
});

test('counting asks the model itself, without a profile', () => {
  expect(foundationModel('claude-haiku-4-5')).toBe('anthropic.claude-haiku-4-5-20251001-v1:0');
  expect(foundationModel('global.anthropic.claude-opus-5-5')).toBe('anthropic.claude-opus-5-5');
  expect(foundationModel('us-gov.anthropic.claude-opus-5-5')).toBe('anthropic.claude-opus-5-5');
});

function callWith(body: string, headers: string[] = []): UpstreamCall {
  return { ...anthropicTestCall('claude-opus-5-5').call, headers, body: Buffer.from(body) };
}

test.each<[name: string, body: string, headers: string[], expected: string]>([
  [
    'model and stream go, the version comes',
    '{"model":"m", "messages":[] ,"stream":true}',
    [],
    '{"anthropic_version":"bedrock-2023-05-31", "messages":[]}',
  ],
  [
    'betas of all headers, each once, those of logins not',
    '{"model":"m","x":1.0}',
    ['Anthropic-Beta', 'a-1, oauth-2025-04-20,b-2', 'anthropic-beta', 'a-1,c-3,'],
    '{"anthropic_version":"bedrock-2023-05-31","anthropic_beta":["a-1","b-2","c-3"],"x":1.0}',
  ],
  [
    'what clients of Bedrock put there themselves stays, in its place',
    '{"anthropic_beta":["own"],"x":1,"anthropic_version":"vertex","model":"m"}',
    ['anthropic-beta', 'a-1'],
    '{"anthropic_beta":["a-1","own"],"x":1,"anthropic_version":"bedrock-2023-05-31"}',
  ],
])('bodies: %s', (_name, body, headers, expected) => {
  expect(invokeBody(callWith(body, headers)).toString()).toBe(expected);
});

test.each([
  ['{"model":"m","messages":[]}', '"max_tokens":1,'],
  ['{"model":"m","messages":[],"thinking":{"type":"enabled","budget_tokens":2048}}', '"max_tokens":2049,'],
  ['{"model":"m","max_tokens":9}', ''],
])('what is counted could be sent: %s', (body, added) => {
  const call = callWith(body);
  const { input } = JSON.parse(countBody(call).toString()) as { input: { invokeModel: { body: string } } };
  expect(Buffer.from(input.invokeModel.body, 'base64').toString()).toBe(
    invokeBody(call).toString().replace('{', `{${added}`),
  );
});

// Vectors of AWS's published test suite for Signature Version 4.
const SESSION_TOKEN =
  'AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==';
const UNRESERVED = '/-._~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const DATE_HEADERS = 'host;x-amz-date';

test.each([
  ['get-vanilla', 'GET', '/', undefined, '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'],
  [
    'post-vanilla',
    'POST',
    '/',
    undefined,
    '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b',
  ],
  [
    'get-unreserved',
    'GET',
    UNRESERVED,
    undefined,
    '07ef7494c76fa4850883e2b006601f940f8a34d404d0cfa977f52a65bbf5f24f',
  ],
  [
    'post-sts-header-before',
    'POST',
    '/',
    SESSION_TOKEN,
    '85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead',
  ],
])('the signature is AWS’s own: %s', (_name, method, path, sessionToken, signature) => {
  const request = { method, host: 'example.amazonaws.com', path, body: Buffer.alloc(0) };
  const keys = {
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
    sessionToken,
  };
  const scope = { region: 'us-east-1', service: 'service', nowMs: Date.parse('2015-08-30T12:36:00.789Z') };
  const token = sessionToken === undefined ? [] : ['x-amz-security-token', sessionToken];
  const names = sessionToken === undefined ? DATE_HEADERS : `${DATE_HEADERS};x-amz-security-token`;
  expect(signatureHeaders(request, keys, scope)).toEqual([
    'x-amz-date',
    '20150830T123600Z',
    ...token,
    'authorization',
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders=${names}, Signature=${signature}`,
  ]);
});

describe('at the vendor', () => {
  let simulator: Simulator;
  beforeAll(async () => {
    simulator = await startSimulator();
  });
  afterAll(() => simulator.close());
  beforeEach(() => simulator.reset());

  const keys = { accessKeyId: 'AKIDEXAMPLE', secretAccessKey: EXAMPLE_AWS_SECRET_KEY };

  async function ask(overrides: Partial<UpstreamCall>, credential: object = keys, settings: object = {}) {
    const bedrock = createBedrock(`${simulator.url}/as/{region}`, () => Date.now());
    const call = { ...anthropicTestCall('claude-haiku-4-5').call, ...overrides };
    const account = { id: 'a1', settings: bedrock.account.settings.parse(settings) };
    const answer = await sendDirectly(
      bedrock.prepare(call, account, bedrock.account.credential.parse(credential)),
    );
    const converter = bedrock.unframe?.('json', call) ?? null;
    const body =
      converter === null ? answer.body : Buffer.concat([converter.push(answer.body), converter.end()]);
    return { status: answer.status, body: body.toString() };
  }

  test('ids that need encoding are encoded for the address, and once more for the signature', async () => {
    const { status } = await ask({}, keys, { region: 'eu-west-1' });
    expect(status).toBe(200);
    expect(simulator.requests[0]).toMatchObject({
      account: 'eu-west-1',
      model: 'global.anthropic.claude-haiku-4-5-20251001-v1:0',
    });
    const arn = 'arn:aws:bedrock:eu-west-1:1:inference-profile/us.anthropic.claude-haiku-4-5-20251001-v1:0';
    expect((await ask({ upstreamModel: arn })).status).toBe(200);
    expect(simulator.requests.at(-1)?.model).toBe(arn);
  });

  test('a bearer token is no signature, and a wrong key is found out', async () => {
    expect((await ask({}, { bearerToken: 'bedrock-api-key-1' })).status).toBe(200);
    expect((await ask({}, { ...keys, secretAccessKey: 'another' })).status).toBe(403);
    expect((await ask({}, { ...keys, sessionToken: 'session' })).status).toBe(200);
  });

  test('tokens are counted, and the count has its name', async () => {
    const counted = await ask({ operation: 'count_tokens', path: '/v1/messages/count_tokens' });
    expect(counted).toEqual({
      status: 200,
      body: expect.stringMatching(/^\{"input_tokens":[1-9]\d*\}$/) as string,
    });
  });
});

function judged(name: string, status: number, message: string) {
  const failure: FailedResponse = {
    type: 'status',
    status,
    headers: { 'x-amzn-errortype': name },
    body: JSON.stringify({ message }),
  };
  return classifyBedrock(failure, someFacts, nowMs);
}

test.each<[name: string, status: number, message: string, expected: object]>([
  [
    'ValidationException',
    400,
    'max_tokens: Field required',
    { reason: 'invalid_request', fault: 'client', retry: 'never' },
  ],
  [
    'ValidationException:http://internal.amazon.com/coral/com.amazon.bedrock/',
    400,
    'The provided model identifier is invalid.',
    { reason: 'not_found', deniesModel: true, retry: 'other' },
  ],
  [
    'ValidationException',
    400,
    'messages.0: "The provided model identifier is invalid." is no text',
    { reason: 'invalid_request', retry: 'never' },
  ],
  [
    'ServiceQuotaExceededException',
    400,
    'x',
    { reason: 'rate_limited', fault: 'account', coolDownScope: 'family' },
  ],
  [
    'AccessDeniedException',
    403,
    "You don't have access to the model with the specified model ID.",
    { reason: 'permission_denied', fault: 'client', deniesModel: true },
  ],
  [
    'AccessDeniedException',
    403,
    'Authentication failed: Please make sure your API Key is valid.',
    { reason: 'credential_rejected', accountState: 'needs-login' },
  ],
  ['UnrecognizedClientException', 403, 'x', { reason: 'credential_rejected', accountState: 'needs-login' }],
  [
    'InvalidSignatureException',
    403,
    'Signature expired: 20261121T045000Z is now earlier than 20261121T045500Z',
    { reason: 'credential_rejected', accountState: null, coolDownMs: 60_000 },
  ],
  [
    'ThrottlingException',
    429,
    'Too many requests',
    { reason: 'rate_limited', coolDownMs: 30_000, coolDownScope: 'family' },
  ],
  ['ThrottlingException', 429, 'Too many tokens per day, please wait', { coolDownMs: 3_600_000 }],
  ['ModelTimeoutException', 408, 'x', { reason: 'timeout', fault: 'service' }],
  ['ServiceUnavailableException', 503, 'x', { reason: 'overloaded', fault: 'service' }],
  ['SomethingNewException', 400, 'x', { reason: 'invalid_request', message: 'x' }],
])('%s (%i) "%s" is judged', (name, status, message, expected) => {
  expect(judged(name, status, message)).toMatchObject(expected);
});

test('an account needs a pair of keys or a token, and not both', () => {
  const { credential } = createBedrock('https://bedrock.example', () => nowMs).account;
  for (const wrong of [
    { accessKeyId: 'a' },
    { secretAccessKey: 'b' },
    { bearerToken: 'c', accessKeyId: 'a', secretAccessKey: 'b' },
    { bearerToken: 'c', sessionToken: 'd' },
  ]) {
    expect(credential.safeParse(wrong).success).toBe(false);
  }
});
