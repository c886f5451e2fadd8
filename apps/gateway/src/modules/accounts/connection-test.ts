// Owns the connection test: one small real call through an account, and its true answer.
import type { accountTestResultSchema } from '@crs/shared';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { UpstreamProxy } from '../../platform/http/upstream-client.ts';
import { isJsonObject } from '../../platform/json.ts';
import { protocols } from '../../protocols/registry.ts';
import type {
  AccountWindow,
  FailedResponse,
  PreparedRequest,
  UpstreamCall,
  UpstreamFailure,
} from '../../providers/provider.ts';
import type { LiveAccount } from './document.ts';
import { mappedModel } from './models.ts';

const TEST_TIMEOUT_MS = 30_000;
const MAX_REPLY_LENGTH = 500;
const MAX_ERROR_BODY_LENGTH = 64 * 1024;

/** Sends one request and collects its answer; rejects with an error that carries `code` where there is none. */
export type SendOnce = (
  request: PreparedRequest & { readonly isOperatorAddress: boolean; readonly proxy: UpstreamProxy | null },
  options: { timeoutMs: number },
) => Promise<{ status: number; headers: Readonly<Record<string, string>>; body: Buffer }>;

export type AccountTestResult = z.output<typeof accountTestResultSchema>;

export interface ConnectionTest {
  readonly result: AccountTestResult;
  /** Judged as a relayed request's would be; null where the call succeeded or nothing was sent. */
  readonly failure: UpstreamFailure | null;
  readonly windows: readonly AccountWindow[];
}

/** `model` null: the first the account names outright, else the kind's smallest. */
export async function testConnection(
  account: LiveAccount,
  model: string | null,
  send: SendOnce,
  clock: Clock,
): Promise<ConnectionTest> {
  const { document, provider } = account;
  const named = document.models.allow.find((pattern) => !pattern.includes('*')) ?? null;
  const test = provider.testCall(model ?? named);
  if (account.defect !== null) {
    const error = { code: 'account_defect', message: account.defect };
    return {
      result: { ok: false, status: 0, latencyMs: 0, model: test.model, error },
      failure: null,
      windows: [],
    };
  }
  const upstreamModel = mappedModel(document, test.model) ?? test.call.upstreamModel;
  const request = account.prepare({ ...test.call, upstreamModel });
  const startedAtMs = clock.now();
  const { isOperatorAddress, proxy } = account;
  const answer = await sendOrFail({ ...request, isOperatorAddress, proxy }, send, test.call);
  const { status } = answer;
  const facts = { status, latencyMs: Math.max(0, Math.round(clock.now() - startedAtMs)), model: test.model };
  switch (answer.type) {
    case 'answered': {
      const reply = answer.reply === null ? {} : { reply: answer.reply };
      return {
        result: { ok: true, ...facts, ...reply },
        failure: null,
        windows: provider.limits(answer.headers),
      };
    }
    case 'foreign': {
      const error = { code: 'not_an_answer', message: answer.message };
      return { result: { ok: false, ...facts, error }, failure: null, windows: [] };
    }
    case 'failed': {
      const { failed } = answer;
      const failure = provider.classify(failed, test.call.facts, clock.now());
      const error = { code: failure.reason, message: failure.message };
      const windows = 'headers' in failed ? provider.limits(failed.headers) : [];
      return { result: { ok: false, ...facts, error }, failure, windows };
    }
  }
}

type Answer = { readonly status: number } & (
  | {
      readonly type: 'answered';
      readonly headers: Readonly<Record<string, string>>;
      readonly reply: string | null;
    }
  | { readonly type: 'failed'; readonly failed: FailedResponse }
  /** A success that is none: a login page, a proxy's greeting. */
  | { readonly type: 'foreign'; readonly message: string }
);

async function sendOrFail(
  request: Parameters<SendOnce>[0],
  send: SendOnce,
  call: UpstreamCall,
): Promise<Answer> {
  try {
    return readAnswer(await send(request, { timeoutMs: TEST_TIMEOUT_MS }), call);
  } catch (error) {
    return { type: 'failed', status: 0, failed: withoutAnswer(error) };
  }
}

type Reply = Awaited<ReturnType<SendOnce>>;

function readAnswer(reply: Reply, call: UpstreamCall): Answer {
  const { status, headers, body } = reply;
  if (status < 200 || status > 299) {
    return { type: 'failed', status, failed: { type: 'status', status, headers, body: startOf(body) } };
  }
  const isStream = headers['content-type']?.startsWith('text/event-stream') === true;
  return isStream ? readStream(reply, call) : readWhole(reply);
}

function readWhole({ status, headers, body }: Reply): Answer {
  const json = parse(body.toString('utf8'));
  if (!isJsonObject(json)) {
    const message = `The upstream answered with something else than JSON: ${startOf(body).slice(0, 200)}`;
    return { type: 'foreign', status, message };
  }
  // Answers of the Responses API always name an error, null where there is none.
  if ((json['error'] ?? null) === null) return { type: 'answered', status, headers, reply: findReply(json) };
  return { type: 'failed', status, failed: { type: 'error-event', headers, body: startOf(body) } };
}

/** Some vendors only stream: what their stream comes to, or the error inside it. */
function readStream(reply: Reply, { dialect, facts }: UpstreamCall): Answer {
  const { status, headers, body } = reply;
  const protocol = protocols[dialect];
  const observer = protocol.observe('stream', facts);
  observer.push(body);
  const { error } = observer.observation();
  if (error !== null) {
    return { type: 'failed', status, failed: { type: 'error-event', headers, body: error.raw } };
  }
  const collector = protocol.collect?.();
  if (collector === undefined) return readWhole(reply);
  return readWhole({ ...reply, body: Buffer.concat([collector.push(body), collector.end()]) });
}

function startOf(body: Buffer): string {
  return body.toString('utf8').slice(0, MAX_ERROR_BODY_LENGTH);
}

function withoutAnswer(error: unknown): FailedResponse {
  const message = error instanceof Error ? error.message : String(error);
  const code =
    error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'UNKNOWN';
  if (code === 'ETIMEDOUT') return { type: 'timeout', stage: 'total', timeoutMs: TEST_TIMEOUT_MS };
  return { type: 'unreachable', code, message };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The first text of an answer. All vendors call it `text`, or `content` where it is not a list. */
function findReply(value: unknown): string | null {
  const own = isJsonObject(value) ? [value['text'], value['content']] : [];
  const text = own.find((candidate) => typeof candidate === 'string' && candidate.trim() !== '');
  if (typeof text === 'string') return text.trim().slice(0, MAX_REPLY_LENGTH);
  if (typeof value !== 'object' || value === null) return null;
  for (const inner of Object.values(value)) {
    const found = findReply(inner);
    if (found !== null) return found;
  }
  return null;
}
