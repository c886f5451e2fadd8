// Owns finding a key by its secret without asking Redis each time. Whatever is remembered here too long, admission's
// script finds out: it knows the current version of every key.
import { LRUCache } from 'lru-cache';
import { hashSecret } from '../../platform/crypto/index.ts';
import type { Events } from '../../platform/events.ts';
import type { KeyDocument } from './document.ts';
import type { KeyRepository } from './keys.repository.ts';

const MAX_REMEMBERED = 50_000;
const REMEMBER_MS = 60_000;

export class Authenticator {
  readonly #repository: KeyRepository;
  readonly #pepper: string;
  readonly #documents = new LRUCache<string, KeyDocument>({ max: MAX_REMEMBERED, ttl: REMEMBER_MS });
  /** Hash of the secret -> id. */
  readonly #ids = new LRUCache<string, string>({ max: MAX_REMEMBERED });
  #changes = 0;

  constructor(repository: KeyRepository, pepper: string, events: Events) {
    this.#repository = repository;
    this.#pepper = pepper;
    events.on('key.changed', ({ id }) => this.#forget(id));
  }

  /** Null for an unknown secret. A deleted or disabled key is answered: the caller words the refusal. */
  async authenticate(secret: string): Promise<KeyDocument | null> {
    const secretHash = hashSecret(secret, this.#pepper);
    const knownId = this.#ids.get(secretHash);
    const known = knownId === undefined ? undefined : this.#documents.get(knownId);
    if (known !== undefined) return known;
    const id = await this.#repository.findIdBySecretHash(secretHash);
    if (id === null) return null;
    const key = await this.#read(id);
    if (key === null || key.secretHash !== secretHash) return null;
    this.#ids.set(secretHash, id);
    return key;
  }

  /** Reads afresh, whatever is remembered. */
  async reload(id: string): Promise<KeyDocument | null> {
    this.#documents.delete(id);
    return this.#read(id);
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
