// Every fault of the simulator on every kind of account, streaming and not, for a client of the account's own dialect and
// for one whose requests are converted: what the client is told, whom it is blamed on, whether another account answers.
import type { Fault } from '@crs/upstream-simulator';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { type Kind, type KindSample, kindSamples, kinds } from '../kinds.ts';
import { type Answer, send } from '../relay-client.ts';

/** Long enough for a good answer on a busy machine. */
const SILENCE_MS = 600;
const TOTAL_MS = 2000;
/** Lanes that run at the same time. */
const AT_ONCE = 20;

interface Client {
  readonly path: (model: string, stream: boolean) => string;
  readonly body: (model: string, prompt: string, stream: boolean) => object;
  /** How an answer that is an error looks, and an error inside a stream. */
  readonly error: RegExp;
  readonly errorEvent: RegExp;
  /** What only a whole stream ends with. */
  readonly end: string;
}

const openAiError = /^\{\s*"error":\{(?=.*"message":")(?=.*"(?:type|code)":")/su;
const clients = {
  anthropic: {
    path: () => '/api/v1/messages',
    body: (model, content, stream) => ({
      model,
      max_tokens: 500,
      stream,
      messages: [{ role: 'user', content }],
    }),
    error: /^\{"type":"error","error":\{.*"type":"\w+_error","message":"/u,
    errorEvent: /\nevent: error\r?\ndata: \{"type":"error","error":\{/gu,
    end: 'message_stop',
  },
  chat: {
    path: () => '/openai/v1/chat/completions',
    body: (model, content, stream) => ({ model, stream, messages: [{ role: 'user', content }] }),
    error: openAiError,
    errorEvent: /\ndata: \{"error":\{/gu,
    end: '[DONE]',
  },
  responses: {
    path: () => '/openai/v1/responses',
    body: (model, content, stream) => ({ model, stream, store: false, input: [{ role: 'user', content }] }),
    error: openAiError,
    errorEvent: /\nevent: response\.failed\r?\ndata: \{"type":"response\.failed"/gu,
    end: 'response.completed',
  },
  gemini: {
    path: (model, stream) =>
      `/gemini/v1beta/models/${model}:${stream ? 'streamGenerateContent?alt=sse' : 'generateContent'}`,
    body: (_model, text) => ({ contents: [{ role: 'user', parts: [{ text }] }] }),
    error: /^\{\s*"error":\s*\{\s*"code":\s*\d+,\s*"message":\s*".*"status":\s*"[A-Z_]+"/su,
    errorEvent: /\ndata: \{"error":\{"code":\d+/gu,
    end: '"finishReason"',
  },
} as const satisfies Record<string, Client>;
type ClientName = keyof typeof clients;

/** By kind: the client whose dialect it speaks, and one of another vendor. */
const clientsOf: Readonly<Record<Kind, readonly [own: ClientName, foreign: ClientName]>> = {
  claude: ['anthropic', 'chat'],
  'claude-console': ['anthropic', 'responses'],
  ccr: ['anthropic', 'gemini'],
  bedrock: ['anthropic', 'chat'],
  gemini: ['gemini', 'anthropic'],
  'gemini-api': ['gemini', 'responses'],
  openai: ['chat', 'anthropic'],
  'openai-responses': ['responses', 'gemini'],
  'azure-openai': ['chat', 'gemini'],
  codex: ['responses', 'anthropic'],
};

/**
 * What the client is told where there is no other account; the account's part in it (`failure`: counted, three in a row
 * open its breaker); whether another one answers where there is one.
 */
type Outcome =
  `${string}, ${'not blamed' | 'failure' | 'model rests' | 'rests' | 'needs login'}, ${'another answers' | 'it stays so'}`;

interface FaultCase {
  readonly name: string;
  readonly fault: Fault;
  /** Null: there is no such thing there. */
  readonly stream: Outcome | null;
  readonly whole: Outcome | null;
  /** Where the vendor means something else by it. */
  readonly but?: Readonly<Partial<Record<Kind, Outcome>>>;
}

const cases: readonly FaultCase[] = [
  both('400', { status: 400 }, '400, not blamed, it stays so'),
  // Never the client's own 401: its key is good.
  both('401', { status: 401 }, '502, needs login, another answers'),
  both(
    '403',
    { status: 403 },
    '403, not blamed, another answers',
    // OpenAI's words for it speak of the region.
    but(['openai', 'openai-responses', 'codex'], '403, rests, another answers'),
  ),
  both('404', { status: 404 }, '404, not blamed, another answers'),
  both(
    '429',
    { status: 429, retryAfter: 30 },
    '429, model rests, another answers',
    but(['claude', 'claude-console', 'ccr', 'codex'], '429, rests, another answers'),
  ),
  both('500', { status: 500 }, '500, failure, another answers'),
  both(
    '503',
    { status: 503 },
    '503, model rests, another answers',
    but(['claude', 'claude-console', 'ccr', 'azure-openai'], '503, failure, another answers'),
  ),
  both(
    '529',
    { status: 529 },
    '529, model rests, another answers',
    but(['bedrock', 'gemini', 'gemini-api'], '529, failure, another answers'),
  ),
  both('a page of a proxy', { status: 502, html: true }, '502, failure, another answers'),
  both('an error with status 200', { jsonErrorIn200: true }, '502, failure, another answers'),
  both('a reset', { reset: true }, '502, failure, another answers'),
  both('a cut before anything', { cut: 0 }, '502, failure, another answers'),
  {
    // A whole answer may take as long as the request may: nothing is left of it for another account.
    name: 'no answer',
    fault: { hang: true },
    stream: '504, failure, another answers',
    whole: '504, failure, it stays so',
  },
  {
    name: 'silence before anything',
    fault: { stall: 0 },
    stream: '504, failure, another answers',
    whole: '504, failure, it stays so',
  },
  {
    name: 'an error as the first event',
    fault: { errorEvent: 0 },
    stream: '502, failure, another answers',
    whole: null,
    but: overloads('502, model rests, another answers'),
  },
  {
    name: 'an error after content',
    fault: { errorEvent: 8 },
    stream: '200 and an error event, failure, it stays so',
    whole: null,
    but: overloads('200 and an error event, model rests, it stays so'),
  },
  {
    name: 'a cut after content',
    fault: { cut: 8 },
    stream: '200 and an error event, failure, it stays so',
    whole: '502, failure, another answers',
  },
  {
    name: 'silence after content',
    fault: { stall: 8 },
    stream: '200 and an error event, failure, it stays so',
    whole: null,
  },
];

function both(name: string, fault: Fault, outcome: Outcome, exceptions: FaultCase['but'] = {}): FaultCase {
  return { name, fault, stream: outcome, whole: outcome, but: exceptions };
}

function but(of: readonly Kind[], outcome: Outcome): NonNullable<FaultCase['but']> {
  return Object.fromEntries(of.map((kind) => [kind, outcome]));
}

/** Whose error events are overloads unless one asks for another. */
function overloads(outcome: Outcome): NonNullable<FaultCase['but']> {
  return but(['claude', 'claude-console', 'ccr', 'gemini', 'gemini-api'], outcome);
}

interface Lane {
  readonly kind: Kind;
  readonly client: ClientName;
  readonly form: 'stream' | 'whole';
}

const lanes: readonly Lane[] = kinds.flatMap((kind) =>
  clientsOf[kind].flatMap((client) => [
    { kind, client, form: 'stream' as const },
    { kind, client, form: 'whole' as const },
  ]),
);

function expectedOf({ kind, client, form }: Lane): Record<string, string> {
  const [own] = clientsOf[kind];
  // A status that only one vendor's clients know is told to the others as what they know. Code Assist's words are not
  // quite those of its vendor's other API.
  const isTranslated = client !== 'anthropic' && (client !== own || kind === 'gemini');
  return Object.fromEntries(
    cases.flatMap((one) => {
      const usual = one[form];
      if (usual === null) return [];
      const outcome = one.but?.[kind] ?? usual;
      return [[one.name, isTranslated ? outcome.replace(/^529/, '503') : outcome]];
    }),
  );
}

let gateway: TestGateway;
const seen = new Map<Lane, Record<string, string>>();

beforeAll(async () => {
  gateway = await startTestGateway({
    env: {
      FIRST_EVENT_TIMEOUT_MS: String(SILENCE_MS),
      IDLE_TIMEOUT_MS: String(SILENCE_MS),
      REQUEST_TIMEOUT: String(TOTAL_MS),
      HOLD_BACK_MS: '100',
    },
  });
  // How many retries there are is another test's.
  vi.spyOn(gateway.gateway.services.relay.retryBudget, 'retry').mockReturnValue(true);
  const left = [...lanes].sort((one, other) => other.form.localeCompare(one.form));
  const run = async (): Promise<void> => {
    for (let lane = left.shift(); lane !== undefined; lane = left.shift()) seen.set(lane, await play(lane));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, run));
}, 120_000);
afterAll(async () => {
  await gateway.close();
});

interface Pair {
  readonly badId: string;
  /** As the simulator sees it. */
  readonly badKey: string;
  readonly goodId: string;
  /** Of keys bound to the bad account only, and to both. */
  readonly alone: string;
  readonly withOther: string;
}

let numbers = 0;

async function addPair({ kind }: Lane): Promise<Pair> {
  const { admin, simulator } = gateway;
  const { settings, credential }: KindSample = kindSamples[kind];
  const [field = '', usual] = Object.entries(credential)[0] ?? [];
  const badKey = `${String(usual)}BAD${(numbers += 1)}`;
  const account = async (own: Record<string, unknown>, priority: number): Promise<string> => {
    const body = { name: kind, settings: settings(simulator.url), credential: own, clients: [], priority };
    return (await admin.accounts.create({ params: { kind }, body })).id;
  };
  const key = async (ids: readonly string[]): Promise<string> => {
    const binds = ids.map((accountId) => ({ kind, accountId }));
    return (await admin.keys.create({ body: { name: kind, binds } })).secret;
  };
  const badId = await account({ ...credential, [field]: badKey }, 1);
  const goodId = await account(credential, 2);
  return { badId, badKey, goodId, alone: await key([badId]), withOther: await key([badId, goodId]) };
}

async function play(lane: Lane): Promise<Record<string, string>> {
  const { accounts } = gateway.gateway.services;
  const pair = await addPair(lane);
  const outcomes: Record<string, string> = {};
  for (const { name, fault, [lane.form]: usual } of cases) {
    if (usual === null) continue;
    gateway.simulator.setFault({ match: { apiKey: pair.badKey }, ...fault });
    const told = tell(lane, await ask(lane, pair.alone));
    const blame = await blameOf(lane, pair);
    await accounts.reset(lane.kind, pair.badId);
    const next = tell(lane, await ask(lane, pair.withOther));
    await accounts.reset(lane.kind, pair.badId);
    outcomes[name] = `${told}, ${blame}, ${next === told ? 'it stays so' : next}`;
  }
  return outcomes;
}

/** No prompt comes twice: an account keeps its sessions. */
function ask({ kind, client, form }: Lane, secret: string): Promise<Answer> {
  const { path, body }: Client = clients[client];
  const { model } = kindSamples[kind];
  const prompt = `${(numbers += 1)} [[deltas:16]] [[say:${'fine words '.repeat(16)}]]`;
  const headers: Record<string, string> =
    client === 'gemini' ? { 'x-goog-api-key': secret } : { authorization: `Bearer ${secret}` };
  const stream = form === 'stream';
  return send(gateway.url, null, { path: path(model, stream), headers, body: body(model, prompt, stream) });
}

/** What a client of that dialect makes of the answer. */
function tell({ client, form }: Lane, { status, body, isWhole }: Answer): string {
  const { error, errorEvent, end }: Client = clients[client];
  const text = body.toString();
  if (!isWhole) return `${status} and a broken connection`;
  if (status !== 200) return error.test(text) ? String(status) : `${status} in another dialect: ${text}`;
  const events = [...text.matchAll(errorEvent)].length;
  if (events > 0) {
    return events === 1 && !text.includes(end) ? '200 and an error event' : `200 and a muddle: ${text}`;
  }
  const isGood = text.includes('fine words') && (form === 'whole' || text.includes(end));
  return isGood ? 'another answers' : `200 and no answer: ${text}`;
}

async function blameOf({ kind }: Lane, { badId }: Pair): Promise<string> {
  const { standing, families, failures } = await gateway.gateway.services.accounts.get(kind, badId);
  if (standing.status === 'needs-login') return 'needs login';
  if (standing.status === 'cooling') return 'rests';
  if (families.length > 0) return 'model rests';
  return failures > 0 ? 'failure' : 'not blamed';
}

test.each(lanes)('$kind for a client of $client, $form', (lane) => {
  expect(seen.get(lane)).toEqual(expectedOf(lane));
});
