// Owns what is read from a Gemini request. It refuses only what the vendor would refuse too: unknown fields, roles and
// parts pass.
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { modelFamily } from '../model-family.ts';
import type { DialectId, InspectInput, InspectResult } from '../protocol.ts';
import { recogniseClient } from '../recognise-client.ts';
import { ceilingOf, maxOutputTokensOf } from './ceiling.ts';
import { streamFormOf } from './fit.ts';
import { mediaOf, type RequestMedia } from './media.ts';
import { member, objectsIn, textIn } from './read.ts';
import { sessionOf } from './session.ts';

/** On the high side for English, about right for Chinese, and for code in between. */
const BYTES_PER_TOKEN = 3;
const TOKENS_PER_IMAGE = 1120;
/** A page or two, a minute of sound. */
const TOKENS_PER_OTHER = 2000;

export function inspect(input: InspectInput): InspectResult {
  const request = requestOf(input.body);
  return inspectRequest(input, { dialect: 'gemini', request, model: input.address.model, path: '' });
}

/** Counting may bring the whole request that is to be counted, inside. */
export function requestOf(body: JsonObject): JsonObject {
  const whole = member(body, 'generateContentRequest');
  return isJsonObject(whole) ? whole : body;
}

interface Inspected {
  readonly dialect: DialectId;
  readonly request: JsonObject;
  readonly model: unknown;
  /** Of `request` in the body. */
  readonly path: string;
}

export function inspectRequest(input: InspectInput, inspected: Inspected): InspectResult {
  const { operation, headers, query } = input;
  const { dialect, request, path } = inspected;
  const model = typeof inspected.model === 'string' ? inspected.model.replace(/^models\//, '').trim() : '';
  if (model === '') return refuse('model', 'Field required, a model id');
  const contents = objectsIn(request, 'contents');
  if (contents.length === 0) {
    const isThere = member(request, 'contents') !== undefined;
    return refuse(
      `${path}contents`,
      isThere ? 'Input should be a list of contents, at least one' : 'Field required, a list of contents',
    );
  }
  const stream = operation === 'generate' && input.address.stream === true;
  const media = mediaOf(contents);
  return {
    ok: true,
    facts: {
      dialect,
      operation,
      model,
      family: modelFamily(model),
      stream,
      sessionId: sessionOf(request, headers),
      maxOutputTokens: operation === 'generate' ? maxOutputTokensOf(request) : null,
      inputTokensEstimate: estimateInputTokens(input.bodyBytes, media),
      ceiling: ceilingOf(request, input.bodyBytes, media),
      client: recogniseClient(headers),
      service: input.address.service,
      pinnedTo: pinnedTo(request, media),
      streamForm: stream ? streamFormOf(query) : 'events',
    },
  };
}

function refuse(path: string, message: string): InspectResult {
  return { ok: false, path, message: `${path}: ${message}` };
}

function pinnedTo(request: JsonObject, media: RequestMedia): string | null {
  const cache = textIn(request, 'cachedContent');
  if (cache !== null && cache !== '') return `cache:${cache}`;
  return media.uploadedFile === null ? null : `file:${media.uploadedFile}`;
}

/** From the size of the body, media apart: their bytes say nothing of their tokens. */
function estimateInputTokens(bodyBytes: number, media: RequestMedia): number {
  const textBytes = Math.max(0, bodyBytes - media.bytes);
  return (
    Math.ceil(textBytes / BYTES_PER_TOKEN) + media.images * TOKENS_PER_IMAGE + media.others * TOKENS_PER_OTHER
  );
}
