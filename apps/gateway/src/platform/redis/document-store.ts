// Owns admin documents in Redis: JSON, checked on read, compare-and-set on `version`, unique names, and a sequence of
// changes that replicas follow. A document, its names, its gate and its place in the sequence are one script.
import type { z } from 'zod';
import type { RedisConnections } from './connections.ts';
import { defineScript } from './script.ts';

const saveScript = defineScript(new URL('./scripts/document-save.lua', import.meta.url));
const removeScript = defineScript(new URL('./scripts/document-remove.lua', import.meta.url));

const MGET_CHUNK = 500;

export interface Claim {
  /** Redis hash of unique name -> id. */
  readonly hash: string;
  readonly field: string;
}

interface Gate {
  readonly key: string;
  readonly fields: Readonly<Record<string, string>>;
}

export interface DocumentStoreOptions<T> {
  /** `key`, `account`, …: part of key names and of change notices. */
  readonly noun: string;
  readonly schema: z.ZodType<T>;
  /** Unique names of a document. */
  claims?(document: T): readonly Claim[];
  /** Small hash for scripts of the relay, written with the document; fields it does not name are kept. */
  gate?(document: T): Gate;
}

/** A stored document that its schema refuses. */
export class InvalidDocument extends Error {
  constructor(noun: string, id: string, reason: string) {
    super(`Stored ${noun} ${id} is not valid: ${reason}`);
    this.name = 'InvalidDocument';
  }
}

export interface Changes {
  /** Pass it to the next call. */
  readonly sequence: number;
  /** Changed or removed, oldest change first. */
  readonly ids: readonly string[];
  /** False: there are more than `limit`. */
  readonly complete: boolean;
}

export class DocumentStore<T extends { readonly id: string; readonly version: number }> {
  readonly noun: string;
  readonly #redis: RedisConnections;
  readonly #options: DocumentStoreOptions<T>;

  constructor(redis: RedisConnections, options: DocumentStoreOptions<T>) {
    this.noun = options.noun;
    this.#redis = redis;
    this.#options = options;
  }

  get redis(): RedisConnections {
    return this.#redis;
  }

  /** Rejects with InvalidDocument where what is stored does not fit the schema. */
  async get(id: string): Promise<T | null> {
    const text = await this.#redis.commands.get(this.#key(id));
    return text === null ? null : this.#parse(id, text);
  }

  /** In the order of `ids`; null where there is none. */
  async getMany(ids: readonly string[]): Promise<(T | null)[]> {
    const documents: (T | null)[] = [];
    for (let from = 0; from < ids.length; from += MGET_CHUNK) {
      const chunk = ids.slice(from, from + MGET_CHUNK);
      const texts = await this.#redis.commands.mget(chunk.map((id) => this.#key(id)));
      for (const [index, id] of chunk.entries()) {
        const text = texts[index];
        documents.push(typeof text === 'string' ? this.#parse(id, text) : null);
      }
    }
    return documents;
  }

  /**
   * Compare-and-set; `expectedVersion` 0 creates. `document.version` must already be higher. `previous` is the document
   * at `expectedVersion`; without it, it is read where its names have to be given back.
   */
  async save(document: T, expectedVersion: number, previous?: T): Promise<'saved' | 'stale' | 'taken'> {
    if (document.version <= expectedVersion)
      throw new Error('save: the document must carry its next version');
    const before = expectedVersion === 0 ? null : (previous ?? (await this.#claimant(document.id)));
    if (before === undefined) return 'stale';
    const keys = new KeyList([...this.#keys(document)]);
    const take = this.#claims(document).flatMap(({ hash, field }) => [keys.indexOf(hash), field]);
    const kept = new Set(this.#claims(document).map(claimName));
    const give = (before === null ? [] : this.#claims(before))
      .filter((claim) => !kept.has(claimName(claim)))
      .flatMap(({ hash, field }) => [keys.indexOf(hash), field]);
    const gate = Object.entries(this.#options.gate?.(document).fields ?? {}).flat();
    const result = await saveScript.run(this.#redis.commands, keys.all, [
      document.id,
      expectedVersion,
      JSON.stringify(document),
      ...this.#notice(document.id),
      gate.length / 2,
      ...gate,
      take.length / 2,
      ...take,
      give.length / 2,
      ...give,
    ]);
    if (result === 'saved') this.#redis.notices.tellHere(this.noun, document.id);
    if (result === 'saved' || result === 'stale' || result === 'taken') return result;
    throw new Error(`${saveScript.name} answered ${String(result)}`);
  }

  /** For good; only at `document.version`. */
  async remove(document: T): Promise<'removed' | 'stale'> {
    const keys = new KeyList([...this.#keys(document)]);
    const give = this.#claims(document).flatMap(({ hash, field }) => [keys.indexOf(hash), field]);
    const result = await removeScript.run(this.#redis.commands, keys.all, [
      document.id,
      document.version,
      ...this.#notice(document.id),
      ...give,
    ]);
    if (result === 'removed') this.#redis.notices.tellHere(this.noun, document.id);
    if (result === 'removed' || result === 'stale') return result;
    throw new Error(`${removeScript.name} answered ${String(result)}`);
  }

  /** Id of the document that holds this unique name. */
  async findByClaim(hash: string, field: string): Promise<string | null> {
    return this.#redis.commands.hget(hash, field);
  }

  /** What changed after `sequence`, which is 0 or came from the last call. One command. */
  async changesSince(sequence: number, limit = 1000): Promise<Changes> {
    const changes = this.#redis.keyspace.documentChanges(this.noun);
    const flat = await this.#redis.commands.zrangebyscore(
      ...([changes, `(${sequence}`, '+inf', 'WITHSCORES', 'LIMIT'] as const),
      ...([0, limit] as const),
    );
    const ids = flat.filter((_, index) => index % 2 === 0);
    const last = flat.at(-1);
    return {
      sequence: last === undefined ? sequence : Number(last),
      ids,
      complete: ids.length < limit,
    };
  }

  /** The document whose names a save gives back; undefined when it is gone. */
  async #claimant(id: string): Promise<T | null | undefined> {
    if (this.#options.claims === undefined) return null;
    return (await this.get(id)) ?? undefined;
  }

  #claims(document: T): readonly Claim[] {
    return this.#options.claims?.(document) ?? [];
  }

  #key(id: string): string {
    return this.#redis.keyspace.document(this.noun, id);
  }

  #keys(document: T): string[] {
    const key = this.#key(document.id);
    const { documentSequence, documentChanges } = this.#redis.keyspace;
    return [
      key,
      documentSequence(this.noun),
      documentChanges(this.noun),
      this.#options.gate?.(document).key ?? key,
    ];
  }

  #notice(id: string): [channel: string, notice: string] {
    return [this.#redis.keyspace.notices, `${this.noun}:${id}`];
  }

  #parse(id: string, text: string): T {
    const parsed = this.#options.schema.safeParse(JSON.parse(text));
    if (parsed.success) return parsed.data;
    const [issue] = parsed.error.issues;
    throw new InvalidDocument(this.noun, id, `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
}

/** Keys of a script, each once; Lua counts from 1. */
class KeyList {
  readonly all: string[];

  constructor(first: string[]) {
    this.all = first;
  }

  indexOf(key: string): number {
    const known = this.all.indexOf(key, 4);
    return known >= 0 ? known + 1 : this.all.push(key);
  }
}

function claimName({ hash, field }: Claim): string {
  return `${hash}\n${field}`;
}
