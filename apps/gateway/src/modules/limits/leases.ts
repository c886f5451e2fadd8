// Owns the leases this process holds: prolonged together, given back one by one and never waited for.
import type { RedisConnections } from '../../platform/redis/index.ts';
import { defineScript } from '../../platform/redis/index.ts';
import type { Reservation } from './limits.ts';

const renewScript = defineScript(new URL('./scripts/renew.lua', import.meta.url));
/** A lease survives two renewals that fail. */
const RENEWALS_PER_LEASE = 3;

export class Leases {
  readonly #redis: RedisConnections;
  readonly #leaseMs: number;
  readonly #onProblem: (error: unknown) => void;
  readonly #held = new Map<string, Set<string>>();
  readonly #timer: NodeJS.Timeout;

  constructor(redis: RedisConnections, leaseMs: number, onProblem: (error: unknown) => void) {
    this.#redis = redis;
    this.#leaseMs = leaseMs;
    this.#onProblem = onProblem;
    this.#timer = setInterval(() => this.#renew(), leaseMs / RENEWALS_PER_LEASE);
    this.#timer.unref();
  }

  hold(key: string, member: string): Reservation {
    let members = this.#held.get(key);
    if (members === undefined) {
      members = new Set();
      this.#held.set(key, members);
    }
    members.add(member);
    return { release: () => this.#release(key, member) };
  }

  close(): void {
    clearInterval(this.#timer);
  }

  /** A lease that cannot be given back now runs out by itself. */
  #release(key: string, member: string): void {
    const members = this.#held.get(key);
    if (members?.delete(member) !== true) return;
    if (members.size === 0) this.#held.delete(key);
    this.#redis.background.zrem(key, member).catch(this.#onProblem);
  }

  #renew(): void {
    for (const [key, members] of this.#held) {
      renewScript.run(this.#redis.background, [key], [this.#leaseMs, ...members]).catch(this.#onProblem);
    }
  }
}
