// Owns the leases this process holds: prolonged together, given back one by one and never waited for.
import type { RedisConnections } from '../../platform/redis/index.ts';
import { defineScript } from '../../platform/redis/index.ts';

const renewScript = defineScript(new URL('./scripts/renew.lua', import.meta.url));
/** A lease survives two renewals that fail. */
const RENEWALS_PER_LEASE = 3;
/** One call prolongs at most this many. */
const CALL_LEASES = 1000;

interface Held {
  readonly members: Set<string>;
  /** Of the whole set, when nobody prolongs any more; 0 = it stays. */
  readonly setLifeMs: number;
}

export class Leases {
  readonly #redis: RedisConnections;
  readonly #leaseMs: number;
  readonly #onProblem: (error: unknown) => void;
  readonly #held = new Map<string, Held>();
  /** Given back in this turn of the event loop: key -> members. */
  #left = new Map<string, string[]>();
  readonly #timer: NodeJS.Timeout;

  constructor(redis: RedisConnections, leaseMs: number, onProblem: (error: unknown) => void) {
    this.#redis = redis;
    this.#leaseMs = leaseMs;
    this.#onProblem = onProblem;
    this.#timer = setInterval(() => this.#renew(), leaseMs / RENEWALS_PER_LEASE);
    this.#timer.unref();
  }

  /** Prolongs what a script has taken, until it is given back. */
  hold(key: string, member: string): void {
    this.#keep(key, member, this.#leaseMs * 2);
  }

  /** Those of one turn together, in the write of its admissions. Giving back twice does no harm. */
  giveBack(key: string, member: string): void {
    if (!this.#drop(key, member)) return;
    if (this.#left.size === 0) this.#redis.commands.beforeWrite(() => this.#sendBack());
    const members = this.#left.get(key);
    if (members === undefined) this.#left.set(key, [member]);
    else members.push(member);
  }

  /** Prolongs without giving back: whoever settles takes it away, and what nobody settles must be found. */
  watch(key: string, member: string): void {
    this.#keep(key, member, 0);
  }

  unwatch(key: string, member: string): void {
    this.#drop(key, member);
  }

  close(): void {
    clearInterval(this.#timer);
  }

  #sendBack(): void {
    const { commands, background } = this.#redis;
    const left = this.#left;
    this.#left = new Map();
    for (const [key, members] of left) {
      commands
        .zrem(key, members)
        // Lost just now: tried for longer. A lease that cannot be given back then runs out by itself.
        .catch(() => background.zrem(key, members))
        .catch(this.#onProblem);
    }
  }

  #keep(key: string, member: string, setLifeMs: number): void {
    const held = this.#held.get(key);
    if (held === undefined) this.#held.set(key, { members: new Set([member]), setLifeMs });
    else held.members.add(member);
  }

  #drop(key: string, member: string): boolean {
    const held = this.#held.get(key);
    if (held?.members.delete(member) !== true) return false;
    if (held.members.size === 0) this.#held.delete(key);
    return true;
  }

  #renew(): void {
    for (const [key, { members, setLifeMs }] of this.#held) {
      const all = [...members];
      for (let from = 0; from < all.length; from += CALL_LEASES) {
        const some = all.slice(from, from + CALL_LEASES);
        renewScript
          .run(this.#redis.background, [key], [this.#leaseMs, setLifeMs, ...some])
          .catch(this.#onProblem);
      }
    }
  }
}
