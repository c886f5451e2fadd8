// Owns what a chaos run plays on: Redis, gateways and the simulator as processes of their own, and the admin API.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { api, ApiError, type Client, createClient } from '@crs/shared';
import type { SimulatorOptions } from '@crs/upstream-simulator';
import { loadConfig } from '../../src/config/index.ts';
import { openRedis, type RedisConnections } from '../../src/platform/redis/index.ts';
import { addLogin } from '../logins.ts';
import { endpointsAt } from '../providers.ts';
import {
  type GatewayProcess,
  newGatewayProcess,
  type SimulatorProcess,
  startSimulatorProcess,
} from './processes.ts';
import { type RedisStage, startRedisStage } from './redis-stage.ts';

const ADMIN_PASSWORD = 'a-long-test-password';

export interface StageOptions {
  readonly gateways: number;
  /** Three Sentinels, a master and its replica; a master silent for so long is taken for dead. */
  readonly sentinelsDownAfterMs?: number | null;
  /** Settings over the stage's own, by their environment names. */
  readonly env?: Readonly<Record<string, string>>;
  /** Lease, grace and interval of the looks for what dead processes held, in ms; the program's own where absent. */
  readonly lostAfterMs?: readonly [number, number, number];
  readonly simulator?: SimulatorOptions;
}

type KeyFields = Parameters<Client<typeof api>['keys']['create']>[0]['body'];

export interface StageKey {
  readonly id: string;
  readonly secret: string;
}

export interface StageAccount {
  readonly kind: string;
  readonly id: string;
  readonly name: string;
}

const KEYED = 'claude-console';

export class Stage {
  readonly redis: RedisStage;
  readonly simulator: SimulatorProcess;
  readonly gateways: readonly GatewayProcess[];
  /** Settings that all of its processes share. */
  readonly env: Readonly<Record<string, string>>;
  readonly #dir: string;
  #token = '';
  #accounts: StageAccount[] = [];
  #accountNumber = 0;

  private constructor(
    dir: string,
    redis: RedisStage,
    simulator: SimulatorProcess,
    gateways: readonly GatewayProcess[],
    env: Readonly<Record<string, string>>,
  ) {
    this.#dir = dir;
    this.redis = redis;
    this.simulator = simulator;
    this.gateways = gateways;
    this.env = env;
  }

  static async open(options: StageOptions): Promise<Stage> {
    const dir = mkdtempSync(join(tmpdir(), 'chaos '));
    const [redis, simulator] = await Promise.all([
      startRedisStage(options.sentinelsDownAfterMs ?? null),
      startSimulatorProcess(options.simulator),
    ]);
    const vendors = join(dir, 'endpoints.json');
    writeFileSync(vendors, JSON.stringify(endpointsAt(simulator.url)));
    const env = {
      NODE_ENV: 'test',
      LOG_LEVEL: 'error',
      ADMIN_PASSWORD,
      JWT_SECRET: 'a secret of the chaos runs, long enough to sign',
      ENCRYPTION_KEY: 'another secret of the chaos runs, long enough',
      ALLOW_PRIVATE_UPSTREAMS: 'true',
      UPSTREAM_ENDPOINTS: vendors,
      ...redis.env,
      ...options.env,
      ...(options.lostAfterMs === undefined ? {} : { CHAOS_LOST_AFTER: options.lostAfterMs.join(',') }),
    };
    const program = options.lostAfterMs === undefined ? '../../src/main.ts' : './gateway-process.ts';
    const gateways = await Promise.all(
      Array.from({ length: options.gateways }, (_, index) =>
        newGatewayProcess(`gateway ${index + 1}`, {
          dataDir: join(dir, `gateway ${index + 1}`),
          env,
          program: fileURLToPath(new URL(program, import.meta.url)),
        }),
      ),
    );
    const stage = new Stage(dir, redis, simulator, gateways, env);
    await Promise.all(gateways.map((gateway) => gateway.start()));
    const { token } = await stage.admin().auth.adminLogin({
      body: { username: 'admin', password: ADMIN_PASSWORD },
    });
    stage.#token = token;
    return stage;
  }

  /** By way of that gateway; of one that runs where none is named. */
  admin(gateway = this.gateways.find(({ isServing }) => isServing)): Client<typeof api> {
    if (gateway === undefined) throw new Error('no gateway runs');
    return createClient(api, { baseUrl: `${gateway.url}/api/v2`, token: () => this.#token });
  }

  /** Accounts that every gateway knows when it resolves. */
  async addAccounts(count: number, fields: { maxConcurrency?: number } = {}): Promise<StageAccount[]> {
    const added: StageAccount[] = [];
    for (let index = 0; index < count; index += 1) {
      const name = `account-${(this.#accountNumber += 1)}`;
      const settings = { baseUrl: `${this.simulator.url}/as/${name}`, auth: 'x-api-key' as const };
      const { id } = await patiently(() =>
        this.admin().accounts.create({
          params: { kind: KEYED },
          body: { name, settings, credential: { apiKey: `sk-ant-${name}` }, ...fields },
        }),
      );
      added.push({ kind: KEYED, id, name });
    }
    this.#accounts.push(...added);
    await this.#spread();
    return added;
  }

  /** Accounts that sign in at the simulator under these addresses, and are named after them. */
  async addLogins(logins: readonly { kind: string; email: string }[]): Promise<StageAccount[]> {
    const added: StageAccount[] = [];
    for (const { kind, email } of logins) {
      const { id, name } = await addLogin(this.admin(), kind, email);
      added.push({ kind, id, name });
    }
    this.#accounts.push(...added);
    await this.#spread();
    return added;
  }

  async addKeys(count: number, fields: (index: number) => Partial<KeyFields>): Promise<StageKey[]> {
    const keys: StageKey[] = [];
    for (let index = 0; index < count; index += 1) {
      const body = { name: `key ${index}`, ...fields(index) };
      const { key, secret } = await patiently(() => this.admin().keys.create({ body }));
      keys.push({ id: key.id, secret });
    }
    return keys;
  }

  /** As before the first run: no accounts, nothing counted. */
  async clear(): Promise<void> {
    for (const { kind, id } of this.#accounts.splice(0)) {
      await patiently(() => this.admin().accounts.remove({ params: { kind, id } }));
    }
    await this.#spread();
    await this.simulator.reset();
  }

  /** Each gateway looks for changes before it answers the list. */
  async #spread(): Promise<void> {
    for (const gateway of this.gateways) {
      if (gateway.isServing) await patiently(() => this.admin(gateway).accounts.list({ query: {} }));
    }
  }

  /** Connections of the run's own, beside those of the gateways. */
  async withRedis<T>(use: (redis: RedisConnections) => Promise<T>): Promise<T> {
    const redis = openRedis(loadConfig({ ...this.env, DATA_DIR: this.#dir }, this.#dir).redis);
    try {
      await redis.whenUp(10_000);
      return await use(redis);
    } finally {
      await redis.close();
    }
  }

  async close(): Promise<void> {
    await Promise.all(this.gateways.map((gateway) => gateway.kill()));
    await this.simulator.close();
    await this.redis.stop();
    rmSync(this.#dir, { recursive: true, force: true, maxRetries: 3 });
  }
}

const PATIENCE_MS = 15_000;

/** Asks again while the gateway says that its database does not answer: on a busy machine that may be for a moment. */
export async function patiently<T>(ask: () => Promise<T>): Promise<T> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await ask();
    } catch (error) {
      const isPassing = error instanceof ApiError && error.status === 503;
      if (!isPassing || performance.now() > deadline) throw error;
      await sleep(250);
    }
  }
}
