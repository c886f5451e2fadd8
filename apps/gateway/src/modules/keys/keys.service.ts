// Owns the rules of relay keys: how they are made, changed, thrown away and taken back.
import { randomBytes } from 'node:crypto';
import type { z } from 'zod';
import type { Bind, keyCreateBody, keyUpdateBody } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import { hashSecret } from '../../platform/crypto/index.ts';
import type { Events } from '../../platform/events.ts';
import { newId } from '../../platform/ids.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { Authenticator } from './authenticator.ts';
import { KeyDirectory, type KeyPage, type KeyQuery, type KeysOverview } from './directory.ts';
import { type KeyDocument, keyDefaults } from './document.ts';
import { bindTarget } from './key-summary.ts';
import { KeyRepository } from './keys.repository.ts';

const SECRET_BYTES = 32;
const HINT_HEAD = 4;
const HINT_TAIL = 4;
const MAX_TRIES = 5;
/** So many keys that end soon are named. */

export interface KeysDependencies {
  readonly redis: RedisConnections;
  readonly events: Events;
  readonly clock: Clock;
  /** Added to a secret before it is hashed. */
  readonly pepper: string;
  /** Begins every new secret: `cr_`. */
  readonly keyPrefix: string;
  /** Which of these accounts and groups there are. */
  bindsExist(binds: readonly Bind[]): Promise<boolean[]>;
  /** A stored key that cannot be read, a look at Redis that failed. */
  readonly onError: (error: unknown) => void;
}

/** A key with what its uses say of it. */
export interface KeyView {
  readonly key: KeyDocument;
  readonly activatedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

/** A change, for the audit log. */
export interface KeyChange {
  readonly before: KeyDocument;
  readonly after: KeyDocument;
}

type KeyPatch = z.output<typeof keyUpdateBody>;

export class Keys {
  readonly #dependencies: KeysDependencies;
  readonly #repository: KeyRepository;
  readonly #authenticator: Authenticator;
  readonly #directory: KeyDirectory;

  constructor(dependencies: KeysDependencies) {
    const { redis, events, clock, pepper, onError } = dependencies;
    this.#dependencies = dependencies;
    this.#repository = new KeyRepository(redis);
    this.#authenticator = new Authenticator(this.#repository, pepper, events);
    this.#directory = new KeyDirectory(redis, this.#repository, clock, onError);
  }

  /** Null for an unknown secret. A deleted or disabled key is answered: the caller words the refusal. */
  async authenticate(secret: string): Promise<KeyDocument | null> {
    return this.#authenticator.authenticate(secret);
  }

  /** The key as it is stored now, whatever is remembered of it; null when it is gone. */
  async reload(id: string): Promise<KeyDocument | null> {
    return this.#authenticator.reload(id);
  }

  /** `secret` is not kept anywhere: this is the only time it can be seen. */
  async create(given: z.output<typeof keyCreateBody>): Promise<{ key: KeyDocument; secret: string }> {
    await this.#refuseUnknownBinds(given.binds);
    const { clock, keyPrefix, pepper } = this.#dependencies;
    const digits = randomBytes(SECRET_BYTES).toString('hex');
    const secret = keyPrefix + digits;
    const now = new Date(clock.now()).toISOString();
    const key: KeyDocument = {
      ...keyDefaults,
      ...normalised(given),
      name: given.name,
      id: newId(),
      secretHash: hashSecret(secret, pepper),
      hint: `${keyPrefix}${digits.slice(0, HINT_HEAD)}…${digits.slice(-HINT_TAIL)}`,
      createdAt: now,
      updatedAt: now,
      deletedAt: null,
      deletedBy: null,
      version: 1,
    };
    const result = await this.#repository.documents.save(key, 0);
    if (result !== 'saved') throw new Error(`A new key could not be stored: ${result}`);
    return { key, secret };
  }

  async get(id: string): Promise<KeyView> {
    const [view] = await this.view([await this.#stored(id)]);
    if (view === undefined) throw notFound();
    return view;
  }

  /** One page of the keys outside the trash, or of those of one status. */
  async list(query: KeyQuery): Promise<{ views: KeyView[]; total: number }> {
    await this.#directory.refresh(query.sort);
    return this.#read(this.#directory.page(query));
  }

  /** One page of the trash. */
  async listDeleted(query: KeyQuery): Promise<{ views: KeyView[]; total: number }> {
    await this.#directory.refresh();
    return this.#read(this.#directory.trashPage(query));
  }

  async tags(): Promise<{ tag: string; keys: number }[]> {
    await this.#directory.refresh();
    return this.#directory.tags();
  }

  /** Keys outside the trash at a glance, with those that end within so many milliseconds. */
  async overview(endsWithinMs: number): Promise<KeysOverview> {
    await this.#directory.refresh();
    return this.#directory.overview(endsWithinMs);
  }

  /** Names in the order of the ids, also of keys in the trash; null for those that are gone. */
  async names(ids: readonly string[]): Promise<(string | null)[]> {
    await this.#directory.refresh();
    return ids.map((id) => this.#directory.nameOf(id));
  }

  /** Names of the keys outside the trash that are bound to each of these, in their order. */
  async boundTo(
    targets: readonly ({ readonly accountId: string } | { readonly groupId: string })[],
  ): Promise<string[][]> {
    if (targets.length === 0) return [];
    await this.#directory.refresh();
    return targets.map((target) => this.#directory.boundTo(bindTarget(target)));
  }

  /** Merges the fields given. With `version` a stale change is refused, without it the latest state is changed. */
  async update(id: string, patch: KeyPatch): Promise<KeyChange> {
    const { version, ...fields } = patch;
    await this.#refuseUnknownBinds(fields.binds);
    const changed = normalised(fields);
    return this.#change(id, version, (key) => {
      if (key.deletedAt !== null) {
        throw new ProblemError('wrong_state', 'The key is in the trash; restore it before changing it');
      }
      return { ...key, ...changed };
    });
  }

  /** Into the trash: it stops working at once. `by` is the name of the user who does it. */
  async remove(id: string, by: string): Promise<KeyChange> {
    const deletedAt = new Date(this.#dependencies.clock.now()).toISOString();
    return this.#change(id, undefined, (key) => {
      if (key.deletedAt !== null) throw new ProblemError('wrong_state', 'The key is in the trash already');
      return { ...key, deletedAt, deletedBy: by };
    });
  }

  /** Out of the trash: the same secret works again. */
  async restore(id: string): Promise<KeyChange> {
    return this.#change(id, undefined, (key) => {
      if (key.deletedAt === null) throw new ProblemError('wrong_state', 'The key is not in the trash');
      return { ...key, deletedAt: null, deletedBy: null };
    });
  }

  /** For good; answers what was removed. Figures and past requests stay. */
  async purge(id: string): Promise<KeyDocument> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const key = await this.#stored(id);
      if (key.deletedAt === null) {
        throw new ProblemError('wrong_state', 'Only a key in the trash can be deleted for good');
      }
      if ((await this.#repository.documents.remove(key)) === 'removed') return key;
    }
    throw changedMeanwhile();
  }

  /** Deletes for good what was thrown away before that time; answers what was removed, piece by piece. */
  async *purgeOlderThan(beforeMs: number): AsyncGenerator<KeyDocument> {
    await this.#directory.refresh();
    for (const id of this.#directory.deletedBefore(beforeMs)) {
      const key = await this.#repository.documents.get(id);
      // Taken back meanwhile, or thrown away anew.
      if (key === null || key.deletedAt === null || Date.parse(key.deletedAt) >= beforeMs) continue;
      if ((await this.#repository.documents.remove(key)) === 'removed') yield key;
    }
  }

  /** What the uses of these keys say: two commands for all of them. */
  async view(keys: readonly KeyDocument[]): Promise<KeyView[]> {
    const ids = keys.map(({ id }) => id);
    const [activations, lastUses] = await Promise.all([
      this.#repository.activations(keys),
      this.#repository.lastUses(ids),
    ]);
    return keys.map((key, index) => ({
      key,
      activatedAtMs: activations[index] ?? null,
      lastUsedAtMs: lastUses[index] ?? null,
    }));
  }

  stop(): void {
    this.#directory.stop();
  }

  async #refuseUnknownBinds(binds: readonly Bind[] = []): Promise<void> {
    if (binds.length === 0) return;
    const found = await this.#dependencies.bindsExist(binds);
    const errors = binds.flatMap((bind, index) =>
      found[index] === true ? [] : [{ path: `binds.${index}`, message: missing(bind) }],
    );
    const [first] = errors;
    if (first !== undefined) throw new ProblemError('validation_failed', first.message, { errors });
  }

  async #read(page: KeyPage): Promise<{ views: KeyView[]; total: number }> {
    const keys = await this.#repository.documents.getMany(page.ids);
    return { views: await this.view(keys.filter((key) => key !== null)), total: page.total };
  }

  async #stored(id: string): Promise<KeyDocument> {
    const key = await this.#repository.documents.get(id);
    if (key === null) throw notFound();
    return key;
  }

  /** Compare-and-set; tried again on the newer state unless the caller named the version he has seen. */
  async #change(
    id: string,
    seenVersion: number | undefined,
    next: (key: KeyDocument) => KeyDocument,
  ): Promise<KeyChange> {
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const before = await this.#stored(id);
      if (seenVersion !== undefined && seenVersion !== before.version) throw changedMeanwhile();
      const updatedAt = new Date(this.#dependencies.clock.now()).toISOString();
      const after = { ...next(before), updatedAt, version: before.version + 1 };
      const result = await this.#repository.documents.save(after, before.version, before);
      if (result === 'saved') return { before, after };
    }
    throw changedMeanwhile();
  }
}

/** Fields that were given, lists without doubles, times in UTC. */
function normalised(fields: Omit<KeyPatch, 'version'>): Partial<KeyDocument> {
  const { tags, clients, permissions, expiration } = fields;
  const given: Omit<KeyPatch, 'version'> = {
    ...fields,
    tags: tags && unique(tags),
    clients: clients && unique(clients),
    permissions: Array.isArray(permissions) ? unique(permissions) : permissions,
    expiration: expiration && 'at' in expiration ? { at: new Date(expiration.at).toISOString() } : expiration,
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

function missing(bind: Bind): string {
  return 'groupId' in bind
    ? `there is no group with the id ${bind.groupId}`
    : `there is no account of kind ${bind.kind} with the id ${bind.accountId}`;
}

function unique<T>(items: readonly T[]): T[] {
  return [...new Set(items)];
}

function notFound(): ProblemError {
  return new ProblemError('not_found', 'There is no such key');
}

function changedMeanwhile(): ProblemError {
  return new ProblemError(
    'conflict',
    'The key was changed meanwhile; read it again and repeat the change on what it is now',
  );
}
