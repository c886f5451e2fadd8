// Owns what is read from a chat request or one for embeddings. It refuses only what the vendor would refuse too: unknown
// fields, roles and parts pass.
import { createHash } from 'node:crypto';
import { isJsonObject, type JsonObject, type JsonValue } from '../../platform/json.ts';
import type { InspectInput, InspectResult, RequestFacts } from '../protocol.ts';
import { BadField, commonFacts, inspected, outputCeiling, wantsUsage } from '../openai/request.ts';
import { statedSession } from '../openai/session.ts';
import { mediaOf } from './media.ts';

const BYTES_PER_TOKEN = 3;
const TOKENS_PER_IMAGE = 1500;
/** A page or two, a minute of sound. */
const TOKENS_PER_OTHER = 2000;
/** What the smallest models charge for a picture in eight tiles. */
const MOST_TOKENS_PER_IMAGE = 50_000;
/** Searches of one answer, which no request bounds, and what they find joins the prompt. */
const UNBOUNDED_SEARCHES = 20;
/** Enough to tell conversations apart. */
const HASHED_LENGTH = 2000;
const HASH_LENGTH = 32;

export function inspect(input: InspectInput): InspectResult {
  return inspected(() => (input.operation === 'embeddings' ? embeddingsFacts(input) : chatFacts(input)));
}

function embeddingsFacts(input: InspectInput): RequestFacts {
  const facts = commonFacts(input, 'openai-chat');
  const text = input.body['input'];
  if (typeof text !== 'string' && !Array.isArray(text)) {
    throw new BadField('input', 'a text or an array', text);
  }
  return facts;
}

function chatFacts(input: InspectInput): RequestFacts {
  const { body, bodyBytes } = input;
  const facts = commonFacts(input, 'openai-chat');
  const { messages } = body;
  if (!Array.isArray(messages)) throw new BadField('messages', 'an array of messages', messages);
  const media = mediaOf(body);
  const searches = isJsonObject(body['web_search_options']);
  const isBounded = media.others === 0 && !searches;
  return {
    ...facts,
    stream: body['stream'] === true,
    sessionId: statedSession(input) ?? beginningOf(body, messages),
    maxOutputTokens: outputCeiling(body, ['max_completion_tokens', 'max_tokens'], ['n']),
    inputTokensEstimate:
      Math.ceil(Math.max(0, bodyBytes - media.bytes) / BYTES_PER_TOKEN) +
      media.images * TOKENS_PER_IMAGE +
      media.others * TOKENS_PER_OTHER,
    ceiling: {
      ...facts.ceiling,
      inputTokens:
        isBounded && facts.ceiling.inputTokens !== null
          ? facts.ceiling.inputTokens + media.images * MOST_TOKENS_PER_IMAGE
          : null,
      passes: searches ? UNBOUNDED_SEARCHES + 1 : 1,
      webSearches: searches ? UNBOUNDED_SEARCHES : 0,
    },
    wantsUsage: wantsUsage(body),
  };
}

/**
 * The conversation, where its client does not name it: whose it is and how it begins, which every further request of it
 * repeats. The instructions alone would make one conversation of everybody who uses the same program.
 */
function beginningOf(body: JsonObject, messages: readonly JsonValue[]): string | null {
  const firstUser = messages.findIndex((message) => isJsonObject(message) && message['role'] === 'user');
  if (firstUser === -1) return null;
  const hash = createHash('sha256');
  for (const name of ['safety_identifier', 'user']) hash.update(`${JSON.stringify(body[name] ?? null)}\n`);
  for (const message of messages.slice(0, firstUser + 1)) {
    const content = isJsonObject(message) ? message['content'] : undefined;
    for (const text of textsOf(content)) hash.update(`${JSON.stringify(text.slice(0, HASHED_LENGTH))}\n`);
  }
  return hash.digest('hex').slice(0, HASH_LENGTH);
}

function textsOf(content: JsonValue | undefined): string[] {
  if (typeof content === 'string') return [content];
  return (Array.isArray(content) ? content : []).flatMap((part) => {
    if (!isJsonObject(part)) return [];
    const image = part['image_url'];
    return [part['text'], isJsonObject(image) ? image['url'] : image].filter(
      (text) => typeof text === 'string',
    );
  });
}
