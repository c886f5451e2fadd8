// Owns finding the price row of a model name, however it is written, and what stands in for one that is not listed.
import type { PriceProvider, Service } from '@crs/shared';
import { modelFamily } from '../../protocols/model-family.ts';
import type { PriceRow } from './pack.ts';

/** Where a service's models are listed, own vendor first. */
const PROVIDERS: Readonly<Record<Service, readonly PriceProvider[]>> = {
  claude: ['anthropic', 'bedrock'],
  openai: ['openai', 'azure'],
  gemini: ['gemini'],
};

const DATE = /-(\d{8}|\d{4}-\d{2}-\d{2})$/;

/** Clients may name what they like; no more than this is remembered. */
const MAX_FOUND = 1000;

export class PriceIndex {
  readonly #rows: readonly PriceRow[];
  /** Rows that no pack has: when each begins. */
  readonly #beginsAtMs: ReadonlyMap<string, number>;
  readonly #byKey = new Map<string, PriceRow>();
  /** Provider and name, every spelling. */
  readonly #byName = new Map<string, PriceRow>();

  /** By where it is sold and by name. */
  readonly #found = new Map<string, Map<string, readonly PriceRow[]>>();

  /** `beginsAtMs` has the keys of rows that are there from some time on. */
  constructor(rows: readonly PriceRow[], beginsAtMs: ReadonlyMap<string, number> = new Map()) {
    this.#rows = rows;
    this.#beginsAtMs = beginsAtMs;
    for (const row of rows) {
      this.#byKey.set(row.key, row);
      this.#byName.set(row.key.toLowerCase(), row);
    }
    for (const row of rows) if (!beginsAtMs.has(row.key)) this.#addSpellings(row);
  }

  byKey(key: string): PriceRow | null {
    return this.#byKey.get(key) ?? null;
  }

  ofService(service: Service, atMs: number): PriceRow[] {
    const [own] = PROVIDERS[service];
    return this.#rows.filter((row) => row.provider === own && this.#isThere(row, atMs));
  }

  /** Asked for every request, of the same few models: what was found is remembered. `list` is looked in first. */
  find(service: Service, model: string, list: PriceProvider | null, atMs: number): PriceRow | null {
    const place = list ?? service;
    const found = this.#found.get(place) ?? new Map<string, readonly PriceRow[]>();
    this.#found.set(place, found);
    let rows = found.get(model);
    if (rows === undefined) {
      rows = this.#search(service, model, list);
      if (found.size < MAX_FOUND) found.set(model, rows);
    }
    return rows.find((row) => this.#isThere(row, atMs)) ?? null;
  }

  #isThere({ key }: PriceRow, atMs: number): boolean {
    return (this.#beginsAtMs.get(key) ?? atMs) <= atMs;
  }

  /** Closest name first; what comes behind a row that is always there is never asked for. */
  #search(service: Service, model: string, list: PriceProvider | null): PriceRow[] {
    const providers = list === null ? PROVIDERS[service] : [list, ...PROVIDERS[service]];
    const rows: PriceRow[] = [];
    for (const name of spellings(model)) {
      for (const provider of providers) {
        const row = this.#byName.get(`${provider}/${name}`);
        if (row === undefined) continue;
        rows.push(row);
        if (!this.#beginsAtMs.has(row.key)) return rows;
      }
    }
    return rows;
  }

  /** Rows that an unlisted model may resemble: those of its family, else all of the service. */
  relatives(service: Service, model: string, atMs: number): PriceRow[] {
    const rows = this.ofService(service, atMs);
    const family = priceFamily(model);
    const relatives = rows.filter(({ id }) => priceFamily(id) === family);
    return relatives.length > 0 ? relatives : rows;
  }

  /** Listed aliases, and the name without its date for the newest that has one. A row's own id is never displaced. */
  #addSpellings(row: PriceRow): void {
    for (const alias of row.aliases) this.#addName(row, alias);
    if (DATE.test(row.id)) this.#addName(row, row.id.replace(DATE, ''));
  }

  #addName(row: PriceRow, name: string): void {
    const key = `${row.provider}/${name.toLowerCase()}`;
    const known = this.#byName.get(key);
    if (known === undefined || (known.key.toLowerCase() !== key && row.id > known.id))
      this.#byName.set(key, row);
  }
}

/**
 * The name as it is, then with less and less around it: `[1m]`, `models/`, a platform's prefix and version, `-latest`, a
 * date, the `-0` of `claude-sonnet-4-0`.
 */
function spellings(model: string): string[] {
  const names = [model.toLowerCase()];
  const steps: readonly (readonly [RegExp, string])[] = [
    [/^models\//, ''],
    [/\[[^\]]*\]$/, ''],
    [/@(\d{8})$/, '-$1'],
    [/-v\d+(?::\d+)?$/, ''],
    [/^(?:global|us|eu|apac|jp|au)\./, ''],
    [/^anthropic[./]/, ''],
    [/-latest$/, ''],
    [DATE, ''],
    [/-0$/, ''],
  ];
  for (const [pattern, replacement] of steps) {
    const last = names.at(-1) ?? '';
    const next = last.replace(pattern, replacement);
    if (next !== last && next !== '') names.push(next);
  }
  return names;
}

const VARIANT = /\b(?:nano|mini|lite|flash|pro|codex|luna|sol|terra|astra|audio|image|embedding)\b/g;

/** `opus`; for other vendors the series and its size: `gpt`, `gpt mini`, `gemini flash lite`. */
function priceFamily(model: string): string {
  const line = modelFamily(model);
  if (line !== model) return line;
  const name = model.toLowerCase();
  const series = /^[a-z]+/.exec(name)?.[0] ?? name;
  return [series, ...new Set(name.match(VARIANT))].join(' ');
}
