// Owns whose limits a request meets: its key's, and those of the user that the key belongs to.
import { LRUCache } from 'lru-cache';
import {
  countsModel,
  isAlwaysCounted,
  limitedMeters,
  type LimitedMeter,
  type LimitPolicy,
  weekMeter,
} from './meters.ts';

/** What of a relay key its limits need. */
export interface LimitedKey extends LimitPolicy {
  readonly id: string;
  readonly version: number;
  readonly userId: string | null;
  readonly queue: { readonly size: number; readonly waitSeconds: number } | null;
}

export type SubjectName = 'key' | 'user';

export interface Subject {
  readonly name: SubjectName;
  /** As the keyspace has it: the key's id, or `user`. */
  readonly id: string;
  readonly concurrency: number;
  readonly policy: LimitPolicy;
}

/** What a request of one model meets. */
export interface SubjectMeters extends Subject {
  readonly limited: readonly LimitedMeter[];
  /** Names for the ledger of the meters that count it, but for those that count everything: `key|b:week:1:0`. */
  readonly counters: readonly string[];
}

export const USER_SUBJECT = 'user';
const NOTHING: LimitPolicy = { concurrency: 0, windows: [], budgets: [], weeklyReset: { day: 1, hour: 0 } };
/** Model names come from clients. */
const MODELS_REMEMBERED = 200;

export class Subjects {
  readonly #limitsOfUser: (userId: string) => LimitPolicy | null;
  readonly #known = new WeakMap<LimitPolicy, LRUCache<string, SubjectMeters>>();

  constructor(limitsOfUser: (userId: string) => LimitPolicy | null) {
    this.#limitsOfUser = limitsOfUser;
  }

  of(key: LimitedKey): Subject[] {
    const { concurrency } = key;
    const own: Subject = { name: 'key', id: key.id, concurrency, policy: key };
    if (key.userId === null) return [own];
    const policy = this.#limitsOfUser(key.userId) ?? NOTHING;
    return [own, { name: 'user', id: USER_SUBJECT, concurrency: policy.concurrency, policy }];
  }

  metersOf(key: LimitedKey, model: string): SubjectMeters[] {
    return this.of(key).map((subject) => this.#meters(subject, model));
  }

  #meters(subject: Subject, model: string): SubjectMeters {
    let byModel = this.#known.get(subject.policy);
    if (byModel === undefined) {
      byModel = new LRUCache({ max: MODELS_REMEMBERED });
      this.#known.set(subject.policy, byModel);
    }
    const name = `${subject.name} ${model}`;
    let meters = byModel.get(name);
    if (meters === undefined) {
      const limited = limitedMeters(subject.policy).filter((meter) => countsModel(meter, model));
      const counting = [weekMeter(subject.policy), ...limited].filter((meter) => !isAlwaysCounted(meter));
      const counters = [...new Set(counting.map(({ id }) => `${subject.name}|${id}`))];
      meters = { ...subject, limited, counters };
      byModel.set(name, meters);
    }
    return meters;
  }
}
