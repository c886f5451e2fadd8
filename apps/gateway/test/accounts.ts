// For tests: the accounts of one gateway process, on a real Redis, without the gateway around them.
import { createCalendar } from '../src/platform/calendar.ts';
import { SecretBox } from '../src/platform/crypto/index.ts';
import { createEvents, type EventMap } from '../src/platform/events.ts';
import { UpstreamClient } from '../src/platform/http/upstream-client.ts';
import { forwardNotices, openRedis, type RedisConnections } from '../src/platform/redis/index.ts';
import { Accounts, type AccountsDependencies } from '../src/modules/accounts/index.ts';
import type { AnyProvider } from '../src/providers/provider.ts';
import { redisConfig } from './redis-config.ts';
import type { TestRedis } from './redis.ts';
import { noRestRules } from './rest-rules.ts';

const KEY = 'k'.repeat(32);

export interface TestAccounts {
  readonly accounts: Accounts;
  readonly redis: RedisConnections;
  readonly upstream: UpstreamClient;
  /** Changes of status that were told. */
  readonly told: EventMap['account.status'][];
  readonly errors: unknown[];
  close(): Promise<void>;
}

interface Options extends Partial<Pick<AccountsDependencies, 'clock' | 'allowPrivateUpstreams' | 'send'>> {
  readonly providers: ReadonlyMap<string, AnyProvider>;
  readonly encryptionKey?: string | undefined;
  /** What every host name resolves to. */
  readonly addresses?: string[] | undefined;
}

export async function startAccounts(server: TestRedis, options: Options): Promise<TestAccounts> {
  const redis = openRedis(redisConfig(server));
  await redis.whenUp(5000);
  const errors: unknown[] = [];
  const events = createEvents((error) => errors.push(error));
  forwardNotices(redis.notices, events);
  const told: EventMap['account.status'][] = [];
  events.on('account.status', (event) => told.push(event));
  const allowPrivateUpstreams = options.allowPrivateUpstreams ?? true;
  const upstream = new UpstreamClient({ connectTimeoutMs: 1000, allowPrivateUpstreams });
  const accounts = new Accounts({
    redis,
    events,
    clock: options.clock ?? { now: () => Date.now() },
    secrets: new SecretBox(options.encryptionKey ?? KEY),
    providers: options.providers,
    allowPrivateUpstreams,
    restRules: noRestRules,
    calendar: createCalendar({ type: 'offset', offsetMinutes: 0 }),
    groupsExist: async (ids) => ids.map((id) => id === 'group-1'),
    spentToday: async (ids) => ids.map(() => 0),
    lookup: async () => options.addresses ?? ['93.184.216.34'],
    send: options.send ?? ((request, sendOptions) => upstream.send(request, sendOptions)),
    onError: (error) => errors.push(error),
  });
  await accounts.start();
  return {
    accounts,
    redis,
    upstream,
    told,
    errors,
    close: async () => {
      await accounts.stop();
      await upstream.close();
      await redis.close();
    },
  };
}
