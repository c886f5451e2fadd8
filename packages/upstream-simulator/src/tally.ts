// Exact counters of what arrived and how it ended, to be held against a gateway's own books.
import { isBelow } from './paths.ts';
import type { TokenCounts } from './vendors/vendor.ts';

/**
 * `open`: not ended yet. `answered`: a whole 2xx answer. `refused`: a whole answer with another status, or an error
 * inside a 200. `error_event`: a stream that ended with an error event. `ended_early`: a body that ended cleanly
 * before its time. `cut`: the simulator broke the connection. `client_left`: the client did.
 */
export type Outcome = 'open' | 'answered' | 'refused' | 'error_event' | 'ended_early' | 'cut' | 'client_left';

export interface TallyKey {
  account: string | null;
  apiKey: string | null;
  method: string;
  /** Without prefixes and query. */
  path: string;
  model: string;
}

export interface TallyRow extends TallyKey, TokenCounts {
  outcome: Outcome;
  /** 0 while nothing was answered. */
  status: number;
  count: number;
}

/** `path` also counts what lies below it; absent fields do not filter. */
export interface CountFilter {
  account?: string | null;
  apiKey?: string | null;
  method?: string;
  path?: string;
  model?: string;
  outcome?: Outcome;
  status?: number;
}

const TOKEN_FIELDS = [
  'inputTokens',
  'outputTokens',
  'cacheReadTokens',
  'cacheWrite5mTokens',
  'cacheWrite1hTokens',
] as const;

/** One request's place in the counters; it starts as `open`. */
export interface TallyEntry {
  readonly key: TallyKey;
  row: TallyRow;
  tokens: TokenCounts | null;
  /** Counters that were cleared since then know nothing of this request. */
  readonly rows: ReadonlyMap<string, TallyRow>;
}

export class Tally {
  #rows = new Map<string, TallyRow>();

  open(key: TallyKey): TallyEntry {
    const row = this.#row(key, 'open', 0);
    row.count += 1;
    return { key, row, tokens: null, rows: this.#rows };
  }

  /** Moves a request to its new outcome, with the usage that its client was told. */
  move(entry: TallyEntry, outcome: Outcome, status: number, tokens: TokenCounts | null): void {
    if (entry.rows !== this.#rows) return;
    add(entry.row, -1, entry.tokens);
    entry.row = this.#row(entry.key, outcome, status);
    entry.tokens = tokens === null ? null : { ...tokens };
    add(entry.row, 1, entry.tokens);
  }

  rows(): TallyRow[] {
    return [...this.#rows.values()].filter((row) => row.count > 0).map((row) => ({ ...row }));
  }

  count(filter: CountFilter = {}): number {
    let count = 0;
    for (const row of this.#rows.values()) if (passes(row, filter)) count += row.count;
    return count;
  }

  clear(): void {
    this.#rows = new Map();
  }

  #row(key: TallyKey, outcome: Outcome, status: number): TallyRow {
    const id = `${key.account ?? ''}\n${key.apiKey ?? ''}\n${key.method}\n${key.path}\n${key.model}\n${outcome}\n${status}`;
    let row = this.#rows.get(id);
    if (row === undefined) {
      row = {
        ...key,
        outcome,
        status,
        count: 0,
        inputTokens: 0,
        outputTokens: 0,
        cacheReadTokens: 0,
        cacheWrite5mTokens: 0,
        cacheWrite1hTokens: 0,
      };
      this.#rows.set(id, row);
    }
    return row;
  }
}

function add(row: TallyRow, sign: 1 | -1, tokens: TokenCounts | null): void {
  row.count += sign;
  if (tokens === null) return;
  for (const field of TOKEN_FIELDS) row[field] += sign * tokens[field];
}

function passes(row: TallyRow, filter: CountFilter): boolean {
  return (
    (filter.account === undefined || filter.account === row.account) &&
    (filter.apiKey === undefined || filter.apiKey === row.apiKey) &&
    (filter.method === undefined || filter.method === row.method) &&
    (filter.model === undefined || filter.model === row.model) &&
    (filter.outcome === undefined || filter.outcome === row.outcome) &&
    (filter.status === undefined || filter.status === row.status) &&
    (filter.path === undefined || isBelow(row.path, filter.path))
  );
}
