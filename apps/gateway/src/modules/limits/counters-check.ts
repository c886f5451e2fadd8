// Owns counting the ledger again and comparing the counters of limits with it: what was used, and what is held.
import type { Calendar } from '../../platform/calendar.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { readHold } from './holds.ts';
import { alwaysCounted, isAlwaysCounted, type Meter, periodOf, readMeterId, SLOTS } from './meters.ts';
import { Periods } from './periods.ts';
import { ownerOf, readCounter, type SettledRow } from './settlement.ts';
import { type SubjectName, USER_SUBJECT } from './subjects.ts';

export interface CountersCheckOptions {
  readonly redis: RedisConnections;
  readonly calendar: Calendar;
  /** Rows from before this time may be missing. */
  readonly rowsSinceMs: number;
  /** What a key or user was charged from then on, for budgets that began before the rows do. */
  readonly chargedSince: (subject: SubjectName, id: string, fromMs: number) => number;
}

/** Nano-USD, tokens or requests. */
export interface CounterDifference {
  readonly subject: SubjectName;
  /** Of the key or the user. */
  readonly id: string;
  /** As its id says: `b:day`, `w:hour:1:tokens`; with `held`, what is reserved of it. */
  readonly counter: string;
  readonly stored: number;
  readonly counted: number;
  /** Fields of the hash that mend it. */
  readonly fields: Readonly<Record<string, number>>;
  readonly key: string;
}

export interface CountersReport {
  readonly differences: CounterDifference[];
  readonly checked: number;
  /** Counters that began before the oldest rows: nothing is left to count them by. */
  readonly unchecked: number;
}

interface Subject {
  readonly owner: string;
  readonly name: SubjectName;
  readonly id: string;
  /** By meter id. */
  readonly meters: Map<string, { readonly meter: Meter; readonly amounts: Map<number, number> }>;
}

export class CountersCheck {
  readonly #options: CountersCheckOptions;
  readonly #periods: Periods;
  readonly #subjects = new Map<string, Subject>();

  constructor(options: CountersCheckOptions) {
    this.#options = options;
    this.#periods = new Periods(options.calendar);
  }

  /** A key whose counters are to be looked at even where no row names it. */
  expect(key: { readonly id: string; readonly userId: string | null }): void {
    const row = { keyId: key.id, userId: key.userId };
    this.#subject(row, 'key');
    if (key.userId !== null) this.#subject(row, 'user');
  }

  add(row: SettledRow): void {
    const add = (name: SubjectName, meter: Meter): void => {
      if (name === 'user' && row.userId === null) return;
      if ((meter.unit === 'requests') !== (row.type === 'request')) return;
      const amount =
        meter.unit === 'usd' ? row.chargedNanoUsd : meter.unit === 'tokens' ? row.tokens : row.requests;
      const { meters } = this.#subject(row, name);
      const known = meters.get(meter.id) ?? { meter, amounts: new Map<number, number>() };
      meters.set(meter.id, known);
      const period = periodOf(meter, row.atMs, this.#periods);
      known.amounts.set(period, (known.amounts.get(period) ?? 0) + amount);
    };
    for (const meter of alwaysCounted) {
      add('key', meter);
      add('user', meter);
    }
    for (const text of row.counters) {
      const counter = readCounter(text);
      if (counter !== null) add(counter.subject, counter.meter);
    }
  }

  async report(): Promise<CountersReport> {
    const report: CountersReport & { checked: number; unchecked: number } = {
      differences: [],
      checked: 0,
      unchecked: 0,
    };
    const heldByOwner = new Map<string, Map<string, number>>();
    for (const subject of this.#subjects.values()) {
      const held = heldByOwner.get(subject.owner) ?? (await this.#held(subject.owner));
      heldByOwner.set(subject.owner, held);
      await this.#check(subject, held, report);
    }
    return report;
  }

  async mend(differences: readonly CounterDifference[]): Promise<void> {
    for (const { key, fields } of differences) await this.#options.redis.background.hset(key, fields);
  }

  #subject({ keyId, userId }: Pick<SettledRow, 'keyId' | 'userId'>, name: SubjectName): Subject {
    const owner = ownerOf({ keyId, userId });
    const id = name === 'key' ? keyId : (userId ?? '');
    const known = this.#subjects.get(`${name} ${id}`);
    if (known !== undefined) return known;
    const subject: Subject = { owner, name, id, meters: new Map() };
    this.#subjects.set(`${name} ${id}`, subject);
    return subject;
  }

  async #check(
    subject: Subject,
    held: ReadonlyMap<string, number>,
    report: CountersReport & { checked: number; unchecked: number },
  ): Promise<void> {
    const { background, keyspace } = this.#options.redis;
    const { id, name, owner } = subject;
    const key = keyspace.limitMeters(owner, name === 'key' ? id : USER_SUBJECT);
    const stored = await background.hgetall(key);
    const meters = new Map([...subject.meters].map(([meterId, { meter }]) => [meterId, meter]));
    for (const field of Object.keys(stored)) {
      const meter = field.endsWith('|p') ? readMeterId(field.slice(0, -2)) : null;
      if (meter !== null) meters.set(meter.id, meter);
    }
    for (const meter of meters.values()) {
      const count = this.#count(subject, meter, stored);
      if (count === null) {
        report.unchecked += 1;
        continue;
      }
      report.checked += 1;
      if (!count.isRight) {
        report.differences.push({ subject: name, id, counter: meter.id, key, ...count });
      }
      const reserved = held.get(heldName(subject, meter, count.period)) ?? 0;
      const storedHeld = Number(stored[`${meter.id}|h`] ?? 0);
      if (reserved === storedHeld) continue;
      const fields = { [`${meter.id}|h`]: reserved };
      const counter = `${meter.id} held`;
      report.differences.push({
        subject: name,
        id,
        counter,
        key,
        stored: storedHeld,
        counted: reserved,
        fields,
      });
    }
  }

  /** Null where the rows do not reach back far enough. */
  #count(
    subject: Subject,
    meter: Meter,
    stored: Readonly<Record<string, string>>,
  ): {
    isRight: boolean;
    stored: number;
    counted: number;
    period: number;
    fields: Record<string, number>;
  } | null {
    const amounts = subject.meters.get(meter.id)?.amounts ?? new Map<number, number>();
    const known = Number(stored[`${meter.id}|p`] ?? -1);
    const used = Number(stored[`${meter.id}|u`] ?? 0);
    const paid = [...amounts].filter(([, amount]) => amount > 0).map(([period]) => period);
    const period = Math.max(known, ...paid);
    if (meter.type === 'window') return countWindow(meter.id, amounts, stored, period, known);
    let counted = amounts.get(period) ?? 0;
    if (period >= 0 && period < this.#options.rowsSinceMs) {
      if (!isAlwaysCounted(meter)) return null;
      counted = this.#options.chargedSince(subject.name, subject.id, period);
    }
    const isRight = used === counted && (known === period || counted === 0);
    return {
      isRight,
      stored: known === period ? used : 0,
      counted,
      period,
      fields: { [`${meter.id}|p`]: period, [`${meter.id}|u`]: counted },
    };
  }

  /** Sums of what the owner's requests hold, by field of their holds. */
  async #held(owner: string): Promise<Map<string, number>> {
    const { background, keyspace } = this.#options.redis;
    const sums = new Map<string, number>();
    for (const text of await background.hvals(keyspace.limitHolds(owner))) {
      const { amounts, facts } = readHold(text);
      const keyId = readKeyId(facts);
      for (const [field, amount] of amounts) {
        const name = field.startsWith('key|') ? `${keyId} ${field}` : field;
        sums.set(name, (sums.get(name) ?? 0) + amount);
      }
    }
    return sums;
  }
}

function countWindow(
  id: string,
  amounts: ReadonlyMap<number, number>,
  stored: Readonly<Record<string, string>>,
  period: number,
  known: number,
): { isRight: boolean; stored: number; counted: number; period: number; fields: Record<string, number> } {
  const fields: Record<string, number> = { [`${id}|p`]: period };
  let counted = 0;
  let isRight = true;
  for (let bucket = Math.max(0, period - SLOTS + 1); bucket <= period; bucket += 1) {
    const amount = amounts.get(bucket) ?? 0;
    const slot = `${id}|${bucket % SLOTS}`;
    const found = bucket <= known && bucket > known - SLOTS ? Number(stored[slot] ?? 0) : 0;
    counted += amount;
    fields[slot] = amount;
    isRight &&= amount === found;
  }
  const used = Number(stored[`${id}|u`] ?? 0);
  fields[`${id}|u`] = counted;
  return {
    isRight: isRight && (used === counted || known !== period),
    stored: used,
    counted,
    period,
    fields,
  };
}

function heldName({ name, id }: Subject, meter: Meter, period: number): string {
  const field = `${name}|${meter.id}|${meter.type === 'window' ? '-' : period}`;
  return name === 'key' ? `${id} ${field}` : field;
}

function readKeyId(facts: string): string {
  try {
    const value: unknown = JSON.parse(facts);
    return typeof value === 'object' && value !== null && 'keyId' in value ? String(value.keyId) : '';
  } catch {
    return '';
  }
}
