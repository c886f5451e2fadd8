// Holds the ledger against what the upstream saw, attempt by attempt. Reads the rows themselves, not by way of any
// index or figure of the gateway.
import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { type AttemptRecord, readRecord, type RequestRecord } from '../../src/modules/usage/index.ts';
import { requestTimeMs } from '../../src/platform/ids.ts';
import type { RedisConnections } from '../../src/platform/redis/index.ts';
import type { Arrival } from './simulator-process.ts';
import { patiently, type Stage, type StageAccount, type StageKey } from './stage.ts';

/** A call as its client knows it. */
export interface SentCall {
  readonly number: number;
  readonly keyId: string;
  readonly startedAtMs: number;
  readonly requestId: string | null;
  /** What the client was answered, 0 where it was nothing. */
  readonly status: number;
}

interface BookedRequest {
  readonly id: string;
  readonly request: RequestRecord | null;
  readonly attempts: readonly AttemptRecord[];
}

export interface Comparison {
  /** Attempts that reached the upstream. */
  readonly arrivals: number;
  readonly rows: number;
  /** Attempts that reached the upstream and have a row of their own. */
  readonly matched: number;
  /** Reached the upstream, and no row says so. */
  readonly missing: readonly string[];
  /** Rows of attempts that the upstream never saw, by why that may be. */
  readonly neverSent: Readonly<Record<string, number>>;
  /** Rows that nothing explains: booked twice, or made up. */
  readonly unexplained: readonly string[];
  /** Told to its client as refused, and charged all the same. */
  readonly chargedThoughRefused: readonly string[];
  /** Requests whose own row is missing or names other attempts than there are. */
  readonly torn: readonly string[];
  readonly requests: number;
}

export async function readBooks(redis: RedisConnections): Promise<BookedRequest[]> {
  const { background, keyspace } = redis;
  const prefix = keyspace.requestRecord('');
  const books: BookedRequest[] = [];
  let cursor = '0';
  const seen = new Set<string>();
  do {
    const [next, keys] = await background.scan(cursor, 'MATCH', keyspace.requestRecord('*'), 'COUNT', 500);
    cursor = next;
    const fresh = keys.filter((key) => !seen.has(key));
    for (const key of fresh) seen.add(key);
    const records = await Promise.all(fresh.map((key) => background.hgetall(key)));
    for (const [index, fields] of records.entries()) {
      const id = (fresh[index] ?? '').slice(prefix.length);
      const book: { id: string; request: RequestRecord | null; attempts: AttemptRecord[] } = {
        id,
        request: null,
        attempts: [],
      };
      for (const row of Object.values(fields)) {
        const entry = readRecord(row);
        if (entry === null) throw new Error(`a record of ${id} cannot be read: ${row}`);
        if (entry.type === 'request') book.request = entry.record;
        else book.attempts.push(entry.record);
      }
      books.push(book);
    }
  } while (cursor !== '0');
  return books;
}

export function compareBooks(
  books: readonly BookedRequest[],
  calls: readonly SentCall[],
  arrivals: readonly Arrival[],
): Comparison {
  const callOf = callFinder(calls);
  const places = new Map<string, { arrivals: number; rows: AttemptRecord[] }>();
  const place = (name: string): { arrivals: number; rows: AttemptRecord[] } => {
    const known = places.get(name) ?? { arrivals: 0, rows: [] };
    places.set(name, known);
    return known;
  };
  /** Arrivals whose body did not come whole, by account: which call it was, nobody knows. */
  const unread = new Map<string, number>();
  const takeUnread = (account: string): boolean => {
    const left = unread.get(account) ?? 0;
    if (left > 0) unread.set(account, left - 1);
    return left > 0;
  };
  for (const { call, account } of arrivals) {
    if (call === null) unread.set(account ?? '', (unread.get(account ?? '') ?? 0) + 1);
    else place(`call ${call} at ${account}`).arrivals += 1;
  }
  for (const { attempts } of books) {
    for (const row of attempts) place(`call ${callOf(row)?.number} at ${row.accountName}`).rows.push(row);
  }

  const missing: string[] = [];
  const unexplained: string[] = [];
  const chargedThoughRefused: string[] = [];
  const neverSent: Record<string, number> = {};
  let matched = 0;
  for (const [name, { arrivals: seen, rows }] of places) {
    matched += Math.min(seen, rows.length);
    for (let lost = rows.length; lost < seen; lost += 1) missing.push(name);
    // Those that can be explained are taken to be the ones that were never sent.
    const candidates = [...rows].sort(
      (one, other) => Number(whyNeverSent(one) !== null) - Number(whyNeverSent(other) !== null),
    );
    for (const row of candidates.slice(Math.min(seen, rows.length))) {
      const reason = whyNeverSent(row);
      if (takeUnread(row.accountName)) matched += 1;
      else if (reason === GIVEN_UP && (callOf(row)?.status ?? 0) >= 400)
        chargedThoughRefused.push(`${name}: ${describe(row)}`);
      else if (reason === null) unexplained.push(`${name}: ${rows.map(describe).join(' | ')}`);
      else neverSent[reason] = (neverSent[reason] ?? 0) + 1;
    }
  }
  for (const [account, count] of unread) {
    for (let lost = 0; lost < count; lost += 1) missing.push(`a request cut in its body at ${account}`);
  }
  return {
    arrivals: arrivals.length,
    rows: books.reduce((sum, { attempts }) => sum + attempts.length, 0),
    matched,
    missing,
    neverSent,
    unexplained,
    chargedThoughRefused,
    torn: books
      .filter((request) => isTorn(request))
      .map(({ id, attempts }) => `${id}: ${attempts.map(describe).join(' | ')}`),
    requests: books.length,
  };
}

/**
 * A client's answer names the request. Where there was none, the key and the time do: no two calls of one key run at the
 * same time, and a key rests before its next call.
 */
function callFinder(calls: readonly SentCall[]): (row: AttemptRecord) => SentCall | null {
  const byRequest = new Map<string, SentCall>();
  const byKey = new Map<string, SentCall[]>();
  for (const call of calls) {
    if (call.requestId !== null) byRequest.set(call.requestId, call);
    const list = byKey.get(call.keyId) ?? [];
    byKey.set(call.keyId, list);
    list.push(call);
  }
  for (const list of byKey.values()) list.sort((one, other) => one.startedAtMs - other.startedAtMs);
  return ({ requestId, keyId }) => {
    const known = byRequest.get(requestId);
    if (known !== undefined) return known;
    const atMs = requestTimeMs(requestId) ?? 0;
    const before = (byKey.get(keyId) ?? []).filter(({ startedAtMs }) => startedAtMs <= atMs + 1);
    return before.at(-1) ?? null;
  };
}

const GIVEN_UP = 'given up, charged by its reservation';

/** Every attempt is written down before it is sent, so a row may stand for one that was not sent any more. */
function whyNeverSent({ outcome, status, reason, accountId }: AttemptRecord): string | null {
  if (status !== 0) return null;
  if (outcome === 'crashed') return accountId === '' ? GIVEN_UP : 'killed before it was sent';
  if (outcome === 'client_left') return 'the client left before it was sent';
  if (reason === null) return null;
  if (reason.startsWith('timeout')) return 'overdue before the upstream had read it';
  if (/shutting down/.test(reason)) return 'broken off by the end of a drain';
  return /ECONNREFUSED|ECONNRESET|EPIPE|socket|connect/i.test(reason) ? 'no connection' : null;
}

function isTorn({ request, attempts }: BookedRequest): boolean {
  if (request === null) return true;
  const booked = attempts.map(({ id }) => id).sort();
  return JSON.stringify(booked) !== JSON.stringify([...request.attemptIds].sort());
}

function describe({ id, outcome, status, reason, accountName }: AttemptRecord): string {
  return `${id} ${accountName} ${outcome} ${status} ${reason ?? ''}`;
}

export interface Verified {
  readonly exitCode: number | null;
  readonly text: string;
}

/** `crs ledger verify`, as an operator runs it. */
export async function verifyLedger({ env, gateways: [gateway] }: Stage): Promise<Verified> {
  const program = fileURLToPath(new URL('../../src/cli/main.ts', import.meta.url));
  const child = spawn(process.execPath, ['--conditions=development', program, 'ledger', 'verify'], {
    env: { PATH: process.env['PATH'] ?? '', ...env, DATA_DIR: gateway?.dataDir },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const [out, err] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { exitCode: await ended, text: `${out}${err}`.trim() };
}

/** Whatever is still reserved, running, waiting or leased, in words. */
export async function stillHeld(
  stage: Stage,
  keys: readonly StageKey[],
  accounts: readonly StageAccount[],
): Promise<string[]> {
  return stage.withRedis(async ({ background, keyspace }) => {
    const held: string[] = [];
    const owners = await background.zrange(keyspace.limitOwners, '0', '-1');
    for (const owner of owners) {
      const leases = await background.zcard(keyspace.limitLeases(owner));
      if (leases > 0) held.push(`${leases} reservations of owner ${owner}`);
    }
    const nowMs = Date.now();
    for (const { id, name } of accounts) {
      const running = await background.zcount(keyspace.accountRunning(id), nowMs, '+inf');
      if (running > 0) held.push(`${running} places of ${name}`);
    }
    for (let page = 1; (page - 1) * 100 < keys.length; page += 1) {
      const { items } = await patiently(() => stage.admin().keys.list({ query: { page, pageSize: 100 } }));
      for (const { name, limits } of items) {
        for (const { limit, held: amount, used } of limits) {
          if (amount > 0) held.push(`${amount} of ${limit} of ${name}`);
          if (limit === 'concurrency' && used > 0) held.push(`${used} running of ${name}`);
        }
      }
    }
    return held;
  });
}
