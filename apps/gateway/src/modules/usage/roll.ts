// Owns what one batch of the ledger changes. Pure: entries in, additions out.
import type { Calendar } from '../../platform/calendar.ts';
import type { Keyspace } from '../../platform/redis/index.ts';
import {
  memberOf,
  MINUTE_MS,
  periodExpiryMs,
  periodName,
  projectionField,
  projectionsOf,
  type Resolution,
} from './periods.ts';
import { requestIndexNames } from './request-indexes.ts';
import { type Cell, type RollEntry, sumsOf } from './roll-entry.ts';
import { encodeFacts } from './row-facts.ts';
import { addSums, emptySums, type Sums } from './sums.ts';

interface HashAdditions {
  readonly expiresAtMs: number | null;
  readonly fields: Map<string, Sums>;
}

export interface RollPlan {
  /** By Redis key. */
  readonly figures: Map<string, HashAdditions>;
  /** By name of the index: time, member, time, member, … */
  readonly indexes: Map<string, (number | string)[]>;
  /** Id -> latest time in ms. */
  readonly keysLastUsed: Map<string, number>;
  readonly accountsLastUsed: Map<string, number>;
}

const resolutions: readonly Resolution[] = ['minute', 'hour', 'day'];

export function planRoll(entries: readonly RollEntry[], calendar: Calendar, keyspace: Keyspace): RollPlan {
  const plan: RollPlan = {
    figures: new Map(),
    indexes: new Map(),
    keysLastUsed: new Map(),
    accountsLastUsed: new Map(),
  };
  for (const { atMs, cell, sums } of sumByCell(entries)) {
    for (const resolution of resolutions)
      addToPeriod(plan, { resolution, atMs, cell, sums }, calendar, keyspace);
    addToTotals(plan, cell, sums, keyspace);
  }
  for (const entry of entries) {
    if (entry.type === 'request') addToIndexes(plan, entry);
    noteUse(plan, entry);
  }
  return plan;
}

/** Most entries of a batch are of one minute and a few cells: added up first, spread over the periods afterwards. */
function sumByCell(entries: readonly RollEntry[]): Iterable<{ atMs: number; cell: Cell; sums: Sums }> {
  const byCell = new Map<string, { atMs: number; cell: Cell; sums: Sums }>();
  for (const entry of entries) {
    const sums = sumsOf(entry);
    if (sums === null) continue;
    const { keyId, userId, accountId, kind, model } = entry.cell;
    // Model last: clients name it, the others are the gateway's own and have no space.
    const name = `${Math.floor(entry.atMs / MINUTE_MS)} ${keyId} ${userId} ${accountId} ${kind} ${model}`;
    const known = byCell.get(name);
    if (known === undefined) byCell.set(name, { atMs: entry.atMs, cell: entry.cell, sums: { ...sums } });
    else addSums(known.sums, sums);
  }
  return byCell.values();
}

interface PeriodAddition {
  readonly resolution: Resolution;
  readonly atMs: number;
  readonly cell: Cell;
  readonly sums: Sums;
}

function addToPeriod(plan: RollPlan, addition: PeriodAddition, calendar: Calendar, keyspace: Keyspace): void {
  const { resolution, atMs, cell, sums } = addition;
  const name = periodName(resolution, atMs, calendar);
  for (const projection of projectionsOf[resolution]) {
    const key = keyspace.figures(resolution, name, projection);
    addToHash(plan, key, projectionField(cell, projection), sums, periodExpiryMs(resolution, atMs));
  }
}

function addToTotals(plan: RollPlan, cell: Cell, sums: Sums, keyspace: Keyspace): void {
  addToHash(plan, keyspace.figuresTotal('all'), '', sums, null);
  for (const dimension of ['key', 'user', 'account'] as const) {
    addToHash(plan, keyspace.figuresTotal(dimension), memberOf(cell, dimension), sums, null);
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

function addToIndexes(plan: RollPlan, entry: RollEntry & { type: 'request' }): void {
  const member = encodeFacts(entry.facts);
  for (const index of requestIndexNames(entry.cell, entry.facts)) {
    const additions = plan.indexes.get(index);
    if (additions === undefined) plan.indexes.set(index, [entry.atMs, member]);
    else additions.push(entry.atMs, member);
  }
}

/** A refused request is not a use. */
function noteUse(plan: RollPlan, entry: RollEntry): void {
  if (entry.type === 'request' && entry.facts.outcome === 'refused') return;
  const { keyId, accountId } = entry.cell;
  plan.keysLastUsed.set(keyId, Math.max(entry.atMs, plan.keysLastUsed.get(keyId) ?? 0));
  if (entry.type === 'request' || accountId === null || accountId === '') return;
  plan.accountsLastUsed.set(accountId, Math.max(entry.atMs, plan.accountsLastUsed.get(accountId) ?? 0));
}
