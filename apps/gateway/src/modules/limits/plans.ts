// Owns what is the same for many requests of a key: whose limits they meet, and how admission is told of them. Made once
// for a model, until one of the periods it names is over.
import type { BudgetMode } from '@crs/shared';
import type { Keyspace } from '../../platform/redis/index.ts';
import { periodAround, type LimitedMeter } from './meters.ts';
import type { Periods } from './periods.ts';
import { type LimitedKey, type SubjectMeters, type Subjects } from './subjects.ts';

export interface Plan {
  readonly key: LimitedKey;
  readonly subjects: readonly SubjectMeters[];
  readonly counters: readonly string[];
  /** Of the script: up to the sessions of its requests. */
  readonly keys: readonly string[];
  /** JSON for the script. */
  readonly policy: string;
  readonly places: number;
  /** For requests from then on, */
  readonly fromMs: number;
  /** and until then. */
  readonly untilMs: number;
}

/** Model names come from clients. */
const MODELS_REMEMBERED = 200;

export class Plans {
  readonly #keyspace: Keyspace;
  readonly #periods: Periods;
  readonly #subjects: Subjects;
  readonly #known = new WeakMap<LimitedKey, Map<string, Plan>>();

  constructor(keyspace: Keyspace, periods: Periods, subjects: Subjects) {
    this.#keyspace = keyspace;
    this.#periods = periods;
    this.#subjects = subjects;
  }

  of(key: LimitedKey, model: string, mode: BudgetMode, atMs: number): Plan {
    const plans = this.#plansOf(key);
    const name = `${mode} ${model}`;
    const known = plans.get(name);
    if (known !== undefined && atMs >= known.fromMs && atMs < known.untilMs && this.#isCurrent(known)) {
      return known;
    }
    if (plans.size >= MODELS_REMEMBERED) plans.clear();
    const plan = this.#make(key, this.#subjects.metersOf(key, model), mode, atMs);
    plans.set(name, plan);
    return plan;
  }

  /** Of a request that takes nothing: only the key's status counts. */
  ofStatus(key: LimitedKey): Plan {
    const plans = this.#plansOf(key);
    let plan = plans.get('');
    if (plan === undefined) {
      plan = { ...this.#make(key, [], 'strict', 0), places: 0 };
      plans.set('', plan);
    }
    return plan;
  }

  #plansOf(key: LimitedKey): Map<string, Plan> {
    let plans = this.#known.get(key);
    if (plans === undefined) {
      plans = new Map();
      this.#known.set(key, plans);
    }
    return plans;
  }

  /** The user's limits may have changed since; the key's own come with another document. */
  #isCurrent({ key, subjects }: Plan): boolean {
    if (key.userId === null) return true;
    return this.#subjects.of(key).every(({ policy }, index) => policy === subjects[index]?.policy);
  }

  #make(key: LimitedKey, subjects: readonly SubjectMeters[], mode: BudgetMode, atMs: number): Plan {
    const owner = key.userId ?? key.id;
    const keyspace = this.#keyspace;
    const keys = [
      keyspace.keyGate(owner, key.id),
      keyspace.limitLeases(owner),
      keyspace.limitHolds(owner),
      keyspace.limitQueue(owner, key.id),
      keyspace.limitQueueLeases(owner, key.id),
    ];
    let fromMs = Number.NEGATIVE_INFINITY;
    let untilMs = Number.POSITIVE_INFINITY;
    const told = (meter: LimitedMeter): (string | number)[] => {
      const period = periodAround(meter, atMs, this.#periods);
      fromMs = Math.max(fromMs, period.fromMs);
      untilMs = Math.min(untilMs, period.untilMs);
      const type = meter.type === 'budget' ? 'b' : 'w';
      return [meter.id, type, period.number, meter.max, meter.unit, mode === 'strict' ? 0 : 1];
    };
    const policy = subjects.map(({ id, name, concurrency, limited }) => {
      keys.push(keyspace.limitMeters(owner, id), keyspace.limitRunning(owner, id));
      return [concurrency, name, limited.map(told)];
    });
    return {
      key,
      subjects,
      counters: subjects.flatMap(({ counters }) => counters),
      keys,
      policy: JSON.stringify(policy),
      places: key.queue?.size ?? 0,
      fromMs,
      untilMs,
    };
  }
}
