// Owns the figures that Prometheus reads: one registry, every metric of the gateway's own.
import cluster from 'node:cluster';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { clusterMetrics } from './cluster-metrics.ts';

/** What counts up, cheaply: the registry hears of it when somebody reads. */
interface Tally<Label extends string> {
  inc(labels: Readonly<Record<Label, string>>, value?: number): void;
}

/** What goes up and down; only the last value before a reading counts. */
interface Level {
  set(value: number): void;
}

export interface Metrics {
  readonly registry: Registry;
  readonly relayRequests: Tally<'dialect' | 'outcome' | 'status'>;
  readonly relayAttempts: Tally<'kind' | 'outcome'>;
  readonly firstEventSeconds: Histogram;
  readonly relayDurationSeconds: Histogram;
  readonly inFlight: Level;
  /** `bucket`: input, cache_write_5m, cache_write_1h, cache_read, output. */
  readonly tokens: Tally<'bucket'>;
  readonly costUsd: Counter;
  readonly redisUp: Gauge;
  readonly spoolPending: Level;
  /** Prometheus exposition text; of all workers where there are several. */
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    relayRequests: createTally(registry, {
      name: 'crs_relay_requests_total',
      help: 'Relayed and refused requests by what the client was answered',
      labelNames: ['dialect', 'outcome', 'status'],
    }),
    relayAttempts: createTally(registry, {
      name: 'crs_relay_attempts_total',
      help: 'Upstream attempts by account kind and outcome',
      labelNames: ['kind', 'outcome'],
    }),
    firstEventSeconds: new Histogram({
      name: 'crs_relay_first_event_seconds',
      help: 'From the arrival of a request to the first event that is delivered',
      buckets: [0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120],
      registers,
    }),
    relayDurationSeconds: new Histogram({
      name: 'crs_relay_duration_seconds',
      help: 'From the arrival of a request to its last byte',
      buckets: [0.1, 0.5, 1, 2, 5, 10, 20, 40, 80, 160, 320, 600],
      registers,
    }),
    inFlight: createLevel(registry, 'crs_relay_in_flight', 'Requests being relayed now'),
    tokens: createTally(registry, {
      name: 'crs_tokens_total',
      help: 'Tokens by bucket; the buckets are disjoint',
      labelNames: ['bucket'],
    }),
    costUsd: new Counter({ name: 'crs_cost_usd_total', help: 'Cost by the price list, USD', registers }),
    redisUp: new Gauge({
      name: 'crs_redis_up',
      help: '1 while Redis answers, to every worker',
      aggregator: 'min',
      registers,
    }),
    spoolPending: createLevel(
      registry,
      'crs_spool_pending',
      'Ledger entries in the local journal that Redis does not have yet',
    ),
    text: cluster.isWorker ? clusterMetrics(registry) : async () => registry.metrics(),
  };
}

/** Labels are sorted, checked and hashed once per reading instead of once per request. */
function createTally<Label extends string>(
  registry: Registry,
  options: { name: string; help: string; labelNames: Label[] },
): Tally<Label> {
  const { labelNames } = options;
  const unread = new Map<string, { labels: Readonly<Record<Label, string>>; value: number }>();
  const counter = new Counter({
    ...options,
    registers: [registry],
    collect: () => {
      for (const { labels, value } of unread.values()) counter.inc(labels, value);
      unread.clear();
    },
  });
  return {
    inc: (labels, value = 1) => {
      let name = '';
      for (const label of labelNames) name += `${labels[label]}\n`;
      const known = unread.get(name);
      if (known === undefined) unread.set(name, { labels, value });
      else known.value += value;
    },
  };
}

function createLevel(registry: Registry, name: string, help: string): Level {
  let value = 0;
  const gauge: Gauge = new Gauge({ name, help, registers: [registry], collect: () => gauge.set(value) });
  return {
    set: (now) => {
      value = now;
    },
  };
}
