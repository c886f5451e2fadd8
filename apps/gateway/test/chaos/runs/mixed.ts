// Everything at once: faults, departures, killed and restarted gateways, a frozen Redis, a failover. Then the books.
import { setTimeout as sleep } from 'node:timers/promises';
import { compareBooks, readBooks, stillHeld, verifyLedger } from '../books.ts';
import { type MixedLoad, startMixedLoad } from '../mixed-load.ts';
import type { GatewayProcess } from '../processes.ts';
import { listed, type Run, type RunContext, until, type Verdict, verdict } from '../run.ts';
import { patiently, type StageKey } from '../stage.ts';

interface MixedSizes {
  readonly [name: string]: number;
  readonly calls: number;
  readonly gateways: number;
  readonly workers: number;
  readonly keysOfWorker: number;
  readonly accounts: number;
  /** SIGKILLs, spread over the run. */
  readonly kills: number;
  readonly terms: number;
  readonly freezeMs: number;
  /** 1: a master, a replica and three Sentinels, and one failover. */
  readonly sentinels: number;
  /** 1: the Sentinels fail a frozen master over, which comes back believing that it is still one. */
  readonly stale: number;
  readonly leaseMs: number;
  readonly graceMs: number;
}

const LOOK_EVERY_MS = 1000;

export const mixed: Run<MixedSizes> = {
  name: 'mixed',
  title: 'mixed calls with faults, departures, kills, a frozen Redis and a failover',
  sizes: {
    calls: 20_000,
    gateways: 3,
    workers: 60,
    keysOfWorker: 8,
    accounts: 90,
    kills: 20,
    terms: 3,
    freezeMs: 3000,
    sentinels: 1,
    stale: 0,
    leaseMs: 15_000,
    graceMs: 15_000,
  },
  stage: ({ gateways, sentinels, stale, freezeMs, leaseMs, graceMs }) => ({
    gateways,
    sentinelsDownAfterMs: sentinels === 0 ? null : stale > 0 ? 1000 : freezeMs + 1000,
    lostAfterMs: [leaseMs, graceMs, LOOK_EVERY_MS],
    env: {
      FIRST_EVENT_TIMEOUT_MS: '700',
      IDLE_TIMEOUT_MS: '700',
      REQUEST_TIMEOUT: '5000',
      HOLD_BACK_MS: '300',
      DRAIN_TIMEOUT_MS: '1500',
      // Faults strike every account here: long rests would leave nobody to answer.
      UPSTREAM_ERROR_503_TTL_SECONDS: '1',
      UPSTREAM_ERROR_5XX_TTL_SECONDS: '1',
      UPSTREAM_ERROR_OVERLOAD_TTL_SECONDS: '1',
      UPSTREAM_ERROR_TIMEOUT_TTL_SECONDS: '1',
      UPSTREAM_ERROR_MAX_CUSTOM_TTL_SECONDS: '1',
    },
  }),
  play,
};

async function play(context: RunContext<MixedSizes>): Promise<Verdict[]> {
  const { stage, sizes, random, say } = context;
  const accounts = await stage.addAccounts(sizes.accounts);
  const keys = await stage.addKeys(sizes.workers * sizes.keysOfWorker, keyFields);
  say(`${keys.length} keys, ${accounts.length} accounts; the load begins`);
  const startedAt = performance.now();
  const load = startMixedLoad(stage, { ...sizes, keys, random });
  let isOver = false;
  const reports = setInterval(() => say(`${load.done} of ${sizes.calls} calls`), 10_000);
  const doctor = healAccounts(context, () => isOver);
  try {
    await Promise.all([load.finished, strike(context, load)]);
  } finally {
    clearInterval(reports);
    isOver = true;
    await doctor;
  }
  const seconds = Math.round((performance.now() - startedAt) / 100) / 10;
  say(`all calls ended after ${seconds} s: ${endsOf(load)}`);
  return judge(context, load, keys);
}

/** Every kind of limit is in use; some are met. */
function keyFields(
  index: number,
): Parameters<RunContext<MixedSizes>['stage']['addKeys']>[1] extends (index: number) => infer Fields
  ? Fields
  : never {
  return {
    budgetMode: index % 2 === 0 ? 'strict' : 'expected',
    budgets: [
      { every: 'total', usd: index % 11 === 0 ? 0.05 : 100 },
      { every: 'day', usd: 50, models: ['claude-*'] },
    ],
    windows: [
      { every: 'minute', count: 1, requests: index % 7 === 0 ? 20 : 10_000 },
      { every: 'hour', count: 1, tokens: 10_000_000, usd: 90 },
    ],
    concurrency: 3,
    queue: index % 3 === 0 ? { size: 2, waitSeconds: 2 } : null,
    rates: index % 4 === 0 ? { claude: 1.5 } : {},
    ...(index % 5 === 0 ? { userId: `owner-${index % 10}` } : {}),
  };
}

interface Struck {
  readonly restarted: Promise<void>;
}

const nothingToRestart: Struck = { restarted: Promise.resolve() };

interface Blow {
  readonly at: number;
  readonly isKill: boolean;
  /** Resolves when it is struck. */
  readonly strike: () => Promise<Struck>;
}

/** What happens to the processes, each when its share of the calls is done. */
async function strike(context: RunContext<MixedSizes>, load: MixedLoad): Promise<void> {
  const { sizes } = context;
  const blows: Blow[] = [];
  for (let kill = 1; kill <= sizes.kills; kill += 1)
    blows.push({ at: kill / (sizes.kills + 1), isKill: true, strike: () => killOne(context) });
  for (let term = 1; term <= sizes.terms; term += 1)
    blows.push({ at: (term - 0.4) / (sizes.terms + 1), isKill: true, strike: () => terminateOne(context) });
  if (sizes.freezeMs > 0) blows.push({ at: 0.22, isKill: false, strike: () => freezeRedis(context) });
  if (sizes.sentinels > 0 && sizes.stale === 0)
    blows.push({ at: 0.55, isKill: false, strike: () => failOver(context) });
  const under: Promise<void>[] = [];
  // Kills wait for a second gateway, one after the other; Redis fails whatever else is under way.
  let kills: Promise<void> = Promise.resolve();
  for (const { at, isKill, strike: blow } of blows.sort((one, other) => one.at - other.at)) {
    await until(() => load.done >= at * sizes.calls, Number.POSITIVE_INFINITY);
    if (isKill) kills = kills.then(async () => void under.push((await blow()).restarted));
    else under.push(blow().then(({ restarted }) => restarted));
  }
  await kills;
  await Promise.all(under);
}

async function killOne({ stage, random, say }: RunContext<MixedSizes>): Promise<Struck> {
  const gateway = await oneOfSeveral(stage.gateways, random.next());
  if (gateway === null) return nothingToRestart;
  const pause = 100 + random.below(900);
  say(`SIGKILL of ${gateway.name}`);
  await gateway.kill();
  return { restarted: sleep(pause).then(() => gateway.start()) };
}

async function terminateOne({ stage, random, say }: RunContext<MixedSizes>): Promise<Struck> {
  const gateway = await oneOfSeveral(stage.gateways, random.next());
  if (gateway === null) return nothingToRestart;
  say(`SIGTERM to ${gateway.name}`);
  return { restarted: gateway.terminate().then(() => gateway.start()) };
}

/** One always stays, so that there is somebody to call: waits until there are two. */
async function oneOfSeveral(
  gateways: readonly GatewayProcess[],
  draw: number,
): Promise<GatewayProcess | null> {
  const serving = (): GatewayProcess[] => gateways.filter(({ isServing }) => isServing);
  if (!(await until(() => serving().length >= 2, 60_000))) return null;
  return serving()[Math.floor(draw * serving().length)] ?? null;
}

async function freezeRedis({ stage, sizes, say }: RunContext<MixedSizes>): Promise<Struck> {
  say(`Redis stands still for ${sizes.freezeMs} ms`);
  stage.redis.freeze();
  await sleep(sizes.freezeMs);
  stage.redis.thaw();
  return nothingToRestart;
}

async function failOver({ stage, say }: RunContext<MixedSizes>): Promise<Struck> {
  say('SIGKILL of the Redis master');
  say(`the Sentinels promoted the replica after ${await stage.redis.failOver()} ms`);
  return nothingToRestart;
}

/** An administrator who puts resting accounts back to work, since faults strike all of them here. */
async function healAccounts({ stage }: RunContext<MixedSizes>, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await sleep(500);
    await heal(stage).catch(() => {
      // The gateway that was asked has just been killed.
    });
  }
}

async function heal(stage: RunContext<MixedSizes>['stage']): Promise<void> {
  const admin = stage.admin();
  const { items } = await admin.accounts.list({ query: { pageSize: 100 } });
  for (const { id, kind, status } of items) {
    if (status !== 'ready') await admin.accounts.reset({ params: { kind, id } });
  }
}

function endsOf(load: MixedLoad): string {
  return [...load.ends]
    .sort(([, one], [, other]) => other - one)
    .map(([name, count]) => `${name} ${count}`)
    .join(', ');
}

async function judge(
  context: RunContext<MixedSizes>,
  load: MixedLoad,
  keys: readonly StageKey[],
): Promise<Verdict[]> {
  const { stage, sizes, say } = context;
  const accounts = (await patiently(() => stage.admin().accounts.list({ query: { pageSize: 100 } }))).items;
  const patience = sizes.leaseMs + sizes.graceMs + 20 * LOOK_EVERY_MS + 15_000;
  say('waiting for what dead processes held to run out');
  let held: string[] = [];
  await until(
    async () => {
      held = await stillHeld(stage, keys, accounts);
      return held.length === 0;
    },
    patience,
    1000,
  );
  const verified = await verifyLedger(stage);
  const arrivals = await stage.simulator.arrivals();
  const books = await stage.withRedis(readBooks);
  const found = compareBooks(books, load.calls, arrivals);
  const share = (100 * found.matched) / Math.max(1, found.arrivals);
  const never = Object.entries(found.neverSent).map(([reason, count]) => `${count} ${reason}`);
  const faults = faultsTold(stage.gateways);
  return [
    verdict(
      'every attempt that reached the upstream has its row',
      found.missing.length === 0 && found.arrivals > sizes.calls / 2,
      `${found.matched} of ${found.arrivals} (${share.toFixed(3)} %), missing ${listed(found.missing)}`,
    ),
    verdict(
      'no row is doubled or made up',
      found.unexplained.length === 0,
      `${found.rows} rows of ${found.requests} requests; never sent: ${never.join(', ') || 'none'}; unexplained ${listed(found.unexplained)}`,
    ),
    verdict(
      'no call that was refused is charged',
      found.chargedThoughRefused.length === 0,
      listed(found.chargedThoughRefused),
    ),
    verdict('each request names its attempts', found.torn.length === 0, listed(found.torn)),
    verdict('nothing stays held once leases ran out', held.length === 0, listed(held)),
    verdict(
      'counters and figures equal the ledger to the nano-dollar (crs ledger verify)',
      verified.exitCode === 0,
      verified.text,
    ),
    verdict('no gateway met a fault of its own', faults.length === 0, listed(faults)),
  ];
}

/** Log lines of what must not happen, whatever is down. */
function faultsTold(gateways: readonly GatewayProcess[]): string[] {
  return gateways.flatMap((gateway) =>
    gateway
      .log()
      .filter((line) =>
        /a request failed inside|more than its strict reservation|cannot be read|cannot be written|uncaught|unhandled/.test(
          line,
        ),
      ),
  );
}
