// Owns OpenAI's shape of a model and of the list of models, which has no pages.
import type { ModelInfo } from '../protocol.ts';

/** By what its id begins with; `system` is the vendor's own word for what belongs to no organisation. */
const OWNERS: readonly (readonly [prefix: RegExp, owner: string])[] = [
  [/^claude-/, 'anthropic'],
  [/^gemini-/, 'google'],
  [/^(?:gpt-|chatgpt-|o\d|text-embedding-)/, 'openai'],
];

export function renderModels(models: readonly ModelInfo[]): string {
  return JSON.stringify({ object: 'list', data: models.map(wireModel) });
}

export function renderModel(model: ModelInfo): string {
  return JSON.stringify(wireModel(model));
}

function wireModel({ id, createdAt }: ModelInfo) {
  return {
    id,
    object: 'model',
    created: Math.floor(Date.parse(createdAt) / 1000),
    owned_by: OWNERS.find(([prefix]) => prefix.test(id))?.[1] ?? 'system',
  };
}
