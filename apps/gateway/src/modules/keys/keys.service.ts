// Owns relay keys for the rest of the gateway: finding one by its secret, and reading one or many; what is done with
// them is in its parent.
import type { Events } from '../../platform/events.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { Authenticator, type Presented } from './authenticator.ts';
import { KeyDirectory, type KeyPage, type KeysOverview } from './directory.ts';
import type { KeyDocument } from './document.ts';
import type { KeyFiguresDependencies } from './key-figures.ts';
import type { KeyQuery, SortedKeyQuery } from './key-query.ts';
import { bindTarget } from './key-summary.ts';
import { KeyWriter, type KeyWriterDependencies } from './key-writer.ts';
import { KeyRepository } from './keys.repository.ts';

export interface KeysDependencies
  extends Omit<KeyWriterDependencies, 'repository'>,
    Omit<KeyFiguresDependencies, 'repository'> {
  readonly redis: RedisConnections;
  readonly events: Events;
  /** A stored key that cannot be read, a look at Redis that failed. */
  readonly onError: (error: unknown) => void;
}

/** A key with what its uses say of it. */
export interface KeyView {
  readonly key: KeyDocument;
  readonly activatedAtMs: number | null;
  readonly lastUsedAtMs: number | null;
}

export class Keys extends KeyWriter {
  readonly #repository: KeyRepository;
  readonly #authenticator: Authenticator;
  readonly #directory: KeyDirectory;

  constructor(dependencies: KeysDependencies) {
    const { redis, events, clock, pepper, onError } = dependencies;
    const repository = new KeyRepository(redis);
    super({ ...dependencies, repository });
    this.#repository = repository;
    this.#authenticator = new Authenticator(repository, pepper, clock, events);
    this.#directory = new KeyDirectory(redis, { ...dependencies, repository }, onError);
  }

  /** Null for an unknown secret. A deleted or disabled key is answered: the caller words the refusal. */
  async authenticate(secret: string): Promise<Presented | null> {
    return this.#authenticator.authenticate(secret);
  }

  /** As it is stored now, whatever is remembered; null where the key is gone or opens with another secret. */
  async reload(presented: Presented): Promise<Presented | null> {
    return this.#authenticator.reload(presented);
  }

  async get(id: string): Promise<KeyView> {
    const key = await this.stored(id);
    const [view] = await this.view([key]);
    return view ?? { key, activatedAtMs: null, lastUsedAtMs: null };
  }

  /** One page of the keys outside the trash, or of those of one status. */
  async list(query: KeyQuery): Promise<{ views: KeyView[]; total: number }> {
    await this.#directory.refresh(query);
    return this.#read(this.#directory.page(query));
  }

  /** One page of the trash. */
  async listDeleted(query: KeyQuery): Promise<{ views: KeyView[]; total: number }> {
    await this.#directory.refresh();
    return this.#read(this.#directory.trashPage(query));
  }

  /** All keys that a list would show, in its order, so many at a time. */
  async *all(query: SortedKeyQuery, size: number): AsyncGenerator<KeyView[]> {
    await this.#directory.refresh(query);
    for (const ids of this.#directory.inOrder(query, size)) {
      yield (await this.#read({ ids, total: ids.length })).views;
    }
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

  /** Tags of a key, as they are now, also of those in the trash; none of those that are gone. */
  async tagLookup(): Promise<(id: string) => readonly string[]> {
    await this.#directory.refresh();
    return (id) => this.#directory.tagsOf(id);
  }

  /** Ids of all keys with the tag, also of those in the trash. */
  async withTag(tag: string): Promise<string[]> {
    await this.#directory.refresh();
    return this.#directory.withTag(tag);
  }

  /** Names of the keys outside the trash that are bound to each of these, in their order. */
  async boundTo(
    targets: readonly ({ readonly accountId: string } | { readonly groupId: string })[],
  ): Promise<string[][]> {
    if (targets.length === 0) return [];
    await this.#directory.refresh();
    return targets.map((target) => this.#directory.boundTo(bindTarget(target)));
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

  async #read(page: KeyPage): Promise<{ views: KeyView[]; total: number }> {
    const keys = await this.#repository.documents.getMany(page.ids);
    return { views: await this.view(keys.filter((key) => key !== null)), total: page.total };
  }
}
