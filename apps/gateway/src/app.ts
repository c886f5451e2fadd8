// The plan of the house: what is mounted where, how it starts and how it ends.
import { writeSync } from 'node:fs';
import { api } from '@crs/shared';
import Fastify, { type FastifyInstance } from 'fastify';
import type { Config } from './config/index.ts';
import { mountConsole } from './entry/console.ts';
import { mountAdminApi } from './entry/mount.ts';
import { replyWithProblem } from './entry/problem-reply.ts';
import { mountPublicRoutes } from './entry/public.routes.ts';
import { relayFamilies } from './entry/relay-addresses.ts';
import { mountEventSink, mountRelay } from './entry/relay.routes.ts';
import { watchSilentConnections } from './entry/silent-connections.ts';
import { reachableModels } from './relay/model-list.ts';
import { accountHandlers } from './modules/accounts/accounts.routes.ts';
import { allJobs, createJobRunner, type JobRunner } from './jobs/index.ts';
import { groupHandlers } from './modules/groups/groups.routes.ts';
import { keyHandlers } from './modules/keys/keys.routes.ts';
import { pricingHandlers } from './modules/pricing/pricing.routes.ts';
import { repricingHandlers } from './modules/repricing/repricing.routes.ts';
import { requestHandlers } from './modules/requests/requests.routes.ts';
import { auditHandlers } from './modules/audit/audit.routes.ts';
import { authHandlers } from './modules/sessions/auth.routes.ts';
import { publicHandlers, settingsHandlers } from './modules/settings/settings.routes.ts';
import { searchHandlers } from './modules/search/search.routes.ts';
import { createKeyAsks } from './modules/stats/index.ts';
import { keyStatsHandlers } from './modules/stats/key-stats.routes.ts';
import { dashboardHandlers, statsHandlers } from './modules/stats/stats.routes.ts';
import type { NewPassword } from './modules/users/index.ts';
import { newRequestId } from './platform/ids.ts';
import { createServices, type Overrides, type Services } from './services.ts';

export interface Gateway {
  readonly app: FastifyInstance;
  readonly services: Services;
  readonly config: Config;
  /** Resolves with the address it listens on. */
  listen(): Promise<string>;
  /** Lets running requests finish for the configured time, writes the last rows, closes everything; once. */
  close(): Promise<void>;
}

const KEEP_ALIVE_MS = 65_000;
const BACKLOG = 8192;
const JOURNAL_END_MS = 3000;
const CAPTURES_END_MS = 2000;

/** Everything but listening. Rejects when Redis does not answer or a setting cannot be honoured. */
export async function build(config: Config, overrides: Overrides = {}): Promise<Gateway> {
  const services = await createServices(config, overrides);
  const startedAtMs = services.clock.now();
  const app = Fastify({
    logger: false,
    trustProxy: trustedProxies(config.trustProxy),
    requestTimeout: 0,
    keepAliveTimeout: KEEP_ALIVE_MS,
    forceCloseConnections: 'idle',
    return503OnClosing: false,
    genReqId: () => newRequestId(services.clock.now()),
    frameworkErrors: (error, request, reply) =>
      void replyWithProblem(error, request, reply, services.log.app),
  });
  const endSilentConnections = watchSilentConnections(app.server);
  const { openCalls } = services.relay;
  const jobs = createJobRunner(
    allJobs(
      {
        ...services,
        ...services.usage,
        cleanupEveryMs: config.cleanupIntervalMs,
        onProblem: services.relay.onProblem,
      },
      overrides.lostAfter?.lookEveryMs,
    ),
    {
      redis: services.redis,
      clock: services.clock,
      log: services.log.app,
    },
  );
  let isListening = false;
  let closing: Promise<void> | null = null;

  await mountPublicRoutes(app, {
    log: services.log.app,
    version: config.version,
    clock: services.clock,
    startedAtMs,
    components: () => ({ redis: redisHealth(services) }),
    isAccepting: () => isListening && !openCalls.isDraining,
    metrics: services.metrics,
    metricsToken: config.metricsToken,
  });
  await mountAdmin(app, config, services);
  await mountEventSink(app);
  for (const family of relayFamilies) {
    await mountRelay(app, family, {
      services: services.relay,
      keyPrefix: config.apiKeyPrefix,
      maxBodyBytes: config.relay.maxBodyBytes,
      models: (scope, client, service) =>
        reachableModels(
          services.accounts.live(),
          services.pricing.current(),
          { scope, client, service },
          services.clock.now(),
        ),
      keyUsage: async (keyId) => {
        const [usage] = await services.usage.figures.figuresOf('key', [keyId]);
        if (usage === undefined) throw new Error('one key in, one summary out');
        return usage;
      },
      onKeyRefused: (code, address) =>
        services.events.emit('security', { kind: 'relay.key_refused', detail: { code, ip: address } }),
    });
  }
  if (config.webRoot !== null) await mountConsole(app, config.webRoot);

  return {
    app,
    services,
    config,
    listen: async () => {
      await start(config, services);
      jobs.start();
      isListening = true;
      return app.listen({ port: config.port, host: config.bindHost, backlog: BACKLOG });
    },
    close: () => {
      closing ??= closeAll(app, services, jobs, config.drainTimeoutMs, endSilentConnections);
      return closing;
    },
  };
}

async function mountAdmin(app: FastifyInstance, config: Config, services: Services): Promise<void> {
  const { accounts, audit, calendar, captures, clock, events, groups, keys, limits, live } = services;
  const { requests, sessions, settings, stats, usage } = services;
  const handlers = {
    auth: authHandlers({
      sessions,
      clock,
      server: { version: config.version, timezone: calendar.label, apiKeyPrefix: config.apiKeyPrefix },
      passwordMinimumLength: () => settings.values('security').passwordMinimumLength,
    }),
    keys: keyHandlers({
      keys,
      clock,
      figuresOf: (ids) => usage.figures.figuresOf('key', ids),
      limitStates: (documents) => limits.states(documents),
      statsOf: (query) => stats.usage(query),
    }),
    accounts: accountHandlers({
      accounts,
      clock,
      figuresOf: (ids) => usage.figures.figuresOf('account', ids),
      keysBoundTo: (ids) => keys.boundTo(ids.map((accountId) => ({ accountId }))),
      bindsOf: async (keyId) => (await keys.get(keyId)).key.binds,
      quartersOf: (id, startsMs) => usage.figures.accountQuarters(id, startsMs),
    }),
    groups: groupHandlers({
      groups,
      keysBoundTo: (ids) => keys.boundTo(ids.map((groupId) => ({ groupId }))),
    }),
    pricing: {
      ...pricingHandlers({ pricing: services.pricing }),
      ...repricingHandlers({ repricing: services.repricing }),
    },
    requests: requestHandlers({ requests, live, captures, clock }),
    stats: statsHandlers({ stats }),
    dashboard: dashboardHandlers({ stats }),
    settings: settingsHandlers({ settings }),
    audit: auditHandlers({ audit, clock }),
    search: searchHandlers({ keys, accounts, groups, requests }),
    public: {
      ...publicHandlers({ settings }),
      ...keyStatsHandlers({
        keys,
        stats,
        clock,
        calendar,
        asks: createKeyAsks(services.redis),
        figuresOf: (ids) => usage.figures.figuresOf('key', ids),
        limitStates: (documents) => limits.states(documents),
        onUnknownKey: (address) =>
          events.emit('security', { kind: 'key_stats.unknown_key', detail: { ip: address } }),
      }),
    },
  };
  await mountAdminApi(app, api, handlers, {
    sessions,
    events,
    corsOrigins: config.corsOrigins,
    log: services.log.app,
    version: config.version,
  });
}

/** What must be there before the first request: an admin, and the rows of an earlier process. */
async function start(config: Config, services: Services): Promise<void> {
  const created = await services.users.ensureAdmin(config.admin);
  if (created !== null) announce(created, config.bootstrapNoticeFd);
  services.usage.roller.start();
  const abandoned = services.journal.recover();
  if (abandoned > 0)
    services.log.app.warn({ abandoned }, 'attempts of a process that died were charged by estimate');
}

/** The generated password is told this once: to whoever started us, else on standard output. Never to a log file. */
function announce({ username, password }: NewPassword, descriptor: number | null): void {
  const notice = JSON.stringify({ adminUsername: username, adminPassword: password });
  writeSync(descriptor ?? 1, `${notice}\n`);
}

async function closeAll(
  app: FastifyInstance,
  services: Services,
  jobs: JobRunner,
  drainTimeoutMs: number,
  endSilentConnections: () => void,
): Promise<void> {
  await services.relay.openCalls.drain(drainTimeoutMs);
  services.live.close();
  const closed = app.close();
  endSilentConnections();
  await closed;
  await services.repricing.stop();
  await jobs.stop();
  await end(services);
}

/** From the top floor down; each may still need what is below it. */
async function end(services: Services): Promise<void> {
  await services.journal.end(JOURNAL_END_MS);
  await services.captures.idle(CAPTURES_END_MS);
  await services.usage.roller.stop();
  services.settings.stop();
  services.limits.close();
  services.keys.stop();
  await services.pricing.stop();
  services.groups.stop();
  await services.accounts.stop();
  await services.audit.close();
  await services.upstream.close();
  await services.redis.close();
  await services.log.close();
}

function redisHealth({ redis }: Services): { status: 'healthy' | 'unhealthy'; latencyMs: number | null } {
  const { up, latencyMs } = redis.status();
  return { status: up ? 'healthy' : 'unhealthy', latencyMs };
}

/** A number counts the proxies in front of us, nearest first. */
function trustedProxies(trusted: Config['trustProxy']) {
  return typeof trusted === 'number' ? (_address: string, hop: number) => hop < trusted : trusted;
}
