// A whole gateway in this process for journeys: real Redis, real sockets, the upstream simulator for the vendors.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { api, type Client, createClient } from '@crs/shared';
import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { build, type Gateway } from '../src/app.ts';
import { loadConfig } from '../src/config/index.ts';
import type { Overrides } from '../src/services.ts';
import { endpointsAt } from './providers.ts';
import { startTestRedis, type TestRedis } from './redis.ts';

export const ADMIN_PASSWORD = 'a-long-test-password';

export interface TestGateway {
  readonly url: string;
  readonly gateway: Gateway;
  readonly simulator: Simulator;
  readonly redis: TestRedis;
  readonly dataDir: string;
  /** Signed in as the admin. */
  readonly admin: Client<typeof api>;
  /** A second process's worth of gateway on the same Redis. */
  replica(): Promise<{ url: string; gateway: Gateway; close(): Promise<void> }>;
  /** Resolves when every row so far is in the figures. */
  settled(): Promise<void>;
  close(): Promise<void>;
}

export interface TestGatewayOptions {
  /** Settings over the test's own, by their environment names. */
  readonly env?: Readonly<Record<string, string>>;
  readonly overrides?: Overrides;
  /** After so long a silence clients of converted streams get a ping. */
  readonly pingEveryMs?: number;
}

export async function startTestGateway(options: TestGatewayOptions = {}): Promise<TestGateway> {
  const [redis, simulator] = await Promise.all([startTestRedis(), startSimulator()]);
  const dataDir = mkdtempSync(join(tmpdir(), 'gateway '));
  const vendors = join(dataDir, 'endpoints.json');
  writeFileSync(vendors, JSON.stringify(endpointsAt(simulator.url)));
  const withVendors = { ...options, env: { UPSTREAM_ENDPOINTS: vendors, ...options.env } };
  const first = await open(redis, dataDir, withVendors);
  const token = await signIn(first.url);
  const others: { close(): Promise<void> }[] = [];
  return {
    ...first,
    simulator,
    redis,
    dataDir,
    admin: createClient(api, { baseUrl: `${first.url}/api/v2`, token: () => token }),
    replica: async () => {
      const opened = await open(redis, mkdtempSync(join(tmpdir(), 'gateway ')), {
        ...withVendors,
        // The same installation: both must know each other's secrets.
        env: { ...withVendors.env, ...secretsOf(first.gateway) },
      });
      const replica = { ...opened, close: () => opened.gateway.close() };
      others.push(replica);
      return replica;
    },
    settled: async () => {
      await first.gateway.services.journal.drain(5000);
      await first.gateway.services.usage.roller.caughtUp();
    },
    close: async () => {
      for (const other of others) await other.close();
      await first.gateway.close();
      await simulator.close();
      await redis.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}

function secretsOf({ config }: Gateway): Record<string, string> {
  return { JWT_SECRET: config.secrets.jwtSecret, ENCRYPTION_KEY: config.secrets.encryptionKey };
}

async function open(
  redis: TestRedis,
  dataDir: string,
  { env = {}, overrides = {}, pingEveryMs }: TestGatewayOptions,
): Promise<{ url: string; gateway: Gateway }> {
  const config = loadConfig(
    {
      NODE_ENV: 'test',
      REDIS_URL: redis.url,
      DATA_DIR: dataDir,
      LOG_DIR: join(dataDir, 'logs'),
      LOG_LEVEL: 'fatal',
      ADMIN_PASSWORD,
      ALLOW_PRIVATE_UPSTREAMS: 'true',
      // A busy machine is not what most journeys are about.
      REDIS_COMMAND_TIMEOUT_MS: '3000',
      DRAIN_TIMEOUT_MS: '2000',
      ...env,
    },
    dataDir,
  );
  const relay = { ...config.relay, pingEveryMs: pingEveryMs ?? config.relay.pingEveryMs };
  const gateway = await build({ ...config, relay, port: 0 }, overrides);
  return { url: await gateway.listen(), gateway };
}

async function signIn(url: string): Promise<string> {
  const client = createClient(api, { baseUrl: `${url}/api/v2` });
  const { token } = await client.auth.adminLogin({ body: { username: 'admin', password: ADMIN_PASSWORD } });
  return token;
}
