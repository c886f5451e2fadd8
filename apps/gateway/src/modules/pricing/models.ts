// Owns which models the gateway lists: those of the price pack that have not ended.
import type { ModelInfo } from '../../protocols/protocol.ts';
import type { PriceRow } from './pack.ts';

/** What vendors say where they do not say when a model was made. */
const UNDATED = '1970-01-01T00:00:00Z';

/** Newest first. `today` is a UTC day, `2026-11-21`. */
export function currentModels(rows: readonly PriceRow[], today: string): ModelInfo[] {
  return rows
    .filter(({ deprecationDate }) => deprecationDate === null || deprecationDate > today)
    .map((row) => ({
      id: row.id,
      displayName: displayName(row.id),
      createdAt: createdAt(row),
      maxInputTokens: row.contextWindow,
      maxOutputTokens: row.maxOutput,
    }))
    .toSorted((a, b) => compare(b.createdAt, a.createdAt) || compare(b.id, a.id));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function createdAt({ id, released }: PriceRow): string {
  if (released !== null) return `${released}T00:00:00Z`;
  const [, year, month, day] = /-(\d{4})(\d{2})(\d{2})$/.exec(id) ?? [];
  return year === undefined ? UNDATED : `${year}-${month}-${day}T00:00:00Z`;
}

/** `claude-opus-5-5` -> `Claude Opus 5.5`, `claude-3-haiku-20240307` -> `Claude Haiku 3`; other ids as they are. */
function displayName(id: string): string {
  const match = /^claude-(?:([\d-]+)-)?([a-z]+)(?:-(\d{1,2}(?:-\d{1,2})?))?(?:-\d{8})?$/.exec(id);
  const version = match?.[1] ?? match?.[3];
  const line = match?.[2];
  if (line === undefined || version === undefined) return id;
  return `Claude ${line.charAt(0).toUpperCase()}${line.slice(1)} ${version.replace('-', '.')}`;
}
