// Owns what the list of keys knows of their use: last use, spend, and how much of their budgets is gone. Only keys that
// were used since the last look are read again, so a look costs what happened since, not what there is.
import type { LimitState } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import type { KeySummary } from './key-summary.ts';
import type { KeyRepository } from './keys.repository.ts';

/** Figures of a key that lists sort by. */
interface KeyUse {
  readonly today: KeyUseFigures;
  readonly total: KeyUseFigures;
}

interface KeyUseFigures {
  readonly requests: number;
  readonly costNanoUsd: number;
  readonly input: number;
  readonly output: number;
  readonly cacheRead: number;
  readonly cacheWrite5m: number;
  readonly cacheWrite1h: number;
}

/** What of a key its budgets need. */
export type BudgetedKey = Pick<KeySummary, 'id' | 'version' | 'userId' | 'budgets' | 'weeklyReset'>;

export interface KeyFiguresDependencies {
  readonly repository: KeyRepository;
  readonly clock: Clock;
  /** Of each key, in the order of the ids. */
  figuresOf(ids: readonly string[]): Promise<readonly KeyUse[]>;
  /** How full the budgets of each key are, in the order of the keys. */
  budgetStates(keys: readonly BudgetedKey[]): Promise<readonly (readonly LimitState[])[]>;
  /** First instant of the day that holds this one. */
  dayStartMs(atMs: number): number;
}

export type FigureName = 'spendToday' | 'spendTotal' | 'requestsToday' | 'requestsTotal' | 'tokensToday';
type Row = Readonly<Record<FigureName, number>>;

/** Share of a budget that is gone, until it begins anew. */
interface BudgetUse {
  readonly share: number;
  readonly untilMs: number;
}

/** Uses are written by jobs that may be late; those of this long before the newest known one are read again. */
const LAST_USE_OVERLAP_MS = 10_000;
const CHUNK = 1000;
/** Rows that are delivered long after their request move no last use: so many keys are read anew at every look. */
const READ_ANEW = 200;
const unused: Row = { spendToday: 0, spendTotal: 0, requestsToday: 0, requestsTotal: 0, tokensToday: 0 };

export class KeyFigures {
  readonly #dependencies: KeyFiguresDependencies;
  readonly #lastUses = new Map<string, number>();
  readonly #rows = new Map<string, Row>();
  readonly #budgets = new Map<string, readonly BudgetUse[]>();
  /** Used or changed since their figures, their budgets were read. */
  readonly #staleRows = new Set<string>();
  readonly #staleBudgets = new Set<string>();
  #newestUseMs = 0;
  #dayStartMs = 0;
  #anew: IterableIterator<string> | null = null;

  constructor(dependencies: KeyFiguresDependencies) {
    this.#dependencies = dependencies;
  }

  /** Ids of the keys that may have been used since the last look. */
  async refreshUses(): Promise<readonly string[]> {
    const { repository, clock } = this.#dependencies;
    // A host whose clock is ahead must not hide what others use meanwhile.
    const newestMs = Math.min(this.#newestUseMs, clock.now());
    const used = await repository.usedSince(newestMs - LAST_USE_OVERLAP_MS);
    for (const [id, lastUsedMs] of used) {
      this.#lastUses.set(id, lastUsedMs);
      this.#newestUseMs = Math.max(this.#newestUseMs, lastUsedMs);
      this.#staleRows.add(id);
      this.#staleBudgets.add(id);
    }
    return used.map(([id]) => id);
  }

  /** After `refreshUses`. */
  async refreshFigures(): Promise<void> {
    const dayStartMs = this.#dependencies.dayStartMs(this.#dependencies.clock.now());
    if (dayStartMs !== this.#dayStartMs) {
      this.#beginDay(dayStartMs);
    }
    const ids = [...this.#staleRows, ...this.#someToReadAnew()];
    this.#staleRows.clear();
    for (let from = 0; from < ids.length; from += CHUNK) {
      const chunk = ids.slice(from, from + CHUNK);
      await this.#readRows(chunk).catch((error: unknown) => {
        for (const id of ids.slice(from)) this.#staleRows.add(id);
        throw error;
      });
    }
  }

  /** After `refreshUses`; `find` answers the key, undefined where it is gone. */
  async refreshBudgets(find: (id: string) => BudgetedKey | undefined): Promise<void> {
    const keys = [...this.#staleBudgets].flatMap((id) => {
      const key = find(id);
      if (key === undefined || key.budgets.length === 0) {
        this.#budgets.delete(id);
        return [];
      }
      return this.#lastUses.has(id) ? [key] : [];
    });
    this.#staleBudgets.clear();
    for (let from = 0; from < keys.length; from += CHUNK) {
      const chunk = keys.slice(from, from + CHUNK);
      await this.#readBudgets(chunk).catch((error: unknown) => {
        for (const { id } of keys.slice(from)) this.#staleBudgets.add(id);
        throw error;
      });
    }
  }

  /** Epoch ms; 0 for a key that was never used. */
  lastUse(id: string): number {
    return this.#lastUses.get(id) ?? 0;
  }

  figure(id: string, name: FigureName): number {
    return (this.#rows.get(id) ?? unused)[name];
  }

  /** Share of the budget that is nearest to its end, 1 = all of it; null for a key without budgets. */
  budgetShare({ id, budgets }: KeySummary, nowMs: number): number | null {
    if (budgets.length === 0) return null;
    let share = 0;
    for (const use of this.#budgets.get(id) ?? []) {
      if (nowMs < use.untilMs && use.share > share) ({ share } = use);
    }
    return share;
  }

  /** The key was changed: its budgets may be others. */
  noteChange(id: string): void {
    this.#staleBudgets.add(id);
  }

  forget(id: string): void {
    this.#lastUses.delete(id);
    this.#rows.delete(id);
    this.#budgets.delete(id);
  }

  /** Nobody has used anything today; those of whom we know otherwise are read. */
  #beginDay(dayStartMs: number): void {
    this.#dayStartMs = dayStartMs;
    for (const [id, row] of this.#rows) {
      this.#rows.set(id, { ...row, spendToday: 0, requestsToday: 0, tokensToday: 0 });
    }
    for (const [id, usedMs] of this.#lastUses) if (usedMs >= dayStartMs) this.#staleRows.add(id);
  }

  #someToReadAnew(): string[] {
    const ids: string[] = [];
    while (ids.length < READ_ANEW) {
      this.#anew ??= this.#rows.keys();
      const next = this.#anew.next();
      if (next.done === true) {
        this.#anew = null;
        return ids;
      }
      if (!this.#staleRows.has(next.value)) ids.push(next.value);
    }
    return ids;
  }

  async #readRows(ids: readonly string[]): Promise<void> {
    const uses = await this.#dependencies.figuresOf(ids);
    for (const [index, id] of ids.entries()) {
      const use = uses[index];
      if (use === undefined) continue;
      const { today, total } = use;
      this.#rows.set(id, {
        spendToday: today.costNanoUsd,
        spendTotal: total.costNanoUsd,
        requestsToday: today.requests,
        requestsTotal: total.requests,
        tokensToday: today.input + today.output + today.cacheRead + today.cacheWrite5m + today.cacheWrite1h,
      });
    }
  }

  async #readBudgets(keys: readonly BudgetedKey[]): Promise<void> {
    const states = await this.#dependencies.budgetStates(keys);
    for (const [index, { id }] of keys.entries()) {
      const uses = (states[index] ?? []).flatMap(({ limit, owner, used, max, resetsAt }) =>
        limit !== 'budget' || owner !== 'key'
          ? []
          : [
              {
                share: max <= 0 ? 1 : used / max,
                untilMs: resetsAt === null ? Number.POSITIVE_INFINITY : Date.parse(resetsAt),
              },
            ],
      );
      this.#budgets.set(id, uses);
    }
  }
}
