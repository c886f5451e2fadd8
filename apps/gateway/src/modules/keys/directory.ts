// Owns the list of all keys in memory: what lists filter, search and sort by. It starts with the first list that is
// asked for, and is brought up to date before each answer.
import { type KeyStatus, keyStatuses } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { DocumentStore, type RedisConnections, Replica } from '../../platform/redis/index.ts';
import { expiryMs, keyStatus } from './document.ts';
import type { KeyRepository } from './keys.repository.ts';
import { bindTarget, type KeySummary, keySummarySchema } from './key-summary.ts';
import { sortedSlice } from './sorted-slice.ts';

/** Uses are written by jobs that may be late; those of this long before the newest known one are read again. */
const LAST_USE_OVERLAP_MS = 10_000;
/** More are not told of at once. */
const MAX_EXPIRING = 200;
/** So many unused keys are asked for their first use at every look; of more, only those that were seen in use. */
const MAX_ASKED_ALWAYS = 1000;

export interface KeyQuery {
  readonly page: number;
  readonly pageSize: number;
  /** Name of a field, descending with a leading `-`. */
  readonly sort: string;
  readonly search?: string | undefined;
  readonly status?: KeyStatus | undefined;
  readonly tag?: string | undefined;
  readonly enabled?: boolean | undefined;
  /** Bound to this account itself. */
  readonly accountId?: string | undefined;
  /** Bound to this group. */
  readonly groupId?: string | undefined;
}

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
  readonly #lastUses = new Map<string, number>();
  readonly #activations = new Map<string, number>();
  /** Keys limited to a time after their first use, of which no first use is known. */
  readonly #unused = new Set<string>();
  /** Those of them whose gate is worth a look. */
  readonly #suspects = new Set<string>();
  /** Target of a bind -> ids of the keys bound to it. */
  readonly #bound = new Map<string, Set<string>>();
  /** Key -> its targets, to take it out of there when it changes. */
  readonly #targets = new Map<string, readonly string[]>();
  #started: Promise<void> | null = null;
  #newestUseMs = 0;

  constructor(
    redis: RedisConnections,
    repository: KeyRepository,
    clock: Clock,
    onError: (error: unknown) => void,
  ) {
    this.#repository = repository;
    this.#clock = clock;
    this.#replica = new Replica(new DocumentStore(redis, { noun: 'key', schema: keySummarySchema }), {
      onChange: (id, key) => this.#note(id, key),
      onError,
    });
  }

  /**
   * Exact after it: every change before the call is in. One command where nothing happened, one more where the answer
   * is to be in the order of last uses.
   */
  async refresh(sort?: string): Promise<void> {
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
    const areUsesWanted = sort?.endsWith('lastUsedAt') === true || this.#unused.size > MAX_ASKED_ALWAYS;
    if (areUsesWanted) await this.#readUses();
    await this.#readActivations();
  }

  /** Ids of one page of the keys outside the trash, or of those of one status. */
  page(query: KeyQuery): KeyPage {
    const nowMs = this.#clock.now();
    const { status } = query;
    return this.#page(query, (key) =>
      status === undefined ? key.deletedAtMs === null : this.#statusOf(key, nowMs) === status,
    );
  }

  /** Ids of one page of the trash. */
  trashPage(query: KeyQuery): KeyPage {
    return this.#page(query, (key) => key.deletedAtMs !== null);
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

  /** Names of the keys outside the trash that are bound to this target. */
  boundTo(target: string): string[] {
    const keys = [...(this.#bound.get(target) ?? [])].map((id) => this.#replica.get(id));
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

  #page(query: KeyQuery, belongs: (key: KeySummary) => boolean): KeyPage {
    const needle = query.search?.toLowerCase() ?? '';
    const { tag, enabled, accountId, groupId } = query;
    const targets = [
      ...(accountId === undefined ? [] : [bindTarget({ accountId })]),
      ...(groupId === undefined ? [] : [bindTarget({ groupId })]),
    ];
    const rank = this.#ranking(query.sort);
    const rows: Row[] = [];
    for (const key of this.#replica.all()) {
      if (!belongs(key)) continue;
      if (needle !== '' && !key.text.includes(needle)) continue;
      if (tag !== undefined && !key.tags.includes(tag)) continue;
      if (enabled !== undefined && key.enabled !== enabled) continue;
      if (!targets.every((target) => key.boundTo.includes(target))) continue;
      rows.push({ id: key.id, rank: rank(key) });
    }
    const total = rows.length;
    const start = (query.page - 1) * query.pageSize;
    const isDescending = query.sort.startsWith('-');
    const compare = isDescending ? (a: Row, b: Row) => compareRows(b, a) : compareRows;
    return { total, ids: sortedSlice(rows, compare, start, start + query.pageSize).map(({ id }) => id) };
  }

  /** What a sort compares. A key that never ends comes after all that do, one that was never used before all others. */
  #ranking(sort: string): (key: KeySummary) => number | string {
    const nowMs = this.#clock.now();
    switch (sort.replace(/^-/, '')) {
      case 'name':
        return (key) => key.sortName;
      case 'updatedAt':
        return (key) => key.updatedAtMs;
      case 'deletedAt':
        return (key) => key.deletedAtMs ?? 0;
      case 'lastUsedAt':
        return (key) => this.#lastUses.get(key.id) ?? 0;
      case 'expiresAt':
        return (key) => this.#expiryOf(key) ?? Number.POSITIVE_INFINITY;
      case 'status':
        return (key) => keyStatuses.indexOf(this.#statusOf(key, nowMs));
      default:
        return (key) => key.createdAtMs;
    }
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
    this.#noteBinds(id, key?.boundTo ?? []);
    if (key === null) {
      this.#lastUses.delete(id);
      this.#activations.delete(id);
    }
    if (key === null || key.afterFirstUseMs === null || this.#activations.has(id)) {
      this.#unused.delete(id);
      this.#suspects.delete(id);
    } else {
      this.#unused.add(id);
      this.#suspects.add(id);
    }
  }

  #noteBinds(id: string, targets: readonly string[]): void {
    for (const target of this.#targets.get(id) ?? []) {
      const keys = this.#bound.get(target);
      keys?.delete(id);
      if (keys?.size === 0) this.#bound.delete(target);
    }
    if (targets.length === 0) {
      this.#targets.delete(id);
      return;
    }
    this.#targets.set(id, targets);
    for (const target of targets) {
      const keys = this.#bound.get(target) ?? new Set();
      this.#bound.set(target, keys.add(id));
    }
  }

  async #readUses(): Promise<void> {
    for (const [id, lastUsedMs] of await this.#repository.usedSince(
      this.#newestUseMs - LAST_USE_OVERLAP_MS,
    )) {
      this.#lastUses.set(id, lastUsedMs);
      this.#newestUseMs = Math.max(this.#newestUseMs, lastUsedMs);
      if (this.#unused.has(id)) this.#suspects.add(id);
    }
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

interface Row {
  readonly id: string;
  readonly rank: number | string;
}

function compareRows(a: Row, b: Row): number {
  if (a.rank !== b.rank) return a.rank < b.rank ? -1 : 1;
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}
