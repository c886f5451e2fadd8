// `crs ledger reprice`: prices a past range again, after it has shown what that changes.
import { setTimeout as sleep } from 'node:timers/promises';
import {
  nanoToUsd,
  type RepriceMoney,
  repricePreviewBody,
  type RepricePreview,
  type RepriceRun,
} from '@crs/shared';
import type { Config } from '../config/index.ts';
import { KeyRepository } from '../modules/keys/index.ts';
import { createLimits } from '../modules/limits/index.ts';
import type { Pricing } from '../modules/pricing/index.ts';
import { createRepricing, type Repricing } from '../modules/repricing/index.ts';
import { createCalendar } from '../platform/calendar.ts';
import { systemClock } from '../platform/clock.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import type { RedisConnections } from '../platform/redis/index.ts';
import { CliError, type CliCall, type CliOptions, type CliResult } from './command.ts';
import { requestDays } from './ledger-verify.ts';
import { withAudit, withPricing } from './prices.ts';

const COMMAND = 'crs ledger reprice';
const DAY_MS = 86_400_000;
const LOOK_MS = 200;
const NAMED_AT_MOST = 20;

export async function repriceLedger(config: Config, { options, ask }: CliCall): Promise<CliResult> {
  const body = bodyOf(options);
  return withPricing(config, (pricing, redis) =>
    withRepricing(config, pricing, redis, async (repricing) => {
      const preview = await repricing.preview(body);
      const lines = previewLines(preview);
      const unchanged = { json: { preview, run: null }, text: [...lines, 'Nothing was changed.'].join('\n') };
      if (options['dryRun'] === true || preview.totals.requests === 0) return unchanged;
      if (options['yes'] !== true) {
        if (ask === null)
          throw new CliError('Nobody can be asked here. Look with --dry-run, then pass --yes.');
        const answer = await ask(`${lines.join('\n')}\nPrice these requests again? [y/N] `);
        if (!/^y(es)?$/i.test(answer.trim()))
          return { ...unchanged, text: 'Nothing was changed.', exitCode: 1 };
      }
      const run = await runToEnd(repricing, preview.fingerprint);
      const isDone = run.status === 'done';
      return {
        exitCode: isDone ? 0 : 1,
        json: { preview, run },
        text: [
          ...(options['yes'] === true ? lines : []),
          `${run.totals.requests} requests were priced again: ${money(run.totals)}.`,
          ...(isDone ? [] : ['The run was cancelled before its end.']),
        ].join('\n'),
      };
    }),
  );
}

function bodyOf({ from, to, model, original }: CliOptions) {
  const body = repricePreviewBody.safeParse({
    from,
    to: to ?? new Date(systemClock.now()).toISOString(),
    prices: original === true ? 'original' : 'current',
    ...(typeof model === 'string' ? { models: model.split(',').map((name) => name.trim()) } : {}),
  });
  if (body.success) return body.data;
  const [issue] = body.error.issues;
  throw new CliError(
    `--${issue?.path.join('.') ?? 'from'}: ${issue?.message ?? 'is not valid'}. Give times such as 2026-11-01T00:00:00Z.`,
  );
}

async function withRepricing(
  config: Config,
  pricing: Pricing,
  redis: RedisConnections,
  use: (repricing: Repricing) => Promise<CliResult>,
): Promise<CliResult> {
  const retentionDays = await requestDays(config, redis);
  const calendar = createCalendar(config.timezone);
  const limits = createLimits(redis, { calendar, clock: systemClock, onProblem: () => undefined });
  try {
    return await withAudit(redis, async (events) => {
      const repricing = createRepricing({
        redis,
        pricing,
        limits,
        events,
        clock: systemClock,
        retentionDays: () => retentionDays,
        oldestMs: () => systemClock.now() - retentionDays * DAY_MS,
        keyNames: async (ids) =>
          (await new KeyRepository(redis).documents.getMany(ids)).map((key) => key?.name ?? null),
        // A gateway rolls it up; where none runs, the next one does.
        onWritten: () => undefined,
        // Who waits for the run hears of it.
        onProblem: () => undefined,
      });
      try {
        return await use(repricing);
      } catch (error) {
        throw error instanceof ProblemError ? new CliError(`${error.message}.`) : error;
      } finally {
        await repricing.stop();
      }
    });
  } finally {
    limits.close();
  }
}

/** A gateway goes on where this is cut off. */
async function runToEnd(repricing: Repricing, fingerprint: string): Promise<RepriceRun> {
  const by = { id: null, username: COMMAND, requestId: newId(), ip: 'local' };
  let run: RepriceRun | null = await repricing.start(fingerprint, by);
  while (run?.status === 'running') {
    await sleep(LOOK_MS);
    await repricing.work();
    run = await repricing.run();
  }
  if (run === null) throw new CliError('The run is gone.');
  return run;
}

function previewLines(preview: RepricePreview): string[] {
  const { scope, checked, totals, stillWithoutPrice, chargedByReservation, byModel, moreModels } = preview;
  const named = byModel.slice(0, NAMED_AT_MOST);
  const more = byModel.length - named.length + moreModels;
  return [
    `From   ${scope.from}`,
    `To     ${scope.to}`,
    `List   ${scope.priceListId}`,
    `${totals.requests} of ${checked} requests change: ${money(totals)}`,
    ...named.map((line) => `  ${line.model}: ${line.requests} requests, ${money(line)}`),
    ...(more > 0 ? [`  and ${more} more models`] : []),
    ...(totals.becamePriced > 0 ? [`${totals.becamePriced} attempts get a price of their own`] : []),
    ...(stillWithoutPrice > 0
      ? [`${stillWithoutPrice} attempts are of models that still have no price`]
      : []),
    ...(chargedByReservation > 0
      ? [`${chargedByReservation} attempts were charged by what they had reserved, and stay`]
      : []),
  ];
}

function money({
  oldCostNanoUsd,
  newCostNanoUsd,
  oldChargedNanoUsd,
  newChargedNanoUsd,
}: RepriceMoney): string {
  return [
    `cost ${change(oldCostNanoUsd, newCostNanoUsd)}`,
    `charged ${change(oldChargedNanoUsd, newChargedNanoUsd)}`,
  ].join(', ');
}

function change(before: number, after: number): string {
  const sign = after > before ? '+' : '';
  return `${nanoToUsd(before)} -> ${nanoToUsd(after)} USD (${sign}${nanoToUsd(after - before)})`;
}
