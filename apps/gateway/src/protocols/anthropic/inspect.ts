// Owns what is read from an Anthropic request. It refuses only what the vendor would refuse too: unknown fields, roles
// and block types pass.
import { isJsonObject, type JsonObject, type JsonValue, textBytes } from '../../platform/json.ts';
import { modelFamily } from '../model-family.ts';
import type { InspectInput, InspectResult } from '../protocol.ts';
import { recogniseClient } from '../recognise-client.ts';
import { ceilingOf } from './ceiling.ts';

/** On the high side for English, about right for Chinese, and for code in between. */
const BYTES_PER_TOKEN = 3;
/** What the vendor counts for its largest picture, whatever the bytes. */
const TOKENS_PER_IMAGE = 4800;
const MAX_SESSION_ID_LENGTH = 200;
const SESSION_MARK = '_session_';
const UUID = /^[\da-f]{8}(?:-[\da-f]{4}){3}-[\da-f]{12}$/i;
const UUID_LENGTH = 36;

export function inspect(input: InspectInput): InspectResult {
  const { body, operation, headers } = input;
  const { model } = body;
  if (typeof model !== 'string' || model.trim() === '') {
    return refuse('model', describe(model, 'a model id'));
  }
  // Threads keep the earlier messages at the vendor, so a request of one may bring none.
  const mayLackMessages = body['thread'] !== undefined && body['messages'] === undefined;
  if (!Array.isArray(body['messages']) && !mayLackMessages) {
    return refuse('messages', describe(body['messages'], 'an array of messages'));
  }
  const maxTokens = body['max_tokens'] ?? null;
  const maxOutputTokens = countOf(maxTokens);
  if (maxOutputTokens === null && (maxTokens !== null || operation === 'generate')) {
    return refuse('max_tokens', describe(maxTokens ?? undefined, 'a whole number of tokens, 0 or more'));
  }
  return {
    ok: true,
    facts: {
      dialect: 'anthropic',
      operation,
      model,
      family: modelFamily(model),
      stream: operation === 'generate' && isTrue(body['stream']),
      sessionId: sessionOf(input),
      maxOutputTokens,
      inputTokensEstimate: estimateInputTokens(body, input.bodyBytes),
      ceiling: ceilingOf(body, input.bodyBytes),
      client: recogniseClient(headers),
      service: input.address.service,
      pinnedTo: null,
      streamForm: 'events',
    },
  };
}

function refuse(path: string, message: string): InspectResult {
  return { ok: false, path, message: `${path}: ${message}` };
}

function describe(value: JsonValue | undefined, expected: string): string {
  return value === undefined ? `Field required, ${expected}` : `Input should be ${expected}`;
}

/** The vendor takes digits in a string for the number. */
function countOf(value: JsonValue): number | null {
  const count = typeof value === 'string' && /^\d{1,15}$/.test(value) ? Number(value) : value;
  return typeof count === 'number' && Number.isSafeInteger(count) && count >= 0 ? count : null;
}

/** As the vendor reads it; what is neither true nor false to it, it refuses itself. */
function isTrue(value: JsonValue | undefined): boolean {
  return value === true || value === 1 || value === 'true' || value === '1';
}

/** Claude Code says its session in a header and in `metadata.user_id`; other clients in the latter only. */
function sessionOf({ body, headers }: InspectInput): string | null {
  const header = headers['x-claude-code-session-id'];
  const fromHeader = Array.isArray(header) ? header[0] : header;
  if (fromHeader !== undefined && fromHeader !== '') return fromHeader.slice(0, MAX_SESSION_ID_LENGTH);
  const { metadata } = body;
  const userId = isJsonObject(metadata) ? metadata['user_id'] : undefined;
  return typeof userId === 'string' ? sessionInUserId(userId) : null;
}

/** `{"device_id":…,"session_id":…}` as JSON text, or the older `user_…_account_…_session_<uuid>`. */
function sessionInUserId(userId: string): string | null {
  if (userId.startsWith('{')) {
    try {
      const parsed: unknown = JSON.parse(userId);
      const session = isJsonObject(parsed) ? parsed['session_id'] : undefined;
      return typeof session === 'string' && session !== '' ? session.slice(0, MAX_SESSION_ID_LENGTH) : null;
    } catch {
      return null;
    }
  }
  const session = userId.slice(-UUID_LENGTH);
  return userId.endsWith(SESSION_MARK, userId.length - UUID_LENGTH) && UUID.test(session) ? session : null;
}

/** From the size of the body, pictures apart: their bytes say nothing of their tokens. */
function estimateInputTokens(body: JsonObject, bodyBytes: number): number {
  const images = { count: 0, bytes: 0 };
  for (const message of Array.isArray(body['messages']) ? body['messages'] : []) {
    if (isJsonObject(message)) countImages(message['content'], images);
  }
  const bytes = Math.max(0, bodyBytes - images.bytes);
  return Math.ceil(bytes / BYTES_PER_TOKEN) + images.count * TOKENS_PER_IMAGE;
}

function countImages(content: JsonValue | undefined, images: { count: number; bytes: number }): void {
  if (!Array.isArray(content)) return;
  for (const block of content) {
    if (!isJsonObject(block)) continue;
    const { source } = block;
    if (block['type'] === 'image' && isJsonObject(source)) {
      images.count += 1;
      if (typeof source['data'] === 'string') images.bytes += textBytes(source['data']);
    } else if (block['type'] === 'tool_result') {
      countImages(block['content'], images);
    }
  }
}
