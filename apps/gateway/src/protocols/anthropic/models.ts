// Owns Anthropic's shape of a model and of a page of models.
import type { ModelInfo } from '../protocol.ts';

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

export function renderModels(models: readonly ModelInfo[], query: URLSearchParams): string {
  const limit = readLimit(query.get('limit'));
  const before = positionOf(models, query.get('before_id'));
  const after = positionOf(models, query.get('after_id'));
  const end = before === -1 ? models.length : before;
  const start = before === -1 ? after + 1 : Math.max(0, before - limit);
  const page = models.slice(start, Math.min(end, start + limit));
  return JSON.stringify({
    data: page.map(wireModel),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: before === -1 ? start + limit < models.length : start > 0,
  });
}

export function renderModel(model: ModelInfo): string {
  return JSON.stringify(wireModel(model));
}

function wireModel(model: ModelInfo) {
  return {
    type: 'model',
    id: model.id,
    display_name: model.displayName,
    created_at: model.createdAt,
    lifecycle: 'active',
    max_input_tokens: model.maxInputTokens,
    max_tokens: model.maxOutputTokens,
    capabilities: null,
  };
}

function readLimit(text: string | null): number {
  const limit = text === null || !/^\d{1,9}$/.test(text) ? DEFAULT_LIMIT : Number(text);
  return Math.min(MAX_LIMIT, Math.max(1, limit));
}

/** -1 where there is none; an id that is not in the list starts from the top, as the vendor does. */
function positionOf(models: readonly ModelInfo[], id: string | null): number {
  return id === null ? -1 : models.findIndex((model) => model.id === id);
}
