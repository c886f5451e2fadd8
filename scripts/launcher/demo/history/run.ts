// Two months of made-up requests for the demo, written as the gateway writes those it relays: by its ledger, limits, roller
// and prices. A program of its own, run by the demo's start with the gateway's environment; it refuses every Redis but
// the demo's.
import { loadOwnConfig } from '../../../../apps/gateway/src/config/index.ts';
import { KeyRepository } from '../../../../apps/gateway/src/modules/keys/index.ts';
import type { KeyDocument } from '../../../../apps/gateway/src/modules/keys/index.ts';
import { type LedgerEntry, rowsToSettle } from '../../../../apps/gateway/src/modules/usage/index.ts';
import { createServices, type Services } from '../../../../apps/gateway/src/services.ts';
import { seededRandom } from '../random.ts';
import { sampleKeys } from '../sample-keys.ts';
import { arrivals, outageOf } from './arrivals.ts';
import { accountsOverTime, backdateAccounts, backdateKeys, restAccount } from './documents.ts';
import { Past } from './past.ts';
import { requireThrowAway } from './throw-away.ts';

const SEED = 20_260_201;
/** Rows in one call of the ledger. */
const BATCH_ROWS = 500;

async function main(): Promise<void> {
  const config = loadOwnConfig();
  const services = await createServices(config);
  const { redis, usage } = services;
  const { server } = config.redis;
  await requireThrowAway({
    redis: redis.background,
    port: server.type === 'single' ? server.port : 0,
    dataDir: config.dataDir,
    hasRows: (await usage.ledger.lastEntryId()) !== '0-0',
  });
  const nowMs = services.clock.now();
  const keys = await keysByName(services);
  await backdateKeys(redis, keys, nowMs);
  await backdateAccounts(redis, nowMs);
  const requests = await writeHistory(services, keys, nowMs);
  restAccount(services, nowMs);
  await services.accounts.stop();
  process.stdout.write(`${JSON.stringify({ requests })}\n`);
  await redis.close();
}

async function writeHistory(
  { accounts, calendar, limits, pricing, usage }: Services,
  keys: ReadonlyMap<string, KeyDocument>,
  nowMs: number,
): Promise<number> {
  const random = seededRandom(SEED);
  const came = arrivals(sampleKeys(nowMs), nowMs, calendar, random);
  const outage = outageOf(nowMs, calendar);
  const { accountsAt, isFailing } = accountsOverTime(accounts.live(), nowMs);
  const past = new Past({
    accountsAt,
    isOut: (account, atMs) => isFailing(account) && atMs >= outage.fromMs && atMs < outage.untilMs,
    keys,
    prices: pricing.current(),
    random,
  });
  let settled: Promise<void> = Promise.resolve();
  let batch: LedgerEntry[] = [];
  const write = async (): Promise<void> => {
    const written = await usage.ledger.append(batch);
    batch = [];
    await settled;
    settled = limits.settle(rowsToSettle(written));
  };
  for (const arrival of came) {
    batch.push(...past.rowsOf(arrival));
    if (batch.length >= BATCH_ROWS) await write();
  }
  await write();
  await settled;
  await usage.roller.caughtUp();
  return came.length;
}

async function keysByName({ redis }: Services): Promise<Map<string, KeyDocument>> {
  const { documents } = new KeyRepository(redis);
  const { ids } = await documents.changesSince(0, 1000);
  const keys = await documents.getMany(ids);
  return new Map(keys.flatMap((key) => (key === null ? [] : [[key.name, key]])));
}

try {
  await main();
  process.exit(0);
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}
