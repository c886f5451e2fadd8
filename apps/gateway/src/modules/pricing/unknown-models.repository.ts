// Owns, in Redis, which models were asked for that have no price: when, how often, and what was charged.
import { type Service, services } from '@crs/shared';
import { z } from 'zod';
import { defineScript, type RedisConnections } from '../../platform/redis/index.ts';

const noteScript = defineScript(new URL('./scripts/note-unknown.lua', import.meta.url));

/** Names come from clients: the list has an end, and the one not seen for longest makes room. */
const MOST_NAMES = 200;

const sightingSchema = z.object({
  firstSeenMs: z.int(),
  lastSeenMs: z.int(),
  requests: z.int(),
  chargedAs: z.string(),
});
type Sighting = z.output<typeof sightingSchema>;

export interface SeenModel extends Sighting {
  readonly service: Service;
  readonly model: string;
}

export class UnknownModelsRepository {
  readonly #redis: RedisConnections;

  constructor(redis: RedisConnections) {
    this.#redis = redis;
  }

  async add(seen: readonly SeenModel[]): Promise<void> {
    const flat = seen.flatMap((one) => [
      `${one.service}/${one.model}`,
      one.firstSeenMs,
      one.lastSeenMs,
      one.requests,
      one.chargedAs,
    ]);
    await noteScript.run(
      this.#redis.background,
      [this.#redis.keyspace.pricingUnknownModels],
      [MOST_NAMES, ...flat],
    );
  }

  /** Last seen first. */
  async all(): Promise<SeenModel[]> {
    const stored = await this.#redis.background.hgetall(this.#redis.keyspace.pricingUnknownModels);
    return Object.entries(stored)
      .flatMap(([name, text]): SeenModel[] => {
        const service = services.find((each) => name.startsWith(`${each}/`));
        if (service === undefined) return [];
        return [
          { service, model: name.slice(service.length + 1), ...sightingSchema.parse(JSON.parse(text)) },
        ];
      })
      .toSorted((a, b) => b.lastSeenMs - a.lastSeenMs);
  }
}
