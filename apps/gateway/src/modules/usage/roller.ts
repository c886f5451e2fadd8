// Owns the way from the ledger to figures and lists. Any replica may roll, one does at a time, and none can count an
// entry twice: a batch is applied only where its cursor still stands. No request waits for it.
import { randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import type { Keyspace } from '../../platform/redis/index.ts';
import { isBefore, type LedgerRepository, type StreamEntry } from './ledger.repository.ts';
import { planRoll } from './roll.ts';
import { type Addition, decodeAddition } from './roll-entry.ts';

export interface RollerOptions {
  readonly repository: LedgerRepository;
  readonly keyspace: Keyspace;
  readonly calendar: Calendar;
  readonly clock: Clock;
  readonly onProblem: (message: string, error: unknown) => void;
  readonly batchEntries?: number;
}

/** Read and added up in one go: a few milliseconds in which nothing else happens, however many keys its rows are of. */
const BATCH_ENTRIES = 20;
const LEASE_MS = 2000;
/** How often the holder of the lease looks for entries of other replicas, and the others for the lease. */
const POLL_MS = 400;
/** Entries gather this long after a kick, so that a batch is worth its round trips. */
const GATHER_MS = 200;
/** A process that ends does not wait longer for a Redis that does not answer. */
const STOP_MS = 2000;

type Step = 'idle' | 'applied' | 'overtaken';

export class Roller {
  readonly #options: RollerOptions;
  readonly #holder = randomUUID();
  #isStarted = false;
  #isFailing = false;
  #timer: NodeJS.Timeout | null = null;
  #dueAtMs = Number.POSITIVE_INFINITY;
  #tail: Promise<unknown> = Promise.resolve();

  constructor(options: RollerOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#isStarted) return;
    this.#isStarted = true;
    this.#schedule(0);
  }

  /** There is something new: rolled within a few hundred ms. Costs nothing to call per request. */
  kick(): void {
    if (this.#isStarted) this.#schedule(GATHER_MS);
  }

  /** Resolves when everything appended before the call is rolled up, by whomever. */
  async caughtUp(): Promise<void> {
    const { repository } = this.#options;
    const target = await repository.lastEntryId();
    while (isBefore(await repository.cursor(), target)) await this.step();
  }

  /** Ends after the batch under way; what is left is rolled by another replica or the next start. */
  async stop(): Promise<void> {
    this.#isStarted = false;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    const released = this.#tail
      .then(() => this.#options.repository.releaseLease(this.#holder))
      .catch(() => {
        // It runs out by itself.
      });
    await Promise.race([released, sleep(STOP_MS, undefined, { ref: false })]);
  }

  /** One batch at most; one at a time in this process. */
  step(): Promise<Step> {
    const step = this.#tail.then(() => this.#roll());
    this.#tail = step.catch(() => {});
    return step;
  }

  #schedule(delayMs: number): void {
    const dueAtMs = performance.now() + delayMs;
    if (this.#timer !== null && this.#dueAtMs <= dueAtMs) return;
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#dueAtMs = dueAtMs;
    this.#timer = setTimeout(() => void this.#turn(), delayMs);
    this.#timer.unref();
  }

  async #turn(): Promise<void> {
    this.#timer = null;
    try {
      while (this.#isStarted && (await this.#options.repository.holdLease(this.#holder, LEASE_MS))) {
        if ((await this.step()) !== 'applied') break;
      }
      this.#isFailing = false;
    } catch (error) {
      // Said once per outage: the ledger keeps everything until it can be rolled.
      if (!this.#isFailing) this.#options.onProblem('figures are not rolled up, tried again', error);
      this.#isFailing = true;
    }
    if (this.#isStarted) this.#schedule(POLL_MS);
  }

  async #roll(): Promise<Step> {
    const { repository, calendar, keyspace, clock } = this.#options;
    const from = await repository.cursor();
    const batch = await repository.readAfter(from, this.#options.batchEntries ?? BATCH_ENTRIES);
    const last = batch.at(-1);
    if (last === undefined) return 'idle';
    const plan = planRoll(this.#readable(batch), calendar, keyspace);
    await repository.noteUse(plan);
    const step = { from, to: last.id, nowMs: clock.now() };
    const isApplied = await repository.apply(plan, step, (key, field) =>
      this.#options.onProblem(`a figure has reached 2^53 and stays there: ${key} ${field}`, null),
    );
    return isApplied ? 'applied' : 'overtaken';
  }

  /** An entry that cannot be read is told and passed: the ones after it count. Its record stays where it is. */
  #readable(batch: readonly StreamEntry[]): Addition[] {
    const additions: Addition[] = [];
    for (const { id, lines } of batch) {
      for (const line of lines) {
        const addition = decodeAddition(line);
        if (addition !== null) additions.push(addition);
        else this.#options.onProblem(`ledger entry ${id} cannot be read: ${line.slice(0, 500)}`, null);
      }
    }
    return additions;
  }
}
