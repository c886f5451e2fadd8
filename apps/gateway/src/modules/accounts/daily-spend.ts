// Owns what accounts with a daily quota have cost today: from the books, which all replicas share, and what this process
// has spent since it last read them.
import { usdToNano } from '@crs/shared';
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import type { AccountDocument } from './document.ts';
import type { Rest } from './health-state.ts';

const READ_EVERY_MS = 2_000;
/** Costs reach the books within that time; younger ones are added to what was read. */
const BOOKS_LAG_MS = 3_000;

export interface DailySpendOptions {
  readonly calendar: Calendar;
  readonly clock: Clock;
  /** Cost of each account today by the books, nano-USD, in the order of the ids. */
  spentToday(ids: readonly string[]): Promise<number[]>;
  /** All accounts, to find those with a quota. */
  documents(): readonly AccountDocument[];
  readonly onError: (error: unknown) => void;
}

interface Spend {
  booked: number;
  recent: { readonly atMs: number; readonly costNanoUsd: number }[];
}

export class DailySpend {
  readonly #options: DailySpendOptions;
  readonly #spends = new Map<string, Spend>();
  #dayEndsAtMs = 0;
  #timer: NodeJS.Timeout | null = null;

  constructor(options: DailySpendOptions) {
    this.#options = options;
  }

  async start(): Promise<void> {
    await this.refresh();
    this.#timer = setInterval(() => void this.refresh(), READ_EVERY_MS).unref();
  }

  stop(): void {
    if (this.#timer !== null) clearInterval(this.#timer);
  }

  /** Reads the books where some account has a quota; never rejects. */
  async refresh(): Promise<void> {
    const ids = this.#options.documents().flatMap(({ id, dailyUsd }) => (dailyUsd === null ? [] : [id]));
    for (const id of this.#spends.keys()) if (!ids.includes(id)) this.#spends.delete(id);
    if (ids.length === 0) return;
    const nowMs = this.#options.clock.now();
    try {
      const spent = await this.#options.spentToday(ids);
      this.#dayEndsAtMs = this.#options.calendar.nextDayStartMs(nowMs);
      for (const [index, id] of ids.entries()) {
        const recent = this.#spends.get(id)?.recent ?? [];
        this.#spends.set(id, {
          booked: spent[index] ?? 0,
          recent: recent.filter(({ atMs }) => atMs > nowMs - BOOKS_LAG_MS),
        });
      }
    } catch (error) {
      this.#options.onError(error);
    }
  }

  /** A call has cost that much; of interest only for accounts with a quota. */
  add({ id, dailyUsd }: AccountDocument, costNanoUsd: number, nowMs: number): void {
    if (dailyUsd === null || costNanoUsd <= 0) return;
    const spend = this.#spends.get(id) ?? { booked: 0, recent: [] };
    spend.recent.push({ atMs: nowMs, costNanoUsd });
    this.#spends.set(id, spend);
  }

  /** The rest of the day, where the quota is used up. */
  rest({ id, dailyUsd }: AccountDocument, nowMs: number): Rest | null {
    if (dailyUsd === null) return null;
    const spend = this.#spends.get(id);
    if (spend === undefined) return null;
    // The books that were read are of a day that has ended.
    const isStale = nowMs >= this.#dayEndsAtMs;
    const spent = spend.recent.reduce(
      (sum, { costNanoUsd }) => sum + costNanoUsd,
      isStale ? 0 : spend.booked,
    );
    if (spent < Number(usdToNano(dailyUsd))) return null;
    return {
      untilMs: this.#options.calendar.nextDayStartMs(nowMs),
      reason: `its daily quota of USD ${dailyUsd} is used up`,
    };
  }
}
