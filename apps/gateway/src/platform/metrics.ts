// Owns the figures that Prometheus reads: one registry, every metric of the gateway's own.
import cluster from 'node:cluster';
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import { clusterMetrics } from './cluster-metrics.ts';

export interface Metrics {
  readonly registry: Registry;
  readonly relayRequests: Counter<'dialect' | 'outcome' | 'status'>;
  readonly relayAttempts: Counter<'kind' | 'outcome'>;
  readonly firstEventSeconds: Histogram;
  readonly relayDurationSeconds: Histogram;
  readonly inFlight: Gauge;
  /** `bucket`: input, cache_write_5m, cache_write_1h, cache_read, output. */
  readonly tokens: Counter<'bucket'>;
  readonly costUsd: Counter;
  readonly redisUp: Gauge;
  readonly spoolPending: Gauge;
  /** Prometheus exposition text; of all workers where there are several. */
  text(): Promise<string>;
}

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  return {
    registry,
    relayRequests: new Counter({
      name: 'crs_relay_requests_total',
      help: 'Relayed and refused requests by what the client was answered',
      labelNames: ['dialect', 'outcome', 'status'],
      registers,
    }),
    relayAttempts: new Counter({
      name: 'crs_relay_attempts_total',
      help: 'Upstream attempts by account kind and outcome',
      labelNames: ['kind', 'outcome'],
      registers,
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
    inFlight: new Gauge({ name: 'crs_relay_in_flight', help: 'Requests being relayed now', registers }),
    tokens: new Counter({
      name: 'crs_tokens_total',
      help: 'Tokens by bucket; the buckets are disjoint',
      labelNames: ['bucket'],
      registers,
    }),
    costUsd: new Counter({ name: 'crs_cost_usd_total', help: 'Cost by the price list, USD', registers }),
    redisUp: new Gauge({
      name: 'crs_redis_up',
      help: '1 while Redis answers, to every worker',
      aggregator: 'min',
      registers,
    }),
    spoolPending: new Gauge({
      name: 'crs_spool_pending',
      help: 'Ledger entries in the local journal that Redis does not have yet',
      registers,
    }),
    text: cluster.isWorker ? clusterMetrics(registry) : async () => registry.metrics(),
  };
}
