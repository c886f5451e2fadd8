// The models Anthropic lists. Any other id of a Claude is answered too, but not listed.
import type { JsonObject } from '../../json.ts';
import type { Failure } from '../vendor.ts';
import { unknownModel } from './check-request.ts';

interface ListedModel {
  id: string;
  name: string;
  createdAt: string;
  inputTokens: number;
  outputTokens: number;
}

/** What the vendor sends where it does not say when a model was made. */
const UNDATED = '1970-01-01T00:00:00Z';
const MILLION = 1_000_000;

const MODELS: readonly ListedModel[] = [
  listed('claude-fable-5-2', 'Claude Fable 5.2', '2026-11-09T00:00:00Z'),
  listed('claude-haiku-5-5', 'Claude Haiku 5.5', '2026-10-07T00:00:00Z'),
  listed('claude-sonnet-5-5', 'Claude Sonnet 5.5', '2026-09-28T00:00:00Z'),
  listed('claude-opus-5-5', 'Claude Opus 5.5', '2026-09-22T00:00:00Z'),
  listed('claude-fable-5-1', 'Claude Fable 5.1', UNDATED),
  listed('claude-opus-5', 'Claude Opus 5', UNDATED),
  listed('claude-sonnet-5', 'Claude Sonnet 5', UNDATED),
  listed('claude-opus-4-8', 'Claude Opus 4.8', UNDATED),
  listed('claude-opus-4-7', 'Claude Opus 4.7', UNDATED),
  listed('claude-opus-4-6', 'Claude Opus 4.6', UNDATED),
  listed('claude-sonnet-4-6', 'Claude Sonnet 4.6', UNDATED, MILLION, 64_000),
  listed('claude-haiku-4-5-20251001', 'Claude Haiku 4.5', '2025-10-01T00:00:00Z', 200_000, 64_000),
  listed('claude-sonnet-4-5-20250929', 'Claude Sonnet 4.5', '2025-09-29T00:00:00Z', 200_000, 64_000),
];

const DEFAULT_LIMIT = 20;
const MAX_LIMIT = 1000;

/** One page of the list, newest first. */
export function listModels(query: string): JsonObject {
  const parameters = new URLSearchParams(query);
  const limit = Math.min(
    MAX_LIMIT,
    Math.max(1, Number(parameters.get('limit') ?? DEFAULT_LIMIT) || DEFAULT_LIMIT),
  );
  const after = indexOf(parameters.get('after_id'));
  const before = indexOf(parameters.get('before_id'));
  const end = before === -1 ? MODELS.length : before;
  const start = before === -1 ? after + 1 : Math.max(0, before - limit);
  const page = MODELS.slice(start, Math.min(end, start + limit));
  return {
    data: page.map(describe),
    first_id: page[0]?.id ?? null,
    last_id: page.at(-1)?.id ?? null,
    has_more: before === -1 ? start + limit < MODELS.length : start > 0,
  };
}

export function findModel(id: string): JsonObject | Failure {
  const listedModel = MODELS.find((model) => model.id === id);
  return listedModel === undefined
    ? (unknownModel(id) ?? describe(listed(id, id, UNDATED)))
    : describe(listedModel);
}

function listed(
  id: string,
  name: string,
  createdAt: string,
  inputTokens = MILLION,
  outputTokens = 128_000,
): ListedModel {
  return { id, name, createdAt, inputTokens, outputTokens };
}

function describe(model: ListedModel): JsonObject {
  return {
    type: 'model',
    id: model.id,
    display_name: model.name,
    created_at: model.createdAt,
    lifecycle: 'active',
    line: /^claude-([a-z]+)-/u.exec(model.id)?.[1] ?? null,
    deprecated_at: null,
    retires_at: null,
    max_input_tokens: model.inputTokens,
    max_tokens: model.outputTokens,
    capabilities: null,
  };
}

function indexOf(id: string | null): number {
  return id === null ? -1 : MODELS.findIndex((model) => model.id === id);
}
