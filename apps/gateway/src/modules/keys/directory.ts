// Owns the list of all keys in memory: what lists filter, search and sort by. It starts with the first list that is
// asked for, and is brought up to date before each answer.
import type { KeyStatus } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { DocumentStore, type RedisConnections, Replica } from '../../platform/redis/index.ts';
import { expiryMs, keyStatus } from './document.ts';
import { BoundKeys } from './bound-keys.ts';
import { KeyFigures, type KeyFiguresDependencies } from './key-figures.ts';
import {
  comparison,
  filterOf,
  type KeyFacts,
  type KeyQuery,
  needsOf,
  rankingOf,
  type Row,
  type SortedKeyQuery,
  type UseNeeds,
} from './key-query.ts';
import type { KeyRepository } from './keys.repository.ts';
import { type KeySummary, keySummarySchema } from './key-summary.ts';
import { sortedSlice } from './sorted-slice.ts';

/** More are not told of at once. */
const MAX_EXPIRING = 200;
/** So many unused keys are asked for their first use at every look; of more, only those that were seen in use. */
const MAX_ASKED_ALWAYS = 1000;

/** The keys outside the trash at a glance. */
export interface KeysOverview {
  readonly total: number;
  readonly active: number;
  /** Active ones that end within the time asked for, soonest first. */
  readonly expiring: { readonly id: string; readonly name: string; readonly expiresAtMs: number }[];
}

export interface KeyPage {
  readonly ids: string[];
  readonly total: number;
}

export class KeyDirectory {
  readonly #repository: KeyRepository;
  readonly #clock: Clock;
  readonly #replica: Replica<KeySummary>;
  readonly #figures: KeyFigures;
  readonly #activations = new Map<string, number>();
  /** Keys limited to a time after their first use, of which no first use is known. */
  readonly #unused = new Set<string>();
  /** Those of them whose gate is worth a look. */
  readonly #suspects = new Set<string>();
  readonly #bound = new BoundKeys();
  #started: Promise<void> | null = null;
  #looking: Promise<void> = Promise.resolve();

  constructor(
    redis: RedisConnections,
    dependencies: KeyFiguresDependencies,
    onError: (error: unknown) => void,
  ) {
    this.#repository = dependencies.repository;
    this.#clock = dependencies.clock;
    this.#figures = new KeyFigures(dependencies);
    this.#replica = new Replica(new DocumentStore(redis, { noun: 'key', schema: keySummarySchema }), {
      onChange: (id, key) => this.#note(id, key),
      onError,
    });
  }

  /**
   * Exact after it: every change before the call is in. One command where nothing happened, some more where the answer
   * depends on what keys have used.
   */
  async refresh(query?: SortedKeyQuery): Promise<void> {
    if (this.#started === null) {
      this.#started = this.#replica.start();
      this.#started.catch(() => {
        this.#started = null;
      });
      await this.#started;
    } else {
      await this.#started;
      await this.#replica.refresh();
    }
    const needs = query === undefined ? null : needsOf(query);
    if (needs?.uses !== true) {
      if (this.#unused.size > MAX_ASKED_ALWAYS) await this.#readUses();
      await this.#readActivations();
      return;
    }
    // One after the other: a look that finds nothing new must not run ahead of one that is still reading it.
    const look = this.#looking.then(() => this.#lookAtUses(needs));
    this.#looking = look.catch(() => undefined);
    await look;
  }

  /** Ids of one page of the keys outside the trash, or of those of one status. */
  page(query: KeyQuery): KeyPage {
    return this.#page(query, this.#listed(query));
  }

  /** Ids of one page of the trash. */
  trashPage(query: KeyQuery): KeyPage {
    return this.#page(query, (key) => key.deletedAtMs !== null);
  }

  /** Ids of all keys that a list would show, in order, so many at a time; each step takes little time. */
  *inOrder(query: SortedKeyQuery, size: number): Generator<string[]> {
    let rows = this.#rows(query, this.#listed(query));
    const compare = comparison(query.sort);
    while (rows.length > 0) {
      yield sortedSlice(rows, compare, 0, size).map(({ id }) => id);
      // What came first stands in front of the rest now.
      rows = rows.slice(size);
    }
  }

  /** Ids of keys that were thrown away before that time. */
  deletedBefore(beforeMs: number): string[] {
    return this.#replica
      .all()
      .flatMap(({ id, deletedAtMs }) => (deletedAtMs !== null && deletedAtMs < beforeMs ? [id] : []));
  }

  overview(endsWithinMs: number): KeysOverview {
    const nowMs = this.#clock.now();
    const expiring: KeysOverview['expiring'] = [];
    let total = 0;
    let active = 0;
    for (const key of this.#replica.all()) {
      if (key.deletedAtMs !== null) continue;
      total += 1;
      if (this.#statusOf(key, nowMs) !== 'active') continue;
      active += 1;
      const expiresAtMs = this.#expiryOf(key);
      if (expiresAtMs !== null && expiresAtMs <= nowMs + endsWithinMs) {
        expiring.push({ id: key.id, name: key.name, expiresAtMs });
      }
    }
    expiring.sort((a, b) => a.expiresAtMs - b.expiresAtMs);
    return { total, active, expiring: expiring.slice(0, MAX_EXPIRING) };
  }

  /** Also of keys in the trash; null for those that are gone. */
  nameOf(id: string): string | null {
    return this.#replica.get(id)?.name ?? null;
  }

  /** Also of keys in the trash. */
  tagsOf(id: string): readonly string[] {
    return this.#replica.get(id)?.tags ?? [];
  }

  /** Ids of all keys with the tag, also of those in the trash. */
  withTag(tag: string): string[] {
    return this.#replica.all().flatMap(({ id, tags }) => (tags.includes(tag) ? [id] : []));
  }

  /** Names of the keys outside the trash that are bound to this target. */
  boundTo(target: string): string[] {
    const keys = this.#bound.of(target).map((id) => this.#replica.get(id));
    return keys.flatMap((key) => (key === undefined || key.deletedAtMs !== null ? [] : [key.name])).sort();
  }

  /** Tags of the keys outside the trash, by name. */
  tags(): { tag: string; keys: number }[] {
    const counts = new Map<string, number>();
    for (const key of this.#replica.all()) {
      if (key.deletedAtMs !== null) continue;
      for (const tag of key.tags) counts.set(tag, (counts.get(tag) ?? 0) + 1);
    }
    return [...counts].map(([tag, keys]) => ({ tag, keys })).sort((a, b) => a.tag.localeCompare(b.tag));
  }

  stop(): void {
    this.#replica.stop();
  }

  #listed({ status }: SortedKeyQuery): (key: KeySummary) => boolean {
    const nowMs = this.#clock.now();
    return status === undefined
      ? (key) => key.deletedAtMs === null
      : (key) => this.#statusOf(key, nowMs) === status;
  }

  #page(query: KeyQuery, belongs: (key: KeySummary) => boolean): KeyPage {
    const rows = this.#rows(query, belongs);
    const total = rows.length;
    const start = (query.page - 1) * query.pageSize;
    const page = sortedSlice(rows, comparison(query.sort), start, start + query.pageSize);
    return { total, ids: page.map(({ id }) => id) };
  }

  #rows(query: SortedKeyQuery, belongs: (key: KeySummary) => boolean): Row[] {
    const nowMs = this.#clock.now();
    const facts: KeyFacts = {
      nowMs,
      figures: this.#figures,
      expiryOf: (key) => this.#expiryOf(key),
      statusOf: (key) => this.#statusOf(key, nowMs),
    };
    const fits = filterOf(query, facts);
    const rank = rankingOf(query.sort, facts);
    const rows: Row[] = [];
    for (const key of this.#replica.all()) {
      if (belongs(key) && fits(key)) rows.push({ id: key.id, rank: rank(key) });
    }
    return rows;
  }

  #expiryOf(key: KeySummary): number | null {
    return expiryMs(key, this.#activations.get(key.id) ?? null);
  }

  #statusOf(key: KeySummary, nowMs: number): KeyStatus {
    const activatedAtMs = key.afterFirstUseMs === null ? null : (this.#activations.get(key.id) ?? null);
    const { enabled, expiresAtMs, afterFirstUseMs, deletedAtMs } = key;
    return keyStatus(
      { enabled, expiresAtMs, afterFirstUseMs, isDeleted: deletedAtMs !== null, activatedAtMs },
      nowMs,
    );
  }

  #note(id: string, key: KeySummary | null): void {
    this.#bound.note(id, key?.boundTo ?? []);
    if (key === null) {
      this.#figures.forget(id);
      this.#activations.delete(id);
    } else if (key.budgets.length > 0) {
      this.#figures.noteChange(id);
    }
    if (key === null || key.afterFirstUseMs === null || this.#activations.has(id)) {
      this.#unused.delete(id);
      this.#suspects.delete(id);
    } else {
      this.#unused.add(id);
      this.#suspects.add(id);
    }
  }

  async #lookAtUses({ figures, budgets }: UseNeeds): Promise<void> {
    await this.#readUses();
    if (figures) await this.#figures.refreshFigures();
    if (budgets) await this.#figures.refreshBudgets((id) => this.#replica.get(id));
    await this.#readActivations();
  }

  async #readUses(): Promise<void> {
    for (const id of await this.#figures.refreshUses()) if (this.#unused.has(id)) this.#suspects.add(id);
  }

  async #readActivations(): Promise<void> {
    const ids = [...(this.#unused.size <= MAX_ASKED_ALWAYS ? this.#unused : this.#suspects)];
    const times = await this.#repository.activations(
      ids.map((id) => ({ id, userId: this.#replica.get(id)?.userId ?? null })),
    );
    for (const [index, id] of ids.entries()) {
      const activatedAtMs = times[index] ?? null;
      this.#suspects.delete(id);
      if (activatedAtMs === null || !this.#unused.delete(id)) continue;
      this.#activations.set(id, activatedAtMs);
    }
  }
}
