// Every kind against an upstream that plays the vendor: what is prepared is accepted, what comes back is read rightly,
// what fails is judged rightly.
import { type Fault, type Simulator, startSimulator } from '@crs/upstream-simulator';
import { request } from 'undici';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { providersAt } from '../../test/providers.ts';
import { protocols } from '../protocols/registry.ts';
import type { AnyProvider, FailedResponse } from './provider.ts';

/** `sk-ant-oat…` is refused without the beta of logins, as at the vendor. */
const credentials: Readonly<Record<string, unknown>> = {
  claude: { accessToken: 'sk-ant-oat01-test' },
  'claude-console': { apiKey: 'sk-ant-api03-test' },
};
const kinds = Object.keys(credentials);
const nowMs = Date.parse('2026-11-21T05:00:00Z');

let simulator: Simulator;
let providers: ReadonlyMap<string, AnyProvider>;

beforeAll(async () => {
  simulator = await startSimulator();
  providers = providersAt(simulator.url);
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

async function exchange(kind: string, stream: boolean) {
  const provider = providers.get(kind);
  if (provider === undefined) throw new Error(`no kind ${kind}`);
  const { call } = provider.testCall('claude-opus-5-5');
  const body = Buffer.from(call.body.toString().replace('"max_tokens"', `"stream":${stream},"max_tokens"`));
  const {
    origin,
    path,
    method,
    headers,
    body: bytes,
  } = provider.prepare(
    { ...call, body },
    { id: 'a1', settings: provider.account.settings.parse({}) },
    provider.account.credential.parse(credentials[kind]),
  );
  const reply = await request(origin + path, { method, headers, body: bytes });
  const flat = Object.fromEntries(
    Object.entries(reply.headers).map(([name, value]) => [name, String(value)]),
  );
  const observer = protocols.anthropic.observe(stream ? 'stream' : 'json', call.facts);
  const chunks: Buffer[] = [];
  for await (const chunk of reply.body) {
    if (!(chunk instanceof Uint8Array)) continue;
    observer.push(chunk);
    chunks.push(Buffer.from(chunk));
  }
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

describe.each(kinds)('%s', (kind) => {
  test.each([true, false])('is answered, and its figures are the upstream’s (stream: %s)', async (stream) => {
    const { status, observer, provider, headers } = await exchange(kind, stream);
    expect(status).toBe(200);
    const observation = observer.observation();
    expect(observation).toMatchObject({
      isComplete: true,
      usageSource: 'reported',
      servedModel: 'claude-opus-5-5',
    });
    const [row] = simulator.stats().filter(({ outcome }) => outcome === 'answered');
    expect(observation.usage).toMatchObject({ input: row?.inputTokens, output: row?.outputTokens });
    expect(provider.limits(headers).length).toBeGreaterThanOrEqual(2);
  });

  test.each<[fault: Fault, reason: string, retry: string]>([
    [{ status: 400 }, 'invalid_request', 'never'],
    [{ status: 401 }, 'credential_rejected', 'other'],
    [{ status: 402 }, 'billing', 'other'],
    [{ status: 403 }, 'permission_denied', 'other'],
    [{ status: 404 }, 'not_found', 'other'],
    [{ status: 413, html: true }, 'too_large', 'never'],
    [{ status: 429, retryAfter: 30 }, 'rate_limited', 'other'],
    [{ status: 500 }, 'server_error', 'same'],
    [{ status: 502, html: true }, 'server_error', 'other'],
    [{ status: 529 }, 'overloaded', 'other'],
    [{ status: 529, shouldRetry: false }, 'overloaded', 'never'],
  ])('%j is judged', async (fault, reason, retry) => {
    simulator.enqueue(fault);
    const { status, headers, text, judge } = await exchange(kind, true);
    expect(status).toBe(fault.status);
    expect(judge({ type: 'status', status, headers, body: text })).toMatchObject({ reason, retry });
  });

  test('an overload as the first event of a stream shows before any content', async () => {
    simulator.enqueue({ errorEvent: 1 });
    const { status, observer, headers, judge } = await exchange(kind, true);
    expect(status).toBe(200);
    expect(observer.phase).toBe('error');
    const { error } = observer.observation();
    expect(judge({ type: 'error-event', headers, body: error?.raw ?? '' })).toMatchObject({
      reason: 'overloaded',
    });
  });

  test('an error with status 200 is seen as one', async () => {
    simulator.enqueue({ jsonErrorIn200: true });
    const { status, observer } = await exchange(kind, false);
    expect(status).toBe(200);
    expect(observer.phase).toBe('error');
  });
});

test('there is a credential here for every kind', () => {
  expect([...providers.keys()].sort()).toEqual(kinds.toSorted());
});
