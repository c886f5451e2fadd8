// `crs ledger verify`: counts the ledger again and compares every figure and every counter with it.
import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import type { Config } from '../config/index.ts';
import { KeyRepository } from '../modules/keys/index.ts';
import { type CounterDifference, CountersCheck } from '../modules/limits/index.ts';
import { RequestsRepository } from '../modules/requests/index.ts';
import { environmentDefaults, Settings } from '../modules/settings/index.ts';
import {
  countedRows,
  createUsage,
  decodeFacts,
  type FigureDifference,
  FiguresCheck,
  type LedgerEntry,
} from '../modules/usage/index.ts';
import { createCalendar } from '../platform/calendar.ts';
import { systemClock } from '../platform/clock.ts';
import type { RedisConnections } from '../platform/redis/index.ts';
import type { CliOptions, CliResult } from './command.ts';
import { withRedis } from './with-redis.ts';

const DAY_MS = 86_400_000;
/** What runs meanwhile is on the books in one place before it is in the other: only what stays wrong is wrong. */
const LOOKS = 3;
const BETWEEN_LOOKS_MS = 1000;
const KEYS_AT_ONCE = 1000;
const NAMED_AT_MOST = 20;

interface Findings {
  readonly requests: number;
  readonly attempts: number;
  readonly countersChecked: number;
  readonly countersUnchecked: number;
  readonly figures: FigureDifference[];
  readonly counters: CounterDifference[];
  mend(): Promise<void>;
}

export async function verifyLedger(config: Config, options: CliOptions): Promise<CliResult> {
  return withRedis(config, async (redis) => {
    let findings = await look(config, redis);
    for (let more = 1; more < LOOKS && differencesOf(findings) > 0; more += 1) {
      await sleep(BETWEEN_LOOKS_MS);
      findings = stillWrong(findings, await look(config, redis));
    }
    const isRebuilt = options['rebuild'] === true && differencesOf(findings) > 0;
    if (isRebuilt) await findings.mend();
    return answer(findings, isRebuilt);
  });
}

async function look(config: Config, redis: RedisConnections): Promise<Findings> {
  const retentionDays = await requestDays(config, redis);
  const calendar = createCalendar(config.timezone);
  const nowMs = systemClock.now();
  const usage = createUsage({
    redis,
    calendar,
    clock: systemClock,
    retentionDays: () => retentionDays,
    onProblem: () => undefined,
  });
  await usage.roller.caughtUp();
  const rowsSinceMs = await oldestKept(redis, retentionDays, nowMs);
  const figuresCheck = new FiguresCheck({ redis, calendar, rowsSinceMs, nowMs });
  const countersCheck = new CountersCheck({
    redis,
    calendar,
    rowsSinceMs,
    chargedSince: (subject, id, fromMs) => figuresCheck.chargedSince(subject, id, fromMs),
  });
  await expectKeys(redis, countersCheck);
  let [requests, attempts] = [0, 0];
  for await (const entries of ledgerOf(redis)) {
    requests += entries.filter(({ type }) => type === 'request').length;
    attempts += entries.filter(({ type }) => type === 'attempt').length;
    figuresCheck.add(entries);
    for (const row of countedRows(entries.map((entry) => ({ entry, isNew: false })))) countersCheck.add(row);
  }
  const figures = await figuresCheck.differences();
  const counters = await countersCheck.report();
  return {
    requests,
    attempts,
    countersChecked: counters.checked,
    countersUnchecked: counters.unchecked,
    figures,
    counters: counters.differences,
    mend: async () => {
      await figuresCheck.mend(figures);
      await countersCheck.mend(counters.differences);
    },
  };
}

/** How long rows are kept: as the console says, else the environment. */
export async function requestDays(config: Config, redis: RedisConnections): Promise<number> {
  const onError = (error: unknown): never => {
    throw error;
  };
  const environment = environmentDefaults(config);
  const settings = new Settings({ redis, clock: systemClock, environment, onError });
  const { requestDays: days } = await settings.get('retention');
  return z.int().parse(days);
}

/** Rows near the end of their life may be gone already; before anything was dropped, all of them count. */
async function oldestKept(redis: RedisConnections, retentionDays: number, nowMs: number): Promise<number> {
  const limitMs = nowMs - (retentionDays - 1) * DAY_MS;
  const [, first] = await redis.background.zrange(redis.keyspace.requestIndex, '0', '0', 'WITHSCORES');
  return first === undefined || Number(first) > limitMs ? Number.NEGATIVE_INFINITY : limitMs;
}

async function expectKeys(redis: RedisConnections, check: CountersCheck): Promise<void> {
  const { documents } = new KeyRepository(redis);
  let sequence = 0;
  for (;;) {
    const changes = await documents.changesSince(sequence, KEYS_AT_ONCE);
    for (const key of await documents.getMany(changes.ids)) if (key !== null) check.expect(key);
    if (changes.complete) return;
    ({ sequence } = changes);
  }
}

async function* ledgerOf(redis: RedisConnections): AsyncGenerator<LedgerEntry[]> {
  const repository = new RequestsRepository(redis);
  const always = { fromMs: 0, toMs: Number.POSITIVE_INFINITY };
  for await (const piece of repository.walk(always, 'oldest-first')) {
    const stored = await repository.stored(piece.map(({ member }) => decodeFacts(member).id));
    yield stored.flatMap(({ request, attempts }): LedgerEntry[] => [
      ...attempts.map((record): LedgerEntry => ({ type: 'attempt', record })),
      { type: 'request', record: request },
    ]);
  }
}

function differencesOf({ figures, counters }: Findings): number {
  return figures.length + counters.length;
}

/** What is wrong in both looks. */
function stillWrong(before: Findings, after: Findings): Findings {
  const figures = new Set(before.figures.map(({ key, field }) => `${key} ${field}`));
  const counters = new Set(before.counters.map(({ key, counter }) => `${key} ${counter}`));
  return {
    ...after,
    figures: after.figures.filter(({ key, field }) => figures.has(`${key} ${field}`)),
    counters: after.counters.filter(({ key, counter }) => counters.has(`${key} ${counter}`)),
  };
}

function answer(findings: Findings, isRebuilt: boolean): CliResult {
  const { attempts, counters, countersChecked, countersUnchecked, figures, requests } = findings;
  const isRight = differencesOf(findings) === 0;
  const counted = `${requests} requests, ${attempts} attempts, ${countersChecked} counters`;
  const left = countersUnchecked > 0 ? `; ${countersUnchecked} counters began before the oldest rows` : '';
  return {
    exitCode: isRight || isRebuilt ? 0 : 1,
    json: {
      ok: isRight,
      rebuilt: isRebuilt,
      requests,
      attempts,
      countersChecked,
      countersUnchecked,
      figures: figures.map(({ key, field, stored, counted: expected }) => ({
        key,
        field,
        stored,
        counted: expected,
      })),
      counters: counters.map(({ subject, id, counter, stored, counted: expected }) => ({
        subject,
        id,
        counter,
        stored,
        counted: expected,
      })),
    },
    text: isRight
      ? `Everything agrees with the ledger: ${counted}${left}.`
      : [
          `${differencesOf(findings)} differences from the ledger (${counted}${left}):`,
          ...lines(findings),
          isRebuilt ? 'They were set from the ledger.' : 'Run with --rebuild to set them from the ledger.',
        ].join('\n'),
  };
}

function lines({ counters, figures }: Findings): string[] {
  const all = [
    ...counters.map(
      ({ subject, id, counter, stored, counted }) =>
        `  ${subject} ${id} ${counter}: ${stored}, the ledger says ${counted}`,
    ),
    ...figures.map(
      ({ key, field, stored, counted }) =>
        `  ${key} ${field}: ${JSON.stringify(stored)}, the ledger says ${JSON.stringify(counted)}`,
    ),
  ];
  const named = all.slice(0, NAMED_AT_MOST);
  return all.length > named.length ? [...named, `  and ${all.length - named.length} more`] : named;
}
