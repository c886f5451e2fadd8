// Every kind against an upstream that plays the vendor: what is prepared is accepted, what comes back is read rightly,
// what fails is judged rightly.
import { EXAMPLE_AWS_SECRET_KEY, type Fault, type Simulator, startSimulator } from '@crs/upstream-simulator';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { providersAt } from '../../test/providers.ts';
import { withMembers } from '../platform/json-members.ts';
import type { DialectId } from '../protocols/protocol.ts';
import { protocols } from '../protocols/registry.ts';
import type { AnyProvider, FailedResponse, UpstreamCall } from './provider.ts';

type FaultCase = readonly [fault: Fault, reason: string, retry: string];

interface Sample {
  readonly settings: (base: string) => object;
  readonly credential: object;
  readonly model: string;
  /** How many windows the vendor's headers tell at least. */
  readonly windows: number;
  readonly faults: readonly FaultCase[];
}

const anywhere: readonly FaultCase[] = [
  [{ status: 400 }, 'invalid_request', 'never'],
  [{ status: 413, html: true }, 'too_large', 'never'],
  [{ status: 429, retryAfter: 30 }, 'rate_limited', 'other'],
  [{ status: 500 }, 'server_error', 'same'],
  [{ status: 502, html: true }, 'server_error', 'other'],
];
const anthropicFaults: readonly FaultCase[] = [
  ...anywhere,
  [{ status: 401 }, 'credential_rejected', 'other'],
  [{ status: 402 }, 'billing', 'other'],
  [{ status: 403 }, 'permission_denied', 'other'],
  [{ status: 404 }, 'not_found', 'other'],
  [{ status: 529 }, 'overloaded', 'other'],
  [{ status: 529, shouldRetry: false }, 'overloaded', 'never'],
];
const googleFaults: readonly FaultCase[] = [
  ...anywhere,
  [{ status: 400, errorType: 'API_KEY_INVALID' }, 'credential_rejected', 'other'],
  [{ status: 401 }, 'credential_rejected', 'other'],
  [{ status: 403 }, 'permission_denied', 'other'],
  [{ status: 404 }, 'not_found', 'other'],
  [{ status: 429, errorType: 'PerDay' }, 'rate_limited', 'other'],
  [{ status: 503 }, 'overloaded', 'other'],
  [{ status: 504 }, 'timeout', 'never'],
];
const bedrockFaults: readonly FaultCase[] = [
  ...anywhere,
  [{ status: 403 }, 'permission_denied', 'other'],
  [{ status: 403, errorType: 'ExpiredTokenException' }, 'credential_rejected', 'other'],
  [{ status: 404 }, 'not_found', 'other'],
  [{ status: 408 }, 'timeout', 'same'],
  [{ status: 424 }, 'server_error', 'same'],
  [{ status: 429, errorType: 'ModelNotReadyException' }, 'overloaded', 'other'],
  [{ status: 503 }, 'overloaded', 'other'],
];
const openAiFaults: readonly FaultCase[] = [
  ...anywhere,
  [{ status: 401 }, 'credential_rejected', 'other'],
  [{ status: 404 }, 'not_found', 'other'],
];

/** `sk-ant-oat…` is refused without the beta of logins, as at the vendor. */
const samples: Readonly<Record<string, Sample>> = {
  claude: {
    settings: () => ({}),
    credential: { accessToken: 'sk-ant-oat01-test' },
    model: 'claude-opus-5-5',
    windows: 2,
    faults: anthropicFaults,
  },
  'claude-console': {
    settings: () => ({}),
    credential: { apiKey: 'sk-ant-api03-test' },
    model: 'claude-opus-5-5',
    windows: 2,
    faults: anthropicFaults,
  },
  ccr: {
    settings: (base) => ({ baseUrl: `${base}/ccr` }),
    credential: { apiKey: 'cr_other_relay' },
    model: 'claude-opus-5-5',
    windows: 0,
    faults: anthropicFaults,
  },
  bedrock: {
    settings: () => ({ region: 'eu-west-1' }),
    credential: {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: EXAMPLE_AWS_SECRET_KEY,
      sessionToken: 'session',
    },
    model: 'claude-opus-5-5',
    windows: 0,
    faults: bedrockFaults,
  },
  gemini: {
    settings: () => ({ projectId: 'ours-1' }),
    credential: { accessToken: 'ya29.test' },
    model: 'gemini-3.8-flash',
    windows: 0,
    faults: googleFaults,
  },
  'gemini-api': {
    settings: () => ({}),
    credential: { apiKey: 'AIzaTest' },
    model: 'gemini-3.8-flash',
    windows: 0,
    faults: googleFaults,
  },
  openai: {
    settings: () => ({}),
    credential: { apiKey: 'sk-test' },
    model: 'gpt-6-luna',
    windows: 1,
    faults: openAiFaults,
  },
  'openai-responses': {
    settings: () => ({}),
    credential: { apiKey: 'sk-test' },
    model: 'gpt-6-luna',
    windows: 1,
    faults: openAiFaults,
  },
  'azure-openai': {
    settings: (base) => ({ endpoint: base }),
    credential: { apiKey: 'azure-test' },
    model: 'gpt-6-luna',
    windows: 0,
    faults: openAiFaults,
  },
  codex: {
    settings: () => ({}),
    credential: { accessToken: 'login-test', accountId: 'account-1' },
    model: 'gpt-6.1-sol',
    windows: 1,
    faults: openAiFaults,
  },
};
const nowMs = Date.parse('2026-11-21T05:00:00Z');

let simulator: Simulator;
let providers: ReadonlyMap<string, AnyProvider>;

beforeAll(async () => {
  simulator = await startSimulator();
  providers = providersAt(simulator.url);
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

/** The same call as a stream, as each dialect asks for one. */
const asStream: Readonly<Record<DialectId, (call: UpstreamCall) => UpstreamCall>> = {
  anthropic: inBody({ stream: 'true' }),
  'openai-chat': inBody({ stream: 'true', stream_options: '{"include_usage":true}' }),
  'openai-completions': inBody({ stream: 'true', stream_options: '{"include_usage":true}' }),
  'openai-responses': inBody({ stream: 'true' }),
  gemini: inPath,
  'code-assist': inPath,
};

function inBody(members: Record<string, string>): (call: UpstreamCall) => UpstreamCall {
  return (call) => ({ ...call, stream: true, body: withMembers(call.body, members) });
}

function inPath(call: UpstreamCall): UpstreamCall {
  return {
    ...call,
    stream: true,
    path: call.path.replace(':generate', ':streamGenerate'),
    query: '?alt=sse',
  };
}

async function exchange(kind: string, sample: Sample, wantsStream: boolean, settings?: object) {
  const provider = providers.get(kind);
  if (provider === undefined) throw new Error(`no kind ${kind}`);
  const stream = wantsStream || provider.onlyStreams === true;
  const { call: whole } = provider.testCall(sample.model);
  const call = stream ? asStream[whole.dialect](whole) : whole;
  const { origin, path, method, headers, body } = provider.prepare(
    call,
    { id: 'a1', settings: provider.account.settings.parse(settings ?? sample.settings(simulator.url)) },
    provider.account.credential.parse(sample.credential),
  );
  const reply = await request(origin + path, { method, headers, body });
  const flat = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name, String(value)]),
  );
  const answer = stream ? 'stream' : 'json';
  const observer = protocols[call.dialect]?.observe(answer, call.facts);
  if (observer === undefined) throw new Error(`no dialect ${call.dialect}`);
  const frames = reply.statusCode === 200 ? (provider.unframe?.(answer, call) ?? null) : null;
  const chunks: Uint8Array[] = [];
  const take = (chunk: Uint8Array): void => {
    observer.push(chunk);
    chunks.push(chunk);
  };
  for await (const chunk of reply.body) {
    if (chunk instanceof Uint8Array) take(frames?.push(chunk) ?? chunk);
  }
  if (frames !== null) take(frames.end());
  const judge = (failure: FailedResponse) => provider.classify(failure, call.facts, nowMs);
  return {
    provider,
    status: reply.statusCode,
    headers: flat,
    observer,
    text: Buffer.concat(chunks).toString(),
    judge,
  };
}

test('there is an account here for every kind', () => {
  expect([...providers.keys()].sort()).toEqual(Object.keys(samples).sort());
});

const observable = Object.entries(samples).filter(([kind]) => {
  const dialect = providersAt('http://vendor.example').get(kind)?.testCall(null).call.dialect;
  return dialect !== undefined && dialect in protocols;
});

describe.each(observable)('%s', (kind, sample) => {
  test.each([true, false])('is answered, and its figures are the upstream’s (stream: %s)', async (stream) => {
    const { status, observer, provider, headers, text } = await exchange(kind, sample, stream);
    expect([status, text]).toEqual([200, expect.stringContaining('OK') as string]);
    const observation = observer.observation();
    expect(observation).toMatchObject({
      isComplete: true,
      usageSource: 'reported',
      servedModel: expect.stringContaining(sample.model) as string,
    });
    const [row] = simulator.stats().filter(({ outcome }) => outcome === 'answered');
    expect(observation.usage).toMatchObject({ input: row?.inputTokens, output: row?.outputTokens });
    expect(provider.limits(headers).length).toBeGreaterThanOrEqual(sample.windows);
  });

  test.each(sample.faults)('%j is judged', async (fault, reason, retry) => {
    simulator.enqueue(fault);
    const { status, headers, text, judge } = await exchange(kind, sample, true);
    expect(status).toBe(fault.status);
    expect(judge({ type: 'status', status, headers, body: text })).toMatchObject({ reason, retry });
  });

  test('an error as the first event of a stream shows before any content, and is judged by its own words', async () => {
    simulator.enqueue({ errorEvent: 0, message: 'The words of the vendor.' });
    const { status, observer, headers, judge } = await exchange(kind, sample, true);
    expect(status).toBe(200);
    expect(observer.phase).toBe('error');
    const { error } = observer.observation();
    const judged = judge({ type: 'error-event', headers, body: error?.raw ?? '' });
    expect(judged).toMatchObject({ message: 'The words of the vendor.' });
    expect(judged.fault).not.toBe('client');
  });

  test('a stream that is cut is not complete', async () => {
    simulator.enqueue({ cleanEnd: 1 });
    const { status, observer } = await exchange(kind, sample, true);
    expect([status, observer.phase === 'complete', observer.observation().isComplete]).toEqual([
      200,
      false,
      false,
    ]);
  });
});

describe('another relay', () => {
  const sample = samples['ccr'];
  if (sample === undefined) throw new Error('no sample');

  test.each(['openai-errors', 'bare-errors'])(
    'errors of its own wording are judged by their status: %s',
    async (quirk) => {
      simulator.enqueue({ status: 429, retryAfter: 7 });
      const settings = { baseUrl: `${simulator.url}/ccr/${quirk}` };
      const { status, headers, text, judge } = await exchange('ccr', sample, true, settings);
      expect(judge({ type: 'status', status, headers, body: text })).toMatchObject({
        reason: 'rate_limited',
        coolDownMs: 7000,
        message: expect.stringMatching(/rate limit/i) as string,
      });
    },
  );

  test('an error with status 200 is seen as one', async () => {
    simulator.enqueue({ jsonErrorIn200: true });
    const { status, observer, judge, headers } = await exchange('ccr', sample, false);
    expect([status, observer.phase]).toEqual([200, 'error']);
    const body = observer.observation().error?.raw ?? '';
    expect(judge({ type: 'error-event', headers, body })).toMatchObject({
      fault: 'service',
      message: 'Internal server error',
    });
  });

  test('models that it lacks are said to be lacking', async () => {
    const settings = { baseUrl: `${simulator.url}/ccr/own-models,bare-errors` };
    const { status, headers, text, judge } = await exchange('ccr', sample, false, settings);
    expect(judge({ type: 'status', status, headers, body: text })).toMatchObject({
      deniesModel: true,
      retry: 'other',
    });
  });
});
