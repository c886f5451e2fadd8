// Owns what one batch of the ledger changes. Pure: additions in, changes of figures and times of last use out.
import type { Calendar } from '../../platform/calendar.ts';
import type { Keyspace } from '../../platform/redis/index.ts';
import {
  memberOf,
  periodExpiryMs,
  periodName,
  projectionField,
  projectionsOf,
  type Resolution,
} from './periods.ts';
import { type Addition, Additions, type Cell } from './roll-entry.ts';
import { addSums, emptySums, type Sums, withoutLatency } from './sums.ts';

interface HashAdditions {
  readonly expiresAtMs: number | null;
  readonly fields: Map<string, Sums>;
}

export interface RollPlan {
  /** By Redis key. */
  readonly figures: Map<string, HashAdditions>;
  /** Id -> latest time in ms. */
  readonly keysLastUsed: Map<string, number>;
  readonly accountsLastUsed: Map<string, number>;
}

const resolutions: readonly Resolution[] = ['minute', 'quarter', 'hour', 'day'];

export function planRoll(additions: Iterable<Addition>, calendar: Calendar, keyspace: Keyspace): RollPlan {
  const plan: RollPlan = { figures: new Map(), keysLastUsed: new Map(), accountsLastUsed: new Map() };
  const addedUp = new Additions();
  for (const addition of additions) addedUp.add(addition);
  for (const { atMs, cell, sums } of addedUp.list) {
    for (const resolution of resolutions)
      addToPeriod(plan, { resolution, atMs, cell, sums }, calendar, keyspace);
    addToTotals(plan, cell, sums, keyspace);
    noteUse(plan, cell, atMs);
  }
  return plan;
}

interface PeriodAddition {
  readonly resolution: Resolution;
  readonly atMs: number;
  readonly cell: Cell;
  readonly sums: Sums;
}

function addToPeriod(plan: RollPlan, addition: PeriodAddition, calendar: Calendar, keyspace: Keyspace): void {
  const { resolution, atMs, cell } = addition;
  // Nobody asks how long requests took in a quarter of an hour.
  const sums = resolution === 'quarter' ? withoutLatency(addition.sums) : addition.sums;
  const name = periodName(resolution, atMs, calendar);
  for (const projection of projectionsOf[resolution]) {
    const key = keyspace.figures(resolution, name, projection);
    addToHash(plan, key, projectionField(cell, projection), sums, periodExpiryMs(resolution, atMs));
  }
}

function addToTotals(plan: RollPlan, cell: Cell, sums: Sums, keyspace: Keyspace): void {
  const total = withoutLatency(sums);
  addToHash(plan, keyspace.figuresTotal('all'), '', total, null);
  for (const dimension of ['key', 'user', 'account'] as const) {
    addToHash(plan, keyspace.figuresTotal(dimension), memberOf(cell, dimension), total, null);
  }
}

function addToHash(plan: RollPlan, key: string, field: string, sums: Sums, expiresAtMs: number | null): void {
  let hash = plan.figures.get(key);
  if (hash === undefined) {
    hash = { expiresAtMs, fields: new Map() };
    plan.figures.set(key, hash);
  }
  let total = hash.fields.get(field);
  if (total === undefined) {
    total = emptySums();
    hash.fields.set(field, total);
  }
  addSums(total, sums);
}

/** A refused request, which is no use, adds nothing. */
function noteUse(plan: RollPlan, { keyId, accountId }: Cell, atMs: number): void {
  plan.keysLastUsed.set(keyId, Math.max(atMs, plan.keysLastUsed.get(keyId) ?? 0));
  if (accountId === null || accountId === '') return;
  plan.accountsLastUsed.set(accountId, Math.max(atMs, plan.accountsLastUsed.get(accountId) ?? 0));
}
