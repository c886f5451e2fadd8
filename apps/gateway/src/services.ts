// Every dependency of the gateway, made once, floor by floor.
import { lookup } from 'node:dns/promises';
import { join } from 'node:path';
import type { Bind } from '@crs/shared';
import type { Config } from './config/index.ts';
import { Accounts, restRulesOf, StickySessions, stickyRulesOf } from './modules/accounts/index.ts';
import { type Audit, createAudit } from './modules/audit/index.ts';
import { Groups } from './modules/groups/index.ts';
import { Keys } from './modules/keys/index.ts';
import { createLimits, type Limits } from './modules/limits/index.ts';
import { loadPack, Pricing } from './modules/pricing/index.ts';
import { captureRulesOf, createRequests, type RequestServices } from './modules/requests/index.ts';
import { createRepricing, type Repricing } from './modules/repricing/index.ts';
import { createSessions, type Sessions } from './modules/sessions/index.ts';
import { environmentDefaults, Settings } from './modules/settings/index.ts';
import { createStats, KEY_EXPIRES_SOON_MS, NEAR_BUDGET_PERCENT, type Stats } from './modules/stats/index.ts';
import { createUsage, type Usage } from './modules/usage/index.ts';
import { createUsers, type Users } from './modules/users/index.ts';
import { createCalendar, type Calendar } from './platform/calendar.ts';
import { type Clock, systemClock } from './platform/clock.ts';
import { SecretBox } from './platform/crypto/index.ts';
import { createEvents, type Events } from './platform/events.ts';
import { UpstreamClient } from './platform/http/upstream-client.ts';
import { createLog, type Log } from './platform/log.ts';
import { createMetrics, type Metrics } from './platform/metrics.ts';
import { forwardNotices, openRedis, type RedisConnections } from './platform/redis/index.ts';
import { createProviders } from './providers/registry.ts';
import { createJournal, type Journal } from './relay/journal.ts';
import { OpenCalls } from './relay/open-calls.ts';
import { Pools } from './relay/pool.ts';
import { RetryBudget } from './relay/retry-budget.ts';
import type { RelayServices } from './relay/services.ts';

/** What tests put in the place of the real thing. */
export interface Overrides {
  readonly clock?: Clock;
  readonly random?: () => number;
  readonly log?: Log;
  /** When what a process held that fell silent is given up, and how often that is looked for. */
  readonly lostAfter?: { readonly leaseMs: number; readonly graceMs: number; readonly lookEveryMs: number };
}

export interface Services {
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
  readonly events: Events;
  readonly redis: RedisConnections;
  readonly calendar: Calendar;
  readonly settings: Settings;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly audit: Audit;
  readonly pricing: Pricing;
  readonly accounts: Accounts;
  readonly groups: Groups;
  readonly keys: Keys;
  readonly limits: Limits;
  readonly usage: Usage;
  readonly requests: RequestServices['requests'];
  readonly live: RequestServices['live'];
  readonly captures: RequestServices['captures'];
  readonly repricing: Repricing;
  readonly stats: Stats;
  readonly journal: Journal;
  readonly upstream: UpstreamClient;
  readonly relay: RelayServices;
}

/** How long a start waits for Redis before it gives up. */
const REDIS_START_TIMEOUT_MS = 30_000;

/** Connects, loads what lives in memory, takes over what an earlier process left. Rejects when Redis does not answer. */
export async function createServices(config: Config, overrides: Overrides = {}): Promise<Services> {
  const clock = overrides.clock ?? systemClock;
  const log = overrides.log ?? createLog(config.log);
  const metrics = createMetrics();
  const onProblem = (message: string, error: unknown): void => log.app.error({ err: error }, message);
  const events = createEvents((error, name) => onProblem(`a listener of ${name} failed`, error));
  const redis = await connect(config, metrics, onProblem);
  forwardNotices(redis.notices, events);

  const calendar = createCalendar(config.timezone);
  const settings = new Settings({
    redis,
    clock,
    environment: environmentDefaults(config),
    onError: (error) => onProblem('settings', error),
  });
  await settings.start();
  const users = createUsers(redis, clock, () => settings.values('security').passwordMinimumLength);
  const sessions = createSessions({
    redis,
    users,
    events,
    clock,
    jwtSecret: config.secrets.jwtSecret,
    rules: () => settings.values('security'),
  });
  const audit = createAudit({ events, log, redis, clock });
  const pricing = new Pricing({
    redis,
    clock,
    bundled: loadPack(),
    onError: (error) => onProblem('prices', error),
  });
  await pricing.start();
  const usage = createUsage({
    redis,
    calendar,
    clock,
    retentionDays: () => settings.values('retention').requestDays,
    onProblem,
  });
  const upstream = new UpstreamClient({
    connectTimeoutMs: config.relay.connectTimeoutMs,
    allowPrivateUpstreams: config.relay.allowPrivateUpstreams,
  });
  const secrets = new SecretBox(config.secrets.encryptionKey);
  const accounts = new Accounts({
    redis,
    events,
    clock,
    providers: createProviders({ ...config, clock }),
    secrets,
    allowPrivateUpstreams: config.relay.allowPrivateUpstreams,
    lookup: async (hostname) => (await lookup(hostname, { all: true })).map(({ address }) => address),
    send: (request, options) => upstream.send(request, options),
    restRules: restRulesOf(settings),
    calendar,
    renewalLockMs: overrides.lostAfter?.leaseMs,
    groupsExist: (ids) => groups.exist(ids),
    spentToday: async (ids) =>
      (await usage.figures.figuresOf('account', ids)).map(({ today }) => today.costNanoUsd),
    onError: (error) => onProblem('accounts', error),
  });
  const groups = new Groups({ redis, clock, accounts, onError: (error) => onProblem('groups', error) });
  await accounts.start();
  const keys = new Keys({
    redis,
    events,
    clock,
    pepper: config.secrets.encryptionKey,
    keyPrefix: config.apiKeyPrefix,
    bindsExist: (binds) => bindsExist(binds, accounts, groups),
    figuresOf: (ids) => usage.figures.figuresOf('key', ids),
    budgetStates: (budgeted) =>
      limits.states(budgeted.map((key) => ({ ...key, concurrency: 0, windows: [], queue: null }))),
    dayStartMs: (atMs) => calendar.dayStartMs(atMs),
    onError: (error) => onProblem('keys', error),
  });
  const limits = createLimits(redis, {
    calendar,
    clock,
    ...overrides.lostAfter,
    onProblem: (error) => onProblem('limits', error),
  });
  const { requests, live, captures } = createRequests({
    redis,
    clock,
    ledger: usage.ledger,
    secrets,
    retentionDays: () => settings.values('retention').requestDays,
    captureRules: () => captureRulesOf(settings.values('capture')),
    priceLines: (attempt, atMs) => pricing.book(attempt.price.packId).lines(attempt, atMs),
    onProblem,
  });
  const repricing = createRepricing({
    redis,
    pricing,
    limits,
    events,
    clock,
    retentionDays: () => settings.values('retention').requestDays,
    oldestMs: () => requests.oldestMs(),
    keyNames: (ids) => keys.names(ids),
    onWritten: () => usage.roller.kick(),
    onProblem,
  });
  const stats = createStats({
    requests,
    figures: usage.figures,
    calendar,
    clock,
    names: {
      key: (ids) => keys.names(ids),
      user: async (ids) =>
        (await Promise.all(ids.map((id) => users.get(id)))).map((user) => user?.username ?? null),
      account: async (ids) => ids.map((id) => accounts.find(id)?.document.name ?? null),
    },
    tags: () => keys.tagLookup(),
    keysWithTag: (tag) => keys.withTag(tag),
    accounts: () => accountStates(accounts),
    keys: () => keys.overview(KEY_EXPIRES_SOON_MS),
    keysNearBudget: () => keysNearBudget(keys, limits),
    modelsWithoutPrice: () => pricing.unknownModels(),
  });
  const journal = createJournal({
    dir: join(config.dataDir, 'journal'),
    ledger: usage.ledger,
    limits,
    pricing,
    now: () => clock.now(),
    onProblem,
    onDelivered: () => metrics.spoolPending.set(journal.pending),
  });
  redis.onReconnect(() => journal.replay());

  return {
    clock,
    log,
    metrics,
    events,
    redis,
    calendar,
    settings,
    users,
    sessions,
    audit,
    pricing,
    accounts,
    groups,
    keys,
    limits,
    usage,
    requests,
    live,
    captures,
    repricing,
    stats,
    journal,
    upstream,
    relay: {
      keys,
      accounts,
      sticky: new StickySessions({
        redis,
        clock,
        rules: stickyRulesOf(settings),
        onError: (error) => onProblem('a sticky session', error),
      }),
      pools: new Pools(),
      retryBudget: new RetryBudget(),
      limits,
      pricing,
      upstream,
      journal,
      openCalls: new OpenCalls(),
      captures,
      metrics,
      clock,
      random: overrides.random ?? Math.random,
      timeouts: config.relay,
      maxAttempts: config.relay.maxAttempts,
      sessionWaitMs: () => settings.values('stickiness').waitMs,
      logRequest: (line) => log.line(line, 'relayed'),
      onProblem,
    },
  };
}

async function connect(
  config: Config,
  metrics: Metrics,
  onProblem: (message: string, error: unknown) => void,
): Promise<RedisConnections> {
  const redis = openRedis(config.redis, {
    onError: (error) => onProblem('Redis', error),
    onStatus: (isUp) => metrics.redisUp.set(isUp ? 1 : 0),
  });
  try {
    await redis.whenUp(REDIS_START_TIMEOUT_MS);
  } catch (error) {
    await redis.close();
    throw error;
  }
  return redis;
}

async function bindsExist(binds: readonly Bind[], accounts: Accounts, groups: Groups): Promise<boolean[]> {
  return Promise.all(
    binds.map(async (bind) => {
      const [exists = false] = await ('groupId' in bind
        ? groups.exist([bind.groupId])
        : accounts.exist([bind.accountId], bind.kind));
      return exists;
    }),
  );
}

/** Every account with what is known of it now, for the dashboard. */
/** The fullest of them. */
const MOST_NEAR_BUDGET = 20;

async function keysNearBudget(keys: Keys, limits: Limits) {
  const { views } = await keys.list({
    status: 'active',
    budgetUsedPercent: NEAR_BUDGET_PERCENT,
    sort: '-budgetUsed',
    page: 1,
    pageSize: MOST_NEAR_BUDGET,
  });
  const states = await limits.states(views.map(({ key }) => key));
  return views.map(({ key }, index) => ({
    id: key.id,
    name: key.name,
    budgets: (states[index] ?? []).filter(({ limit, owner }) => limit === 'budget' && owner === 'key'),
  }));
}

async function accountStates(accounts: Accounts) {
  const { views } = await accounts.list({ page: 1, pageSize: Number.MAX_SAFE_INTEGER, sort: 'name' });
  return views.map(({ document, standing }) => ({
    id: document.id,
    kind: document.kind,
    name: document.name,
    enabled: document.enabled,
    ...standing,
  }));
}
