// Owns what a key tells whoever holds its secret; everybody else learns nothing, and not for long.
import {
  KEY_STATS_DAYS,
  type KeyStats,
  type keyStatsRoutes,
  type LimitState,
  type UsageRow,
} from '@crs/shared';
import { LRUCache } from 'lru-cache';
import type { Handlers } from '../../entry/handlers.ts';
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import { ProblemError } from '../../platform/problem.ts';
import { type KeyDocument, type KeyView, keyAnswer, type Presented } from '../keys/index.ts';
import type { KeyAsks } from './key-asks.repository.ts';
import type { Stats } from './stats.service.ts';

const DAY_MS = 86_400_000;
/** Figures by model are added up from all keys' of each day: asked again soon, they are not added up again. */
const REMEMBER_MS = 30_000;
const MAX_REMEMBERED = 1000;

export interface KeyStatsDependencies {
  readonly keys: {
    authenticate(secret: string): Promise<Presented | null>;
    view(keys: readonly KeyDocument[]): Promise<KeyView[]>;
  };
  readonly stats: Pick<Stats, 'usage'>;
  readonly asks: KeyAsks;
  readonly clock: Clock;
  readonly calendar: Calendar;
  figuresOf(ids: string[]): Promise<KeyStats['usage'][]>;
  limitStates(keys: readonly KeyDocument[]): Promise<LimitState[][]>;
  /** Somebody asked with a secret that no key has. */
  onUnknownKey(address: string): void;
}

type ByModel = Promise<KeyStats['usageByModel']>;

export function keyStatsHandlers(dependencies: KeyStatsDependencies): Handlers<typeof keyStatsRoutes> {
  const { keys, stats, asks, clock, calendar } = dependencies;
  const remembered = new LRUCache<string, ByModel>({ max: MAX_REMEMBERED, ttl: REMEMBER_MS });
  const usageBy = async (groupBy: 'day' | 'model', keyId: string): Promise<UsageRow[]> => {
    const startMs = calendar.dayStartMs(clock.now() - (KEY_STATS_DAYS - 1) * DAY_MS);
    return (await stats.usage({ keyId, groupBy, from: new Date(startMs).toISOString() })).rows;
  };
  const usageByModel = (keyId: string): ByModel => {
    const known = remembered.get(keyId);
    if (known !== undefined) return known;
    const asked = usageBy('model', keyId);
    remembered.set(keyId, asked);
    asked.catch(() => remembered.delete(keyId));
    return asked;
  };
  return {
    keyStats: async ({ body }, { ip }) => {
      const ask = await asks.count(ip);
      if (ask.type === 'locked') throw tooMany(ask.retryAfterMs);
      const presented = await keys.authenticate(body.apiKey);
      if (presented === null) {
        dependencies.onUnknownKey(ip);
        throw new ProblemError('unknown_key', 'No key of this gateway has this secret. Paste the whole key.');
      }
      const { key } = presented;
      const [[view], [usage], [limits], byDay, byModel] = await Promise.all([
        keys.view([key]),
        dependencies.figuresOf([key.id]),
        dependencies.limitStates([key]),
        body.brief ? [] : usageBy('day', key.id),
        body.brief ? [] : usageByModel(key.id),
        ask.forgive(),
      ]);
      if (view === undefined || usage === undefined) throw new Error('one key in, one answer out');
      const nowMs = clock.now();
      return {
        ...keyAnswer(view, usage, limits ?? [], nowMs),
        usageByDay: byDay,
        usageByModel: byModel,
        server: { now: new Date(nowMs).toISOString(), timezone: calendar.label },
      };
    },
  };
}

function tooMany(retryAfterMs: number): ProblemError {
  const minutes = Math.ceil(retryAfterMs / 60_000);
  return new ProblemError(
    'too_many_attempts',
    `Too many questions from your address. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
    { retryAfterSeconds: Math.max(1, Math.ceil(retryAfterMs / 1000)) },
  );
}
