// Owns what an account asks its upstream for.
import { matchesWildcard } from '../../platform/wildcard.ts';
import type { AccountDocument } from './document.ts';

/** What the account asks for instead of `model`: the exact name first, then the first pattern; null = `model` itself. */
export function mappedModel({ models }: Pick<AccountDocument, 'models'>, model: string): string | null {
  if (Object.hasOwn(models.map, model)) return models.map[model] ?? null;
  const pattern = Object.keys(models.map).find((from) => from.includes('*') && matchesWildcard(from, model));
  return pattern === undefined ? null : (models.map[pattern] ?? null);
}
