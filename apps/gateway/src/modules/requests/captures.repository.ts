// Owns kept bodies in Redis: sealed bytes by request, and the books of how much they are together.
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';

const storeScript = defineScript(new URL('./scripts/store-bodies.lua', import.meta.url));
const removeScript = defineScript(new URL('./scripts/remove-bodies.lua', import.meta.url));

export interface StoredBodies {
  readonly requestId: string;
  readonly keyId: string;
  readonly atMs: number;
  readonly sealed: Buffer;
}

const REMOVED_AT_ONCE = 500;

export class CapturesRepository {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  /** The oldest make room for it. */
  async store(
    { requestId, keyId, atMs, sealed }: StoredBodies,
    limits: { readonly lifeMs: number; readonly maxTotalBytes: number },
  ): Promise<void> {
    const { background, keyspace } = this.#redis;
    await storeScript.run(
      background,
      [keyspace.bodies(requestId), keyspace.bodiesByTime, keyspace.bodySizes],
      // Bytes go as they are; the script's arguments are typed as text.
      [
        keyspace.bodies(''),
        requestId,
        atMs,
        limits.lifeMs,
        limits.maxTotalBytes,
        keyId,
        sealed.length,
        sealed as unknown as string,
      ],
    );
  }

  async find(requestId: string): Promise<{ sealed: Buffer; leftMs: number } | null> {
    const { background, keyspace } = this.#redis;
    const key = keyspace.bodies(requestId);
    const [sealed, leftMs] = await Promise.all([background.getBuffer(key), background.pttl(key)]);
    return sealed === null || leftMs < 0 ? null : { sealed, leftMs };
  }

  /** Life left in ms, null where nothing is kept. */
  async leftMs(requestId: string): Promise<number | null> {
    const { background, keyspace } = this.#redis;
    const leftMs = await background.pttl(keyspace.bodies(requestId));
    return leftMs < 0 ? null : leftMs;
  }

  /** How many of them there were. */
  async remove(requestIds: readonly string[]): Promise<number> {
    if (requestIds.length === 0) return 0;
    const { background, keyspace } = this.#redis;
    const reply = await removeScript.run(
      background,
      [keyspace.bodiesByTime, keyspace.bodySizes],
      [keyspace.bodies(''), ...requestIds],
    );
    return Number(reply);
  }

  /** Ids of all that is kept, or of one key's, in pieces. */
  async *ids(keyId: string | null): AsyncGenerator<string[]> {
    const { background, keyspace } = this.#redis;
    for (let skip = 0; ; ) {
      const ids = await background.zrange(
        keyspace.bodiesByTime,
        String(skip),
        String(skip + REMOVED_AT_ONCE - 1),
      );
      if (ids.length === 0) return;
      const owners = keyId === null ? [] : await background.hmget(keyspace.bodySizes, ...ids);
      const wanted = keyId === null ? ids : ids.filter((_, at) => owners[at]?.split(' ')[1] === keyId);
      yield wanted;
      // What was yielded is gone when it goes on.
      skip += ids.length - wanted.length;
    }
  }
}
