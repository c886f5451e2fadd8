// The models OpenAI lists. Any other id is answered too, but for those of other vendors and those that say they are not.
import type { JsonObject } from '../../json.ts';
import type { Failure } from '../vendor.ts';

const NO_MODEL = /^(?:claude|gemini)|(?:^|-)(?:not|unknown)-/u;

const MODELS: readonly (readonly [id: string, createdAt: number, owner: string])[] = [
  ['gpt-6.1-terra', 1_793_000_000, 'system'],
  ['gpt-6-astra', 1_790_000_000, 'system'],
  ['gpt-5.6-sol', 1_785_000_000, 'system'],
  ['gpt-5.4', 1_772_000_000, 'system'],
  ['gpt-5.4-mini', 1_772_000_000, 'system'],
  ['gpt-4.1', 1_744_316_542, 'system'],
  ['gpt-4.1-mini', 1_744_318_173, 'system'],
  ['gpt-3.5-turbo-instruct', 1_692_901_427, 'system'],
  ['text-embedding-3-small', 1_705_948_997, 'system'],
  ['text-embedding-3-large', 1_705_953_180, 'system'],
];

export function listModels(): JsonObject {
  return { object: 'list', data: MODELS.map(([id, created, owner]) => describe(id, created, owner)) };
}

export function findModel(id: string): JsonObject {
  const [, created = 1_700_000_000, owner = 'system'] = MODELS.find(([listed]) => listed === id) ?? [];
  return describe(id, created, owner);
}

export function unknownModel(model: string): Failure | null {
  if (!NO_MODEL.test(model)) return null;
  const message = `The model \`${model}\` does not exist or you do not have access to it.`;
  return { status: 404, type: 'model_not_found', message };
}

function describe(id: string, created: number, owner: string): JsonObject {
  return { id, object: 'model', created, owned_by: owner };
}
