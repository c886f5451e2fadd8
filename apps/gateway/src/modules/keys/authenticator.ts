// Owns finding a key by its secret without asking Redis each time. Whatever is remembered here too long, admission's
// script finds out: it knows the current version of every key.
import { LRUCache } from 'lru-cache';
import type { Clock } from '../../platform/clock.ts';
import { hashSecret } from '../../platform/crypto/index.ts';
import type { Events } from '../../platform/events.ts';
import { type KeyDocument, opensWith } from './document.ts';
import type { KeyRepository } from './keys.repository.ts';

const MAX_REMEMBERED = 50_000;
const REMEMBER_MS = 60_000;

/** A key, and what was presented for it: a key that has been changed since must still open with that. */
export interface Presented {
  readonly key: KeyDocument;
  readonly secretHash: string;
}

export class Authenticator {
  readonly #repository: KeyRepository;
  readonly #clock: Clock;
  readonly #pepper: string;
  readonly #documents = new LRUCache<string, KeyDocument>({ max: MAX_REMEMBERED, ttl: REMEMBER_MS });
  /** Hash of the secret -> id. */
  readonly #ids = new LRUCache<string, string>({ max: MAX_REMEMBERED });
  #changes = 0;

  constructor(repository: KeyRepository, pepper: string, clock: Clock, events: Events) {
    this.#repository = repository;
    this.#clock = clock;
    this.#pepper = pepper;
    events.on('key.changed', ({ id }) => this.#forget(id));
  }

  /** Null for an unknown secret. A deleted or disabled key is answered: the caller words the refusal. */
  async authenticate(secret: string): Promise<Presented | null> {
    const secretHash = hashSecret(secret, this.#pepper);
    const knownId = this.#ids.get(secretHash);
    const known = knownId === undefined ? undefined : this.#documents.get(knownId);
    if (known !== undefined) return this.#open(known, secretHash);
    const id = await this.#repository.findIdBySecretHash(secretHash);
    const presented = this.#open(id === null ? null : await this.#read(id), secretHash);
    if (presented !== null) this.#ids.set(secretHash, presented.key.id);
    return presented;
  }

  /** Reads afresh, whatever is remembered; null where the key is gone or opens with another secret now. */
  async reload({ key, secretHash }: Presented): Promise<Presented | null> {
    this.#documents.delete(key.id);
    return this.#open(await this.#read(key.id), secretHash);
  }

  #open(key: KeyDocument | null, secretHash: string): Presented | null {
    return key !== null && opensWith(key, secretHash, this.#clock.now()) ? { key, secretHash } : null;
  }

  async #read(id: string): Promise<KeyDocument | null> {
    const changesBefore = this.#changes;
    const key = await this.#repository.documents.get(id);
    // What was read while a change came in may be the state before it.
    if (key !== null && this.#changes === changesBefore) this.#documents.set(id, key);
    return key;
  }

  #forget(id: string): void {
    this.#changes += 1;
    this.#documents.delete(id);
  }
}
