// Owns how replicas learn that somebody watches requests, and how watchers hear of them.
import { listenTo, type RedisConnections } from '../../platform/redis/index.ts';

const LEASE_MS = 30_000;

export class LiveRepository {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  /** From here on every replica tells what it writes; it runs out by itself. */
  async holdLease(): Promise<void> {
    const { background, keyspace } = this.#redis;
    await background.set(keyspace.requestListeners, '1', 'PX', LEASE_MS);
  }

  /** `entryId` of the ledger and the texts of the index for the requests that ended with it. */
  async listen(listener: (entryId: string, members: readonly string[]) => void): Promise<() => void> {
    const { subscriber, keyspace } = this.#redis;
    return listenTo(subscriber, keyspace.requestNews, (message) => {
      const [entryId = '', ...members] = message.split('\n');
      listener(entryId, members);
    });
  }

  /** The connection stood again: what was told meanwhile was not heard. */
  onReconnect(listener: () => void): () => void {
    const { subscriber } = this.#redis;
    subscriber.on('ready', listener);
    return () => void subscriber.off('ready', listener);
  }
}
