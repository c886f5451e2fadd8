// Owns runs in Redis: previews, the one run there is, its lease, and the step that writes a piece of the ledger anew.
import { z } from 'zod';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import type { Correction } from '../limits/index.ts';
import { columnsAt } from '../requests/index.ts';
import {
  Additions,
  encodeAddition,
  encodeFacts,
  factsOf,
  type LedgerEntry,
  REQUEST_FIELD,
  recordText,
} from '../usage/index.ts';
import type { Change } from './difference.ts';
import {
  correctionsSchema,
  type Plan,
  planSchema,
  type Progress,
  progressSchema,
  type Run,
  type StoredPreview,
  totalsSchema,
} from './run.ts';
import { storedScopeSchema } from './scope.ts';

const beginScript = defineScript(new URL('./scripts/begin.lua', import.meta.url));
const moveScript = defineScript(new URL('./scripts/move.lua', import.meta.url));
const writeScript = defineScript(new URL('./scripts/write-piece.lua', import.meta.url));

const runFieldsSchema = z.object({
  number: z.coerce.number().int(),
  step: z.coerce.number().int(),
  status: z.enum(['running', 'done', 'cancelled']),
  isCancelling: z.string().optional(),
  finishedAtMs: z.coerce.number().int().optional(),
  plan: z.string(),
  progress: z.string(),
  pending: z.string(),
});

const previewSchema = z.object({
  scope: storedScopeSchema,
  totals: totalsSchema,
  afterRun: z.int(),
});

const beginReply = z.enum(['begun', 'running', 'changed']);
const writeReply = z.tuple([z.enum(['written', 'overtaken', 'gone'])]).rest(z.int());
export type Written =
  | { readonly type: 'written' | 'overtaken' }
  | { readonly type: 'gone'; readonly gone: Set<number> };

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const LEASE_MS = 15_000;

export class RepricingRepository {
  readonly #redis: RedisConnections;
  readonly #retentionDays: () => number;

  constructor(redis: RedisConnections, retentionDays: () => number) {
    this.#redis = redis;
    this.#retentionDays = retentionDays;
  }

  async keepPreview(fingerprint: string, preview: StoredPreview, lifeMs: number): Promise<void> {
    const { background, keyspace } = this.#redis;
    await background.set(keyspace.repricePreview(fingerprint), JSON.stringify(preview), 'PX', lifeMs);
  }

  async preview(fingerprint: string): Promise<StoredPreview | null> {
    const { background, keyspace } = this.#redis;
    const text = await background.get(keyspace.repricePreview(fingerprint));
    return text === null ? null : previewSchema.parse(JSON.parse(text));
  }

  /** The one under way, or the last one; null where there was none. */
  async run(): Promise<Run | null> {
    const { background, keyspace } = this.#redis;
    const stored = await background.hgetall(keyspace.repriceRun);
    if (stored['number'] === undefined) return null;
    const fields = runFieldsSchema.parse(stored);
    return {
      number: fields.number,
      step: fields.step,
      status: fields.status,
      isCancelling: fields.isCancelling === '1',
      finishedAtMs: fields.finishedAtMs ?? null,
      plan: planSchema.parse(JSON.parse(fields.plan)),
      progress: progressSchema.parse(JSON.parse(fields.progress)),
      pending: fields.pending === '' ? [] : correctionsSchema.parse(JSON.parse(fields.pending)),
    };
  }

  async begin(afterRun: number, plan: Plan, progress: Progress): Promise<'begun' | 'running' | 'changed'> {
    const { background, keyspace } = this.#redis;
    const reply = await beginScript.run(
      background,
      [keyspace.repriceRun],
      [
        afterRun,
        ...Object.entries({
          number: afterRun + 1,
          step: 0,
          status: 'running',
          pending: '',
          plan: JSON.stringify(plan),
          progress: JSON.stringify(progress),
        }).flat(),
      ],
    );
    return beginReply.parse(reply);
  }

  /** False where the run has gone on meanwhile, or ended. */
  async move(run: Run, fields: Readonly<Record<string, string | number>>): Promise<boolean> {
    const { background, keyspace } = this.#redis;
    const args = [run.number, run.step, ...Object.entries(fields).flat()];
    return (await moveScript.run(background, [keyspace.repriceRun], args)) === 1;
  }

  async write(
    run: Run,
    changes: readonly Change[],
    progress: Progress,
    corrections: readonly Correction[],
  ): Promise<Written> {
    const { background, keyspace } = this.#redis;
    const hours = new Set<number>();
    const columns = new Set<string>();
    const additions = new Additions();
    for (const { before, attempts } of changes) {
      const { hour, names } = columnsAt(before.atMs);
      hours.add(hour);
      for (const name of names) columns.add(name);
      for (const attempt of attempts) additions.addMoney(attempt.after, moneyBetween(attempt));
    }
    const fields = Object.entries({
      step: run.step + 1,
      progress: JSON.stringify(progress),
      pending: corrections.length === 0 ? '' : JSON.stringify(corrections),
    }).flat();
    const reply = await writeScript.run(
      background,
      [
        keyspace.repriceRun,
        keyspace.ledger,
        keyspace.requestIndex,
        keyspace.requestColumnCounts,
        keyspace.requestRevisions,
        ...[...columns].map((name) => keyspace.requestColumns(name)),
        ...changes.map(({ before }) => keyspace.requestRecord(before.id)),
      ],
      [
        run.number,
        run.step,
        additions.list.map(encodeAddition).join('\n'),
        this.#retentionDays() * DAY_MS + HOUR_MS,
        hours.size,
        columns.size,
        fields.length,
        ...hours,
        ...fields,
        ...changes.flatMap(requestArguments),
      ],
    );
    const [type, ...gone] = writeReply.parse(reply);
    return type === 'gone' ? { type, gone: new Set(gone.map((number) => number - 1)) } : { type };
  }

  /** Takes or keeps the lease of the one who works; two who work are slower than one, not wrong. */
  async holdLease(holder: string): Promise<boolean> {
    const { background, keyspace } = this.#redis;
    const key = keyspace.repriceLease;
    if ((await background.set(key, holder, 'PX', LEASE_MS, 'NX')) === 'OK') return true;
    if ((await background.get(key)) !== holder) return false;
    await background.pexpire(key, LEASE_MS);
    return true;
  }

  async releaseLease(holder: string): Promise<void> {
    const { background, keyspace } = this.#redis;
    if ((await background.get(keyspace.repriceLease)) === holder) await background.del(keyspace.repriceLease);
  }
}

function moneyBetween({ before, after }: Change['attempts'][number]) {
  return {
    costNanoUsd: after.costNanoUsd - before.costNanoUsd,
    chargedNanoUsd: after.chargedNanoUsd - before.chargedNanoUsd,
    cacheSavingsNanoUsd: after.cacheSavingsNanoUsd - before.cacheSavingsNanoUsd,
  };
}

function requestArguments({ member, after, attempts }: Change): (string | number)[] {
  const entries: [field: string, entry: LedgerEntry][] = [
    [REQUEST_FIELD, { type: 'request', record: after }],
    ...attempts.map(({ after: record }): [string, LedgerEntry] => [record.id, { type: 'attempt', record }]),
  ];
  return [
    member,
    after.atMs,
    encodeFacts(factsOf(after)),
    entries.length,
    ...entries.flatMap(([field, entry]) => [field, recordText(entry)]),
  ];
}
