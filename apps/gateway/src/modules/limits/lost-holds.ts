// Owns finding what nobody prolongs any more: reservations of processes that are gone.
import type { RedisConnections } from '../../platform/redis/index.ts';
import { readHold } from './holds.ts';

export interface LostHold {
  readonly requestId: string;
  /** As the admission noted it. */
  readonly facts: string;
}

/** Owners nobody asked for since then, and who hold nothing, are forgotten; their next admission notes them again. */
const IDLE_MS = 24 * 3_600_000;
const OWNERS_AT_ONCE = 200;
/** Of one owner; the others come with the next look. */
const MOST_HOLDS = 100;

/** Reservations whose lease ended so long ago that no process can be about to prolong it. */
export async function findLostHolds(
  redis: RedisConnections,
  graceMs: number,
  nowMs: number,
): Promise<LostHold[]> {
  const { background, keyspace } = redis;
  const owners = await background.zrange(keyspace.limitOwners, '0', '-1');
  // Leases are counted by the clock of Redis.
  const [seconds, microseconds] = await background.time();
  const endedBeforeMs = Number(seconds) * 1000 + Math.floor(Number(microseconds) / 1000) - graceMs;
  const lost: LostHold[] = [];
  for (let from = 0; from < owners.length; from += OWNERS_AT_ONCE) {
    const some = owners.slice(from, from + OWNERS_AT_ONCE);
    const found = await Promise.all(some.map((owner) => lostOf(redis, owner, endedBeforeMs)));
    lost.push(...found.flat());
  }
  await forgetIdle(redis, owners, nowMs - IDLE_MS);
  return lost;
}

async function lostOf(redis: RedisConnections, owner: string, endedBeforeMs: number): Promise<LostHold[]> {
  const { background, keyspace } = redis;
  const leases = keyspace.limitLeases(owner);
  const ids = await background.zrangebyscore(leases, '-inf', String(endedBeforeMs), 'LIMIT', 0, MOST_HOLDS);
  if (ids.length === 0) return [];
  const holds = await background.hmget(keyspace.limitHolds(owner), ...ids);
  const lost: LostHold[] = [];
  const settled: string[] = [];
  for (const [index, requestId] of ids.entries()) {
    const text = holds[index];
    if (text === null || text === undefined) settled.push(requestId);
    else lost.push({ requestId, facts: readHold(text).facts });
  }
  // A renewal that came after the settlement left a lease without a hold.
  if (settled.length > 0) await background.zrem(leases, ...settled);
  return lost;
}

async function forgetIdle(
  { background, keyspace }: RedisConnections,
  owners: readonly string[],
  beforeMs: number,
): Promise<void> {
  const idle = await background.zrangebyscore(keyspace.limitOwners, '-inf', beforeMs);
  const known = new Set(owners);
  for (const owner of idle) {
    if (!known.has(owner)) continue;
    if ((await background.exists(keyspace.limitLeases(owner))) === 0)
      await background.zrem(keyspace.limitOwners, owner);
  }
}
