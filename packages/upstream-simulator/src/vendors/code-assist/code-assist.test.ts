import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { type Reply, eventsOf, json, send } from '../../../test/client.ts';
import { listOf, objectOf, stringOf } from '../../json.ts';
import { type Simulator, startSimulator } from '../../simulator.ts';

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(async () => simulator.close());
beforeEach(() => simulator.reset());

const MODEL = 'gemini-3.8-flash';

async function call(method: string, body: object, token = 'ya29.test'): Promise<Reply> {
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' };
  return send(simulator.url, { path: `/v1internal:${method}`, headers, body });
}

async function poll(name: string, token: string): Promise<Reply> {
  const headers = { authorization: `Bearer ${token}` };
  return send(simulator.url, { path: `/v1internal/${name}`, method: 'GET', headers });
}

function generation(prompt: string, more: object = {}): object {
  const contents = [{ role: 'user', parts: [{ text: prompt }] }];
  return { model: MODEL, project: 'p', user_prompt_id: 'u', request: { contents, session_id: 's', ...more } };
}

function partsOf(wrapped: Record<string, unknown>): Record<string, unknown>[] {
  const candidate = objectOf(listOf(objectOf(wrapped['response'])['candidates'])[0]);
  return listOf(objectOf(candidate['content'])['parts']).map(objectOf);
}

describe('setting up', () => {
  const metadata = { ideType: 'IDE_UNSPECIFIED', platform: 'PLATFORM_UNSPECIFIED', pluginType: 'GEMINI' };

  test('an account that is set up has a tier and a project', async () => {
    expect(json(await call('loadCodeAssist', { metadata }))).toMatchObject({
      currentTier: { id: 'free-tier' },
      cloudaicompanionProject: expect.stringMatching(/^managed-/u) as string,
    });
    expect(json(await call('loadCodeAssist', { cloudaicompanionProject: 'mine', metadata }))).toMatchObject({
      currentTier: { id: 'standard-tier' },
      cloudaicompanionProject: 'mine',
    });
  });

  test('a new account is set up by an operation that has to be polled', async () => {
    const token = 'ya29.new';
    const before = json(await call('loadCodeAssist', { metadata }, token));
    expect(before).not.toHaveProperty('currentTier');
    expect(before).toMatchObject({ allowedTiers: [{ id: 'free-tier', isDefault: true }, {}] });
    const early = await call('generateContent', { ...generation('x'), project: undefined }, token);
    expect(early.status).toBe(403);
    const begun = json(await call('onboardUser', { tierId: 'free-tier', metadata }, token));
    expect(begun).toMatchObject({ done: false });
    const ended = json(await poll(String(begun['name']), token));
    expect(ended).toMatchObject({
      done: true,
      response: { cloudaicompanionProject: { id: expect.any(String) as string } },
    });
    expect(json(await call('onboardUser', { tierId: 'free-tier', metadata }, token))).toEqual(ended);
    expect(json(await call('loadCodeAssist', { metadata }, token))).toHaveProperty('currentTier');
    expect((await poll('operations/other', token)).status).toBe(404);
  });

  test.each([
    ['free-tier', 'mine'],
    ['standard-tier', undefined],
    ['standard-tier', '123456'],
  ])('the %s with the project %s is a failed precondition', async (tierId, cloudaicompanionProject) => {
    const reply = await call('onboardUser', { tierId, cloudaicompanionProject });
    expect(reply.status).toBe(400);
    expect(json(reply)).toMatchObject({ error: { status: 'FAILED_PRECONDITION' } });
  });
});

describe('generating', () => {
  test('a whole answer is wrapped', async () => {
    const answer = json(await call('generateContent', generation('[[say:hello]]')));
    expect(partsOf(answer)).toEqual([{ text: 'hello' }]);
    expect(answer).toMatchObject({
      traceId: expect.stringMatching(/^[0-9a-f]{16}$/u) as string,
      response: { modelVersion: MODEL, usageMetadata: { candidatesTokenCount: 2 } },
    });
    expect(simulator.stats()).toMatchObject([{ model: MODEL, outputTokens: 2 }]);
  });

  test('a stream is wrapped event by event, with calls and thoughts', async () => {
    const body = generation('[[think:hm]] [[tool:glob {"pattern":"*"}]]', {
      tools: [{ functionDeclarations: [{ name: 'glob' }] }],
      generationConfig: { thinkingConfig: { includeThoughts: true } },
    });
    const reply = await call('streamGenerateContent?alt=sse', body);
    const parts = eventsOf(reply.body).flatMap((event) => partsOf(event.data));
    expect(parts[0]).toEqual({ text: 'hm', thought: true });
    expect(parts.find((part) => part['functionCall'] !== undefined)).toMatchObject({
      functionCall: { name: 'glob', args: { pattern: '*' } },
      thoughtSignature: expect.any(String) as string,
    });
  });

  test('tokens are counted, the quota told, the rest taken quietly', async () => {
    const request = { model: `models/${MODEL}`, contents: [{ parts: [{ text: 'x' }] }] };
    expect(json(await call('countTokens', { request }))['totalTokens']).toBeGreaterThan(0);
    expect(simulator.requests[0]?.model).toBe(MODEL);
    expect(json(await call('retrieveUserQuota', { project: 'p' }))).toMatchObject({
      buckets: [
        { remainingFraction: 0.97, resetTime: expect.stringMatching(/T00:00:00Z$/u) as string },
        {},
        {},
        {},
      ],
    });
    for (const method of ['listExperiments', 'recordCodeAssistMetrics', 'setCodeAssistGlobalUserSetting']) {
      expect((await call(method, {})).status).toBe(200);
    }
  });

  test('errors are those of Google, inside a stream too', async () => {
    simulator.enqueue({ status: 429, retryAfter: 5 });
    const limited = await call('generateContent', generation('x'));
    expect(JSON.stringify(json(limited))).toContain('"retryDelay":"5s"');
    simulator.enqueue({ errorEvent: 1 });
    const broken = await call('streamGenerateContent?alt=sse', generation('x'));
    expect(eventsOf(broken.body).at(-1)?.data).toMatchObject({ error: { status: 'UNAVAILABLE' } });
    expect((await call('generateContent', { ...generation('x'), model: 'gpt-5' })).status).toBe(404);
    expect((await send(simulator.url, { path: '/v1internal:loadCodeAssist', headers: {} })).status).toBe(401);
  });

  test('a renewed token is the same account, one that has ended is refused', async () => {
    const renew = async (refreshToken: string): Promise<string> => {
      const reply = await send(simulator.url, {
        path: '/token',
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: Buffer.from(
          `grant_type=refresh_token&refresh_token=${encodeURIComponent(refreshToken)}&client_id=c&client_secret=s`,
        ),
      });
      return String(json(reply)['access_token']);
    };
    const projects = new Set<unknown>();
    for (let time = 0; time < 2; time += 1) {
      const reply = await call('loadCodeAssist', {}, await renew('1//0stored'));
      projects.add(json(reply)['cloudaicompanionProject']);
    }
    expect(projects.size).toBe(1);
    expect((await call('loadCodeAssist', {}, await renew('1//0expires-0'))).status).toBe(401);
  });

  test('the recording', async () => {
    simulator.enqueue({ replay: 'gemini-code-assist' });
    const reply = await call('streamGenerateContent?alt=sse', generation('x'));
    const parts = eventsOf(reply.body).flatMap((event) => partsOf(event.data));
    expect(parts.map((part) => (part['thought'] === true ? '' : stringOf(part['text']))).join('')).toBe(
      'Es regnet in Zürich 🌧.',
    );
    expect(simulator.stats()).toMatchObject([{ inputTokens: 1028, outputTokens: 125 }]);
  });
});
