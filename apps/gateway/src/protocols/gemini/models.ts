// Owns Google's shape of a model and of a page of models.
import type { JsonObject } from '../../platform/json.ts';
import type { ModelInfo } from '../protocol.ts';

const DEFAULT_PAGE_SIZE = 50;
const MAX_PAGE_SIZE = 1000;

export function renderModels(models: readonly ModelInfo[], query: URLSearchParams): string {
  const size = pageSize(query.get('pageSize') ?? query.get('page_size'));
  const start = startOf(models, query.get('pageToken') ?? query.get('page_token'));
  const page = models.slice(start, start + size);
  const last = page.at(-1);
  const hasMore = start + size < models.length;
  return JSON.stringify({
    models: page.map(wireModel),
    ...(hasMore && last !== undefined ? { nextPageToken: tokenOf(last) } : {}),
  });
}

export function renderModel(model: ModelInfo): string {
  return JSON.stringify(wireModel(model));
}

function wireModel({ id, displayName, maxInputTokens, maxOutputTokens }: ModelInfo): JsonObject {
  return {
    name: `models/${id}`,
    version: /-(\d[\d.]*)/.exec(id)?.[1] ?? '1',
    displayName,
    ...(maxInputTokens === null ? {} : { inputTokenLimit: maxInputTokens }),
    ...(maxOutputTokens === null ? {} : { outputTokenLimit: maxOutputTokens }),
    supportedGenerationMethods: ['generateContent', 'countTokens'],
  };
}

function pageSize(text: string | null): number {
  const size = text === null || !/^\d{1,9}$/.test(text) ? 0 : Number(text);
  return size === 0 ? DEFAULT_PAGE_SIZE : Math.min(MAX_PAGE_SIZE, size);
}

/** Names the last model of a page, so that a list that changes meanwhile loses none. */
function tokenOf(model: ModelInfo): string {
  return Buffer.from(model.id).toString('base64url');
}

/** A token that names no model starts from the top. */
function startOf(models: readonly ModelInfo[], token: string | null): number {
  return token === null ? 0 : models.findIndex((model) => tokenOf(model) === token) + 1;
}
