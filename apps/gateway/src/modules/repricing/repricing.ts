// Owns pricing a past range again: what it would change, and the run that changes it. A run is steps, each written once
// whoever takes it: rows, their place in lists and what figures have to hear in one script, what limits have to hear with
// a number that they remember. So any replica goes on where another was cut off, and nothing counts twice.
import { createHash, randomUUID } from 'node:crypto';
import {
  MOST_REPRICED_REQUESTS,
  type repricePreviewBody,
  type RepricePreview,
  type RepriceRun,
} from '@crs/shared';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { Events } from '../../platform/events.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { Limits } from '../limits/index.ts';
import { PRICES_TARGET, type PriceBook, type Pricing } from '../pricing/index.ts';
import type { RequestsRepository } from '../requests/index.ts';
import { correctionsOf } from './corrections.ts';
import { addChange, noTotals } from './difference.ts';
import { countDifference } from './count-difference.ts';
import type { RepricingRepository } from './repricing.repository.ts';
import { forAudit, type Run, runAnswer, type Starter } from './run.ts';
import { scopeAnswer, type StoredScope } from './scope.ts';
import { readPiece } from './walk.ts';

export interface RepricingOptions {
  readonly repository: RepricingRepository;
  readonly requests: RequestsRepository;
  readonly pricing: Pick<Pricing, 'book' | 'current' | 'get'>;
  readonly limits: Pick<Limits, 'correct'>;
  readonly events: Events;
  readonly clock: Clock;
  /** Requests older than this are not kept any more. */
  readonly oldestMs: () => number;
  /** In the order of the ids; null for a key that is gone. */
  readonly keyNames: (ids: readonly string[]) => Promise<(string | null)[]>;
  /** There is something in the ledger's stream. */
  readonly onWritten: () => void;
  readonly onProblem: (message: string, error: unknown) => void;
}

const PREVIEW_LIFE_MS = 30 * 60_000;
const FINGERPRINT_CHARACTERS = 32;

export class Repricing {
  readonly #options: RepricingOptions;
  readonly #holder = randomUUID();
  readonly #stopping = new AbortController();
  #working: Promise<void> | null = null;
  #isAskedAgain = false;

  constructor(options: RepricingOptions) {
    this.#options = options;
  }

  /**
   * Changes nothing. Throws `validation_failed` for a range with too many requests, `wrong_state` while another is priced
   * again.
   */
  async preview(body: z.output<typeof repricePreviewBody>): Promise<RepricePreview> {
    const { repository, requests, pricing, clock, oldestMs, keyNames } = this.#options;
    await pricing.get();
    const book = pricing.current();
    const nowMs = clock.now();
    const keptSinceMs = oldestMs();
    const scope: StoredScope = {
      fromMs: Math.max(Date.parse(body.from), keptSinceMs),
      toMs: Math.min(Date.parse(body.to), nowMs),
      prices: body.prices,
      models: body.models ?? null,
      keyIds: body.keyIds ?? null,
      accountIds: body.accountIds ?? null,
      priceListId: book.id,
      endedBeforeMs: nowMs,
    };
    const all = await requests.count(scope);
    if (all > MOST_REPRICED_REQUESTS) throw tooMany(all);
    const last = await repository.run();
    // What is half done cannot be previewed.
    if (last?.status === 'running') throw isRunning();
    const afterRun = last?.number ?? 0;
    const { totals, seen, byModel, byKey } = await countDifference(requests, scope, book);
    const fingerprint = fingerprintOf({ scope, totals, seen, afterRun });
    await repository.keepPreview(fingerprint, { scope, totals, afterRun }, PREVIEW_LIFE_MS);
    const keys = byKey.lines();
    const names = await keyNames(keys.map(({ name }) => name));
    return {
      fingerprint,
      expiresAt: new Date(nowMs + PREVIEW_LIFE_MS).toISOString(),
      scope: scopeAnswer(scope),
      totals,
      ...seen,
      keptSince: new Date(keptSinceMs).toISOString(),
      byModel: byModel.lines().map(({ name, money }) => ({ model: name, ...money })),
      byKey: keys.map(({ name, money }, index) => ({ keyId: name, keyName: names[index] ?? null, ...money })),
      moreModels: byModel.more,
      moreKeys: byKey.more,
    };
  }

  /** Begins what was previewed. Throws `conflict` where that does not hold any more. */
  async start(fingerprint: string, by: Starter): Promise<RepriceRun> {
    const { repository, requests, pricing, clock } = this.#options;
    const preview = await repository.preview(fingerprint);
    if (preview === null) throw outdated('The preview is unknown or older than half an hour');
    const { scope, totals, afterRun } = preview;
    await pricing.get();
    if (scope.prices === 'current' && pricing.current().id !== scope.priceListId)
      throw outdated('The prices were changed since the preview');
    const begun = await repository.begin(
      afterRun,
      {
        fingerprint,
        scope,
        by,
        previewed: totals,
        startedAtMs: clock.now(),
        all: await requests.count(scope),
      },
      { place: { atMs: scope.fromMs, skip: 0 }, passed: 0, totals: noTotals() },
    );
    if (begun === 'running') throw isRunning();
    if (begun === 'changed') throw outdated('Requests were priced again since the preview');
    const run = await this.#lastRun();
    this.resume();
    return runAnswer(run);
  }

  /** Throws `wrong_state` where nothing runs. */
  async cancel(): Promise<RepriceRun> {
    for (;;) {
      const run = await this.#lastRun();
      if (run.status !== 'running') throw new ProblemError('wrong_state', 'No range is being priced again');
      // It has gone on meanwhile: once more.
      if (!(await this.#options.repository.move(run, { isCancelling: 1 }))) continue;
      this.resume();
      return runAnswer({ ...run, isCancelling: true });
    }
  }

  /** The run under way, or the last one. */
  async run(): Promise<RepriceRun | null> {
    const run = await this.#options.repository.run();
    return run === null ? null : runAnswer(run);
  }

  /** Goes on with a run that nobody works on, in the background. */
  resume(): void {
    this.work().catch((error: unknown) =>
      this.#options.onProblem('pricing a range again was cut off, goes on soon', error),
    );
  }

  /** The same; resolves when there is nothing to do any more, at once where this process is at it already. */
  work(signal?: AbortSignal): Promise<void> {
    if (this.#working !== null) {
      // It may just have seen that there is nothing to do.
      this.#isAskedAgain = true;
      return Promise.resolve();
    }
    this.#isAskedAgain = false;
    this.#working = this.#work(signal).finally(() => {
      this.#working = null;
      if (this.#isAskedAgain && !this.#stopping.signal.aborted) this.resume();
    });
    return this.#working;
  }

  /** Ends after the step under way; another replica goes on. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#working?.catch(() => {
      // Told where it was begun.
    });
  }

  async #work(signal?: AbortSignal): Promise<void> {
    const { repository } = this.#options;
    const isOver = (): boolean => this.#stopping.signal.aborted || signal?.aborted === true;
    try {
      while (!isOver()) {
        const run = await repository.run();
        if (run?.status !== 'running' || !(await repository.holdLease(this.#holder))) return;
        await this.#step(run);
      }
    } finally {
      await repository.releaseLease(this.#holder);
    }
  }

  async #step(run: Run): Promise<void> {
    const { repository, requests, limits, onWritten } = this.#options;
    if (run.pending.length > 0) {
      await limits.correct({ run: run.number, number: run.step }, run.pending);
      await repository.move(run, { pending: '' });
      return;
    }
    if (run.isCancelling) return this.#finish(run, 'cancelled');
    const { scope } = run.plan;
    const piece = await readPiece(requests, scope, await this.#book(scope), run.progress.place);
    if (piece === null) return this.#finish(run, 'done');
    let { changes } = piece;
    for (;;) {
      const totals = { ...run.progress.totals };
      for (const change of changes) addChange(totals, change);
      const progress = { place: piece.next, passed: run.progress.passed + piece.passed, totals };
      const written = await repository.write(run, changes, progress, changes.flatMap(correctionsOf));
      if (written.type === 'written') onWritten();
      if (written.type !== 'gone') return;
      changes = changes.filter((_, index) => !written.gone.has(index));
    }
  }

  async #finish(run: Run, status: 'done' | 'cancelled'): Promise<void> {
    const { repository, events, clock } = this.#options;
    if (!(await repository.move(run, { status, finishedAtMs: clock.now() }))) return;
    const { by } = run.plan;
    events.emit('audit', {
      actor: by.id === null ? null : { id: by.id, username: by.username },
      action: 'pricing.reprice_end',
      target: PRICES_TARGET,
      ...forAudit(runAnswer({ ...run, status }), 'totals'),
      requestId: by.requestId,
      ip: by.ip,
    });
  }

  /** The very list that was previewed. */
  async #book({ prices, priceListId }: StoredScope): Promise<PriceBook> {
    const { pricing } = this.#options;
    if (prices === 'original') return pricing.current();
    const known = pricing.book(priceListId);
    if (known.id === priceListId) return known;
    await pricing.get();
    const book = pricing.book(priceListId);
    if (book.id !== priceListId) throw new Error(`the price list ${priceListId} is not known here`);
    return book;
  }

  async #lastRun(): Promise<Run> {
    const run = await this.#options.repository.run();
    if (run === null) throw new ProblemError('wrong_state', 'No range was priced again yet');
    return run;
  }
}

function fingerprintOf(preview: unknown): string {
  return createHash('sha256').update(JSON.stringify(preview)).digest('hex').slice(0, FINGERPRINT_CHARACTERS);
}

function tooMany(found: number): ProblemError {
  return new ProblemError(
    'validation_failed',
    `The range has ${found} requests, and ${MOST_REPRICED_REQUESTS} are the most for one run: narrow it, and price the rest after it`,
    { errors: [{ path: 'to', message: `give a range with at most ${MOST_REPRICED_REQUESTS} requests` }] },
  );
}

function isRunning(): ProblemError {
  return new ProblemError(
    'wrong_state',
    'A range is being priced again; wait until it is done, or cancel it',
  );
}

function outdated(reason: string): ProblemError {
  return new ProblemError('conflict', `${reason}; preview again and start that one`);
}
