// Owns the shared form of account health: one Redis hash for all accounts, a field per account and part, so that two
// replicas that learn different things of one account at the same time do not overwrite each other.
import { z } from 'zod';
import { newId } from '../../platform/ids.ts';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';
import { type HealthState, healthyState } from './health-state.ts';

const endProbeScript = defineScript(new URL('./scripts/end-own.lua', import.meta.url));
const restSchema = z.object({ untilMs: z.number(), reason: z.string() });
const holdSchema = z.object({ status: z.enum(['needs-login', 'blocked']), reason: z.string() });
const windowsSchema = z.array(
  z.object({ name: z.string(), utilization: z.number().nullable(), resetsAtMs: z.number().nullable() }),
);
const noticeSchema = z.object({ origin: z.string(), changes: z.record(z.string(), z.string().nullable()) });

const FAMILY_PREFIX = 'family:';
/** Noun of the notices: `account-health:<JSON>`. */
const NOTICE = 'account-health';

/** Field of the hash (`<account id>|<part>`) -> JSON, null = removed. */
export type HealthChanges = ReadonlyMap<string, string | null>;

export class HealthRepository {
  readonly #redis: RedisConnections;
  readonly #origin: string;

  /** `origin` names this process, so that it does not hear its own notices. */
  constructor(redis: RedisConnections, origin: string) {
    this.#redis = redis;
    this.#origin = origin;
  }

  /** Writes and tells the other replicas, in one transaction. */
  async write(changes: HealthChanges): Promise<void> {
    const { background, keyspace } = this.#redis;
    const written = [...changes].flatMap(([field, json]) => (json === null ? [] : [field, json]));
    const removed = [...changes].flatMap(([field, json]) => (json === null ? [field] : []));
    const transaction = background.multi();
    if (written.length > 0) transaction.hset(keyspace.accountHealth, ...written);
    if (removed.length > 0) transaction.hdel(keyspace.accountHealth, ...removed);
    const notice = JSON.stringify({ origin: this.#origin, changes: Object.fromEntries(changes) });
    transaction.publish(keyspace.notices, `${NOTICE}:${notice}`);
    const replies = await transaction.exec();
    const failed = replies?.find(([error]) => error !== null);
    if (failed?.[0]) throw failed[0];
  }

  async readAll(): Promise<Record<string, string>> {
    return this.#redis.background.hgetall(this.#redis.keyspace.accountHealth);
  }

  /** Calls back with what other replicas wrote. Answers how to stop. */
  subscribe(onChanges: (changes: HealthChanges) => void): () => void {
    return this.#redis.notices.on(NOTICE, (message) => {
      const notice = parseNotice(message);
      if (notice !== null && notice.origin !== this.#origin)
        onChanges(new Map(Object.entries(notice.changes)));
    });
  }

  /** The lease of the one request that tries the account; null where another holds it. */
  async beginProbe(accountId: string, leaseMs: number): Promise<string | null> {
    const lease = newId();
    const key = this.#redis.keyspace.accountProbe(accountId);
    const taken = await this.#redis.commands.set(key, lease, 'PX', leaseMs, 'NX');
    return taken === 'OK' ? lease : null;
  }

  /** Gives it back; one that has run out meanwhile may be another's by now, and stays. */
  async endProbe(accountId: string, lease: string): Promise<void> {
    const key = this.#redis.keyspace.accountProbe(accountId);
    await endProbeScript.run(this.#redis.background, [key], [lease]);
  }

  /** Epoch ms of the last use of each account, null where there was none; one command. */
  async lastUses(ids: readonly string[]): Promise<(number | null)[]> {
    if (ids.length === 0) return [];
    const scores = await this.#redis.commands.zmscore(this.#redis.keyspace.accountsLastUsed, ...ids);
    return scores.map((score) => (score === null ? null : Number(score)));
  }
}

function parseNotice(message: string): z.output<typeof noticeSchema> | null {
  const parsed = noticeSchema.safeParse(parseJson(message));
  return parsed.success ? parsed.data : null;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

/** The parts of a state that say something, by name. */
function toParts(state: HealthState): Map<string, string> {
  const parts = new Map<string, string>();
  if (state.hold !== null) parts.set('hold', JSON.stringify(state.hold));
  if (state.rest !== null) parts.set('rest', JSON.stringify(state.rest));
  if (state.streak > 0) parts.set('streak', String(state.streak));
  if (state.windows.length > 0) parts.set('windows', JSON.stringify(state.windows));
  for (const [family, rest] of Object.entries(state.families)) {
    parts.set(FAMILY_PREFIX + family, JSON.stringify(rest));
  }
  return parts;
}

/** The state with one part replaced; a part that cannot be read counts as removed. */
export function withPart(state: HealthState, part: string, json: string | null): HealthState {
  const value = json === null ? undefined : parseJson(json);
  switch (part) {
    case 'hold':
      return { ...state, hold: read(holdSchema, value) };
    case 'rest':
      return { ...state, rest: read(restSchema, value) };
    case 'streak':
      return { ...state, streak: read(z.int().positive(), value) ?? 0 };
    case 'windows':
      return { ...state, windows: read(windowsSchema, value) ?? [] };
    default:
      return part.startsWith(FAMILY_PREFIX)
        ? withFamily(state, part.slice(FAMILY_PREFIX.length), read(restSchema, value))
        : state;
  }
}

function withFamily(
  state: HealthState,
  family: string,
  rest: z.output<typeof restSchema> | null,
): HealthState {
  const others = Object.entries(state.families).filter(([name]) => name !== family);
  return { ...state, families: Object.fromEntries(rest === null ? others : [...others, [family, rest]]) };
}

function read<T>(schema: z.ZodType<T>, value: unknown): T | null {
  const parsed = schema.safeParse(value);
  return parsed.success ? parsed.data : null;
}

/** The windows of an account alone. */
export function windowsChange(accountId: string, { windows }: HealthState): HealthChanges {
  return new Map([[healthField(accountId, 'windows'), windows.length > 0 ? JSON.stringify(windows) : null]]);
}

/** What has to be written to get from one state to the other. */
export function changesBetween(accountId: string, before: HealthState, after: HealthState): HealthChanges {
  const old = toParts(before);
  const next = toParts(after);
  const changes = new Map<string, string | null>();
  for (const [part, json] of next)
    if (old.get(part) !== json) changes.set(healthField(accountId, part), json);
  for (const part of old.keys()) if (!next.has(part)) changes.set(healthField(accountId, part), null);
  return changes;
}

/** Every account's state, from the fields of the hash. */
export function statesOf(fields: Iterable<readonly [string, string | null]>): Map<string, HealthState> {
  const states = new Map<string, HealthState>();
  for (const [field, json] of fields) {
    const { accountId, part } = splitField(field);
    states.set(accountId, withPart(states.get(accountId) ?? healthyState, part, json));
  }
  return states;
}

export function splitField(field: string): { accountId: string; part: string } {
  const bar = field.indexOf('|');
  return { accountId: field.slice(0, bar), part: field.slice(bar + 1) };
}

function healthField(accountId: string, part: string): string {
  return `${accountId}|${part}`;
}
