// Owns what is done with relay keys: made, changed, renewed, given a new secret, thrown away, taken back; one or many.
import { randomBytes } from 'node:crypto';
import type { Bind, keyBatchCreateBody, keyBatchUpdateBody, keyCreateBody } from '@crs/shared';
import type { z } from 'zod';
import { inChunks } from '../../platform/batch.ts';
import type { Clock } from '../../platform/clock.ts';
import { hashSecret } from '../../platform/crypto/index.ts';
import { newId } from '../../platform/ids.ts';
import { ProblemError } from '../../platform/problem.ts';
import { changed, differences } from './batch-change.ts';
import { graceOf, type KeyDocument, keyDefaults } from './document.ts';
import { type KeyPatch, missing, normalised } from './given-fields.ts';
import type { KeyRepository } from './keys.repository.ts';
import { numberedName } from './numbered-name.ts';
import { type Renewal, renewed } from './renewal.ts';

const SECRET_BYTES = 32;
const HINT_HEAD = 4;
const HINT_TAIL = 4;
const MAX_TRIES = 5;

export interface KeyWriterDependencies {
  readonly repository: KeyRepository;
  readonly clock: Clock;
  /** Added to a secret before it is hashed. */
  readonly pepper: string;
  /** Begins every new secret: `cr_`. */
  readonly keyPrefix: string;
  /** Which of these accounts and groups there are. */
  bindsExist(binds: readonly Bind[]): Promise<boolean[]>;
}

/** A change, for the audit log. */
export interface KeyChange {
  readonly before: KeyDocument;
  readonly after: KeyDocument;
}

/** A new key, and the only sight of its secret. */
export interface NewKey {
  readonly key: KeyDocument;
  readonly secret: string;
}

interface FailedKey {
  readonly name: string;
  readonly error: unknown;
}

/** What became of one key of many. */
export type BatchOutcome =
  | ({ readonly type: 'done' } & KeyChange)
  | {
      readonly type: 'refused';
      readonly id: string;
      /** Null where it is gone. */
      readonly key: KeyDocument | null;
      readonly error: unknown;
    };

export class KeyWriter {
  readonly #dependencies: KeyWriterDependencies;
  readonly #repository: KeyRepository;

  constructor(dependencies: KeyWriterDependencies) {
    this.#dependencies = dependencies;
    this.#repository = dependencies.repository;
  }

  /** `secret` is not kept anywhere: this is the only time it can be seen. */
  async create(given: z.output<typeof keyCreateBody>): Promise<NewKey> {
    await this.#refuseUnknownBinds(given.binds);
    return this.#create(given, this.#dependencies.clock.now());
  }

  /** One by one; what could not be stored is named, and every secret of what was stored is answered. */
  async createMany({
    count,
    startAt,
    name: pattern,
    ...given
  }: z.output<typeof keyBatchCreateBody>): Promise<{ created: NewKey[]; failed: FailedKey[] }> {
    await this.#refuseUnknownBinds(given.binds);
    const nowMs = this.#dependencies.clock.now();
    // A millisecond apart, so that lists show them in the order of their numbers.
    const wanted = Array.from({ length: count }, (_, index) => ({
      name: numberedName(pattern, startAt + index),
      createdAtMs: nowMs + index,
    }));
    const created: NewKey[] = [];
    const failed: FailedKey[] = [];
    await inChunks(wanted, async ({ name, createdAtMs }) => this.#create({ ...given, name }, createdAtMs), {
      done: (_, key) => created.push(key),
      refused: ({ name }, error) => failed.push({ name, error }),
    });
    return { created, failed };
  }

  /** Merges the fields given. With `version` a stale change is refused, without it the latest state is changed. */
  async update(id: string, patch: KeyPatch): Promise<KeyChange> {
    const { version, ...fields } = patch;
    await this.#refuseUnknownBinds(fields.binds);
    const given = normalised(fields);
    return this.#change(id, version, (key) => ({ ...outsideTrash(key), ...given }));
  }

  /** Lets it end later. */
  async renew(id: string, renewal: Renewal): Promise<KeyChange> {
    const [activatedAtMs = null] = await this.#repository.activations([await this.stored(id)]);
    const nowMs = this.#dependencies.clock.now();
    return this.#change(id, undefined, (key) => ({
      ...outsideTrash(key),
      expiration: renewed(key, renewal, activatedAtMs, nowMs),
    }));
  }

  /** `secret` is not kept anywhere. The one before works on for so many seconds; one before that ends now. */
  async rotate(id: string, graceSeconds: number): Promise<KeyChange & { readonly secret: string }> {
    const { secret, ...stored } = this.#newSecret();
    const endsAt = new Date(this.#dependencies.clock.now() + graceSeconds * 1000).toISOString();
    const made = await this.#change(id, undefined, (key) => ({
      ...outsideTrash(key),
      ...stored,
      previousSecret: graceSeconds === 0 ? null : { hash: key.secretHash, hint: key.hint, endsAt },
    }));
    return { ...made, secret };
  }

  /**
   * Each key by itself, answered in the order of the ids. Of a dry run nothing is stored, and `after` is what would be;
   * a key that would stay as it is has `after` as `before`.
   */
  async updateMany({
    ids,
    versions = {},
    dryRun,
    set,
    ...change
  }: z.output<typeof keyBatchUpdateBody>): Promise<BatchOutcome[]> {
    await this.#refuseUnknownBinds(set?.binds);
    const given = normalised(set ?? {});
    const nowMs = this.#dependencies.clock.now();
    const stored = await this.#repository.documents.getMany(ids);
    // Needed only where an end moves on.
    const times =
      change.renew === undefined
        ? []
        : await this.#repository.activations(stored.map((key) => key ?? { id: '', userId: null }));
    return this.#each(ids, stored, async (key, index) => {
      const next = (present: KeyDocument): KeyDocument =>
        changed(outsideTrash(present), change, given, { activatedAtMs: times[index] ?? null, nowMs });
      const version = versions[key.id];
      if (version !== undefined && version !== key.version) throw changedMeanwhile();
      const wanted = next(key);
      if (dryRun || differences(key, wanted).length === 0) return { before: key, after: wanted };
      return this.#change(key.id, version, next);
    });
  }

  /** Into the trash, each by itself. `by` is the name of the user who does it. */
  async removeMany(ids: readonly string[], by: string): Promise<BatchOutcome[]> {
    const stored = await this.#repository.documents.getMany(ids);
    return this.#each(ids, stored, (key) => this.remove(key.id, by));
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
      const key = await this.stored(id);
      if (key.deletedAt === null) {
        throw new ProblemError('wrong_state', 'Only a key in the trash can be deleted for good');
      }
      if ((await this.#repository.documents.remove(key)) === 'removed') return key;
    }
    throw changedMeanwhile();
  }

  async #create(given: z.output<typeof keyCreateBody>, createdAtMs: number): Promise<NewKey> {
    const { secret, ...stored } = this.#newSecret();
    const now = new Date(createdAtMs).toISOString();
    const key: KeyDocument = {
      ...keyDefaults,
      ...normalised(given),
      name: given.name,
      id: newId(),
      ...stored,
      previousSecret: null,
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

  #newSecret(): { readonly secret: string } & Pick<KeyDocument, 'secretHash' | 'hint'> {
    const { keyPrefix, pepper } = this.#dependencies;
    const digits = randomBytes(SECRET_BYTES).toString('hex');
    const secret = keyPrefix + digits;
    const hint = `${keyPrefix}${digits.slice(0, HINT_HEAD)}…${digits.slice(-HINT_TAIL)}`;
    return { secret, secretHash: hashSecret(secret, pepper), hint };
  }

  async #each(
    ids: readonly string[],
    stored: readonly (KeyDocument | null)[],
    change: (key: KeyDocument, index: number) => Promise<KeyChange>,
  ): Promise<BatchOutcome[]> {
    const outcomes: BatchOutcome[] = [];
    await inChunks(
      ids.map((_, index) => index),
      async (index) => {
        const key = stored[index];
        if (key === undefined || key === null) throw notFound();
        return change(key, index);
      },
      {
        done: (_, made) => outcomes.push({ type: 'done', ...made }),
        refused: (index, error) =>
          outcomes.push({ type: 'refused', id: ids[index] ?? '', key: stored[index] ?? null, error }),
      },
    );
    return outcomes;
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

  /** Throws `not_found`. */
  protected async stored(id: string): Promise<KeyDocument> {
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
      const before = await this.stored(id);
      if (seenVersion !== undefined && seenVersion !== before.version) throw changedMeanwhile();
      const nowMs = this.#dependencies.clock.now();
      const updatedAt = new Date(nowMs).toISOString();
      const changedKey = next(before);
      // A secret whose time is over is forgotten with the next change.
      const previousSecret = graceOf(changedKey, nowMs);
      const after = { ...changedKey, previousSecret, updatedAt, version: before.version + 1 };
      const result = await this.#repository.documents.save(after, before.version, before);
      if (result === 'saved') return { before, after };
    }
    throw changedMeanwhile();
  }
}

function outsideTrash(key: KeyDocument): KeyDocument {
  if (key.deletedAt === null) return key;
  throw new ProblemError('wrong_state', 'The key is in the trash; restore it before changing it');
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
