// InvokeModel with Anthropic's bodies: the Messages API without model and stream, its events in frames.
import { compose } from '../../compose.ts';
import { type JsonObject, isObject, objectOf, parseJson } from '../../json.ts';
import { digest } from '../../seed.ts';
import { checkBody } from '../anthropic/check-request.ts';
import { messageEvents, messageId, wholeMessage, workMs } from '../anthropic/message.ts';
import type { PromptCache } from '../anthropic/prompt-cache.ts';
import { askOf } from '../anthropic/prompt.ts';
import type { Call, Failure, StreamEvent, TokenCounts } from '../vendor.ts';
import { eventFrame } from './event-stream.ts';

/** A body of `anthropic_version` this only; it stands for the header of the Messages API. */
const VERSION = 'bedrock-2023-05-31';
const MODEL_OF_ID = /(?:^|[./])anthropic\.(claude-.+?)(?:-v\d+(?::\d+)?)?$/u;

export interface Invocation {
  message: JsonObject;
  events: StreamEvent[];
  tokens: TokenCounts;
  paceMs: number | undefined;
  workMs: (paceMs: number) => number;
}

/** The name by which the model calls itself, `null` if the id is none of Anthropic's. */
export function claudeOf(modelId: string): string | null {
  return MODEL_OF_ID.exec(modelId)?.[1] ?? null;
}

export function checkInvoke(call: Call): Failure | null {
  const message = problemOf(call);
  return message === null ? null : { status: 400, message };
}

function problemOf(call: Call): string | null {
  const { body } = call;
  if (!isObject(body)) return 'Malformed input request, please reformat your input and try again.';
  if (body['anthropic_version'] === undefined) return 'anthropic_version: Field required';
  if (body['anthropic_version'] !== VERSION) return `anthropic_version: Input should be '${VERSION}'`;
  for (const name of ['model', 'stream']) {
    if (body[name] !== undefined) return `${name}: Extra inputs are not permitted`;
  }
  return checkBody(asMessages(call, 'claude'), true)?.message ?? null;
}

export function invoke(call: Call, claude: string, cache: PromptCache): Invocation {
  const messages = asMessages(call, claude);
  const seed = digest(call.rawBody);
  const said = compose(askOf(messages.body), seed);
  const tokens: TokenCounts = { ...cache.count(messages), outputTokens: said.outputTokens };
  const id = messageId(seed).replace('msg_', 'msg_bdrk_');
  const events = messageEvents(id, claude, said, tokens).filter(({ name }) => name !== 'ping');
  return {
    message: wholeMessage(id, claude, said, tokens),
    events: events.map((event) => invokeFrame(event, tokens)),
    tokens,
    paceMs: said.paceMs,
    workMs: (paceMs) => workMs(said, paceMs),
  };
}

/** One event of the Messages API in base64; the end tells only the output, and the last frame the metrics. */
function invokeFrame(event: StreamEvent, whole: TokenCounts): StreamEvent {
  const data = objectOf(parseJson(event.data));
  const usage = objectOf(data['usage']);
  const content =
    event.name === 'message_stop'
      ? { ...data, 'amazon-bedrock-invocationMetrics': metrics(whole) }
      : event.name === 'message_delta'
        ? { ...data, usage: { output_tokens: usage['output_tokens'] } }
        : data;
  const { tokens, paced } = event;
  const bytes = Buffer.from(JSON.stringify(content)).toString('base64');
  return eventFrame(
    'chunk',
    { bytes },
    { ...(tokens === undefined ? {} : { tokens }), ...(paced === undefined ? {} : { paced }) },
  );
}

function metrics(tokens: TokenCounts): JsonObject {
  const written = tokens.cacheWrite5mTokens + tokens.cacheWrite1hTokens;
  return {
    inputTokenCount: tokens.inputTokens,
    outputTokenCount: tokens.outputTokens,
    invocationLatency: 640,
    firstByteLatency: 301,
    ...(tokens.cacheReadTokens > 0 ? { cacheReadInputTokenCount: tokens.cacheReadTokens } : {}),
    ...(written > 0 ? { cacheWriteInputTokenCount: written } : {}),
  };
}

function asMessages(call: Call, model: string): Call {
  const headers = { ...call.headers, 'anthropic-version': '2023-06-01' };
  return { ...call, headers, body: { ...objectOf(call.body), model } };
}
