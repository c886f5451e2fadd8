// `crs prices show` and `crs prices update FILE`: what calls cost, and a newer price pack put into force.
import { readFileSync, statSync } from 'node:fs';
import {
  type ModelPrice,
  type PricePeriod,
  picoToUsdPerMTok,
  priceBuckets,
  usdPerMTokToPico,
} from '@crs/shared';
import pino from 'pino';
import type { Config } from '../config/index.ts';
import { createAudit } from '../modules/audit/index.ts';
import {
  InvalidPack,
  loadPack,
  packDifferences,
  parsePack,
  PRICES_TARGET,
  Pricing,
} from '../modules/pricing/index.ts';
import type { PackDifferences, PricePack } from '../modules/pricing/index.ts';
import { systemClock } from '../platform/clock.ts';
import { createEvents, type Events } from '../platform/events.ts';
import { newId } from '../platform/ids.ts';
import { ProblemError } from '../platform/problem.ts';
import type { RedisConnections } from '../platform/redis/index.ts';
import { CliError, type CliCall, type CliResult } from './command.ts';
import { withRedis } from './with-redis.ts';

const MAX_FILE_BYTES = 10 * 1024 * 1024;
const COMMAND = 'crs prices update';
const NAMED_AT_MOST = 40;

export async function showPrices(config: Config, { args: [wanted] }: CliCall): Promise<CliResult> {
  return withPricing(config, async (pricing) => {
    const { models, pack, overrides, rates, unknownModels, priceListId } = await pricing.get();
    const head = {
      text: [
        `Pack   ${pack.id}, ${pack.source}`,
        `List   ${priceListId}`,
        `Rates  ${Object.entries(rates)
          .map(([service, rate]) => `${service} ${rate}`)
          .join(', ')}`,
      ],
      json: { pack, priceListId, rates },
    };
    if (wanted === undefined) {
      return {
        json: { ...head.json, models, overrides, unknownModels },
        text: [...head.text, '', ...table(models), ...unpriced(unknownModels)].join('\n'),
      };
    }
    const found = models.filter(({ id, provider }) => id === wanted || `${provider}/${id}` === wanted);
    if (found.length === 0)
      throw new CliError(`There is no price for ${wanted}. Without a name all are shown.`);
    const histories = await Promise.all(
      found.map(({ id, provider }) => pricing.history({ provider, model: id })),
    );
    return {
      json: { ...head.json, models: found, histories },
      text: [
        ...head.text,
        ...histories.flatMap(({ provider, model, periods }) => [
          '',
          `${provider}/${model}`,
          ...periods.flatMap(periodLines),
        ]),
      ].join('\n'),
    };
  });
}

export async function updatePrices(config: Config, call: CliCall): Promise<CliResult> {
  const [file = ''] = call.args;
  const { options, ask } = call;
  const pack = readPack(file);
  return withPricing(config, async (pricing, redis) => {
    const current = pricing.current().pack;
    const differences = packDifferences(current, pack, systemClock.now());
    const json = { from: current.id, to: pack.id, date: pack.date, ...differences };
    const lines = [`From  ${current.id}`, `To    ${pack.id}`, ...differenceLines(differences)];
    if (current.id === pack.id)
      return { json: { ...json, applied: false }, text: `${pack.id} is in force already.` };
    if (options['dryRun'] === true)
      return { json: { ...json, applied: false }, text: [...lines, 'Nothing was changed.'].join('\n') };
    if (options['yes'] !== true && !(await confirm(lines, ask))) {
      return { json: { ...json, applied: false }, text: 'Nothing was changed.', exitCode: 1 };
    }
    await install(pricing, pack, redis);
    const done = `${pack.id} is in force for requests that arrive from now on, on every replica.`;
    return {
      json: { ...json, applied: true },
      text: [...(options['yes'] === true ? lines : []), done].join('\n'),
    };
  });
}

async function confirm(lines: readonly string[], ask: CliCall['ask']): Promise<boolean> {
  if (ask === null) throw new CliError('Nobody can be asked here. Look with --dry-run, then pass --yes.');
  return /^y(es)?$/i.test((await ask(`${lines.join('\n')}\nPut it into force? [y/N] `)).trim());
}

async function install(pricing: Pricing, pack: PricePack, redis: RedisConnections): Promise<void> {
  await withAudit(redis, async (events) => {
    try {
      const { before, after } = await pricing.install(pack, COMMAND);
      const act = { actor: null, action: 'pricing.update', target: PRICES_TARGET, before, after };
      events.emit('audit', { ...act, requestId: newId(), ip: 'local' });
    } catch (error) {
      throw error instanceof ProblemError ? new CliError(`${error.message}.`) : error;
    }
  });
}

/** What is told there while `use` runs is in the audit trail when it resolves. */
export async function withAudit<T>(redis: RedisConnections, use: (events: Events) => Promise<T>): Promise<T> {
  const events = createEvents((error) => {
    throw error;
  });
  const silent = pino({ enabled: false });
  const audit = createAudit({
    events,
    redis,
    clock: systemClock,
    log: { audit: silent, auth: silent, security: silent },
  });
  try {
    return await use(events);
  } finally {
    await audit.close();
  }
}

function readPack(file: string): PricePack {
  try {
    const { size } = statSync(file);
    if (size > MAX_FILE_BYTES) throw new CliError(`${file} is too large for a price pack.`);
    return parsePack(readFileSync(file, 'utf8'));
  } catch (error) {
    if (error instanceof CliError) throw error;
    if (error instanceof InvalidPack) throw new CliError(`${file}: ${error.message}`);
    throw new CliError(`${file} cannot be read (${error instanceof Error ? error.message : String(error)}).`);
  }
}

export async function withPricing<T>(
  config: Config,
  use: (pricing: Pricing, redis: RedisConnections) => Promise<T>,
): Promise<T> {
  return withRedis(config, async (redis) => {
    const onError = (error: unknown): never => {
      throw error;
    };
    const pricing = new Pricing({ redis, clock: systemClock, bundled: loadPack(), onError });
    try {
      await pricing.start();
      return await use(pricing, redis);
    } finally {
      await pricing.stop();
    }
  });
}

const columns = ['MODEL', 'INPUT', 'OUTPUT', 'WRITE 5M', 'WRITE 1H', 'READ'];

/** USD per million tokens. */
function table(models: readonly ModelPrice[]): string[] {
  const rows = models.flatMap(({ id, provider, usdPerMTok, tiers, overrideId }) => [
    [`${provider}/${id}${overrideId === null ? '' : ' *'}`, ...cells(usdPerMTok)],
    ...tiers.map((tier) => [`  above ${tier.aboveInputTokens}`, ...cells(tier.usdPerMTok)]),
  ]);
  const widths = columns.map((name, index) =>
    Math.max(name.length, ...rows.map((row) => row[index]?.length ?? 0)),
  );
  const line = (row: readonly string[]): string =>
    row
      .map((cell, index) => (index === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[index] ?? 0)))
      .join('  ');
  return [...[columns, ...rows].map(line), '', 'USD per million tokens; * overridden, - as input.'];
}

function cells(prices: ModelPrice['usdPerMTok']): string[] {
  return (['input', 'output', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead'] as const).map((bucket) =>
    usdText(prices[bucket]),
  );
}

function usdText(usd: number | null): string {
  return usd === null ? '-' : picoToUsdPerMTok(usdPerMTokToPico(usd));
}

function unpriced(models: readonly { model: string; requests: number; chargedAs: string }[]): string[] {
  if (models.length === 0) return [];
  return [
    '',
    'Without a price:',
    ...models.map(
      ({ model, requests, chargedAs }) => `  ${model}: ${requests} requests, charged as ${chargedAs}`,
    ),
  ];
}

function periodLines({ from, source, override, usdPerMTok, tiers }: PricePeriod): string[] {
  const words = (prices: ModelPrice['usdPerMTok']): string =>
    priceBuckets.map((bucket) => `${bucket} ${usdText(prices[bucket])}`).join(', ');
  return [
    `  ${from === null ? 'until then' : `from ${from}`} (${source}${override === null ? '' : ` by ${override.createdBy}`})`,
    `    ${words(usdPerMTok)}`,
    ...tiers.map((tier) => `    above ${tier.aboveInputTokens} tokens: ${words(tier.usdPerMTok)}`),
  ];
}

function differenceLines({ added, removed, changed }: PackDifferences): string[] {
  const all = [
    ...added.map((key) => `  + ${key}`),
    ...removed.map((key) => `  - ${key}: requests of it will be charged as the dearest of its family`),
    ...changed.map(({ model, changes }) => `  ~ ${model}: ${changes.join(', ')}`),
  ];
  const named = all.slice(0, NAMED_AT_MOST);
  return [
    `${added.length} models added, ${removed.length} removed, ${changed.length} changed`,
    ...(all.length > named.length
      ? [...named, `  and ${all.length - named.length} more (--json has all)`]
      : named),
  ];
}
