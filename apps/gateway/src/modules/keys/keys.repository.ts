// Owns what Redis holds of relay keys: documents found by id or by the hash of the secret, and first and last uses.
import { z } from 'zod';
import { defineScript, DocumentStore, type RedisConnections } from '../../platform/redis/index.ts';
import { gateFields, type KeyDocument, keyDocumentSchema, ownerTag } from './document.ts';

const activationsScript = defineScript(new URL('./scripts/activations.lua', import.meta.url));
const activationsReply = z.array(z.coerce.number().nullable());
const CHUNK = 1000;

export class KeyRepository {
  readonly documents: DocumentStore<KeyDocument>;
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
    const { keyspace } = redis;
    this.documents = new DocumentStore(redis, {
      noun: 'key',
      schema: keyDocumentSchema,
      claims: ({ secretHash, previousSecret }) =>
        [secretHash, ...(previousSecret === null ? [] : [previousSecret.hash])].map((field) => ({
          hash: keyspace.keySecrets,
          field,
        })),
      gate: (key) => ({ key: keyspace.keyGate(ownerTag(key), key.id), fields: gateFields(key) }),
    });
  }

  async findIdBySecretHash(secretHash: string): Promise<string | null> {
    return this.documents.findByClaim(this.#redis.keyspace.keySecrets, secretHash);
  }

  /** First use of each key that is limited to a time after it, epoch ms; one command per thousand. */
  async activations(
    keys: readonly { readonly id: string; readonly userId: string | null }[],
  ): Promise<(number | null)[]> {
    const times: (number | null)[] = [];
    for (let from = 0; from < keys.length; from += CHUNK) {
      const gates = keys
        .slice(from, from + CHUNK)
        .map((key) => this.#redis.keyspace.keyGate(ownerTag(key), key.id));
      times.push(...activationsReply.parse(await activationsScript.run(this.#redis.commands, gates, [])));
    }
    return times;
  }

  /** Last use of each key, epoch ms; one command. */
  async lastUses(ids: readonly string[]): Promise<(number | null)[]> {
    if (ids.length === 0) return [];
    const scores = await this.#redis.commands.zmscore(this.#redis.keyspace.keysLastUsed, ...ids);
    return scores.map((score) => (score === null ? null : Number(score)));
  }

  /** Keys used at that time or later, with their last use in epoch ms; one command. */
  async usedSince(sinceMs: number): Promise<[id: string, lastUsedMs: number][]> {
    const flat = await this.#redis.background.zrangebyscore(
      this.#redis.keyspace.keysLastUsed,
      sinceMs,
      '+inf',
      'WITHSCORES',
    );
    return Array.from({ length: flat.length / 2 }, (_, index) => [
      flat[index * 2] ?? '',
      Number(flat[index * 2 + 1]),
    ]);
  }
}
