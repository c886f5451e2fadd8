// A mounted admin API on a real Redis for tests of the mount, of sign-in and of sessions; no relay, no figures.
import type { RouteTree } from '@crs/shared';
import fastify, { type FastifyInstance } from 'fastify';
import type { Handlers } from '../src/entry/handlers.ts';
import { mountAdminApi } from '../src/entry/mount.ts';
import { createSessions, type Sessions } from '../src/modules/sessions/index.ts';
import { createUsers, type UserDocument, type Users } from '../src/modules/users/index.ts';
import { createEvents, type AuditEvent, type Events, type SecurityEvent } from '../src/platform/events.ts';
import { newId, newRequestId } from '../src/platform/ids.ts';
import { hashPassword } from '../src/platform/crypto/index.ts';
import { openRedis, type RedisConnections } from '../src/platform/redis/index.ts';
import { createUserRepository } from '../src/modules/users/users.repository.ts';
import { redisConfig } from './redis-config.ts';
import { startTestRedis, type TestRedis } from './redis.ts';

/** The built-in ones; a test may lay others over them. */
export const loginRules = {
  sessionIdleHours: 12,
  sessionLifeDays: 7,
  loginFailuresPerName: 10,
  loginFailuresPerAddress: 50,
  loginLockMinutes: 15,
};

export const PASSWORD = 'correct horse battery';

export interface AdminApi {
  readonly server: TestRedis;
  readonly redis: RedisConnections;
  readonly users: Users;
  readonly sessions: Sessions;
  readonly events: Events;
  readonly clock: { nowMs: number; now(): number };
  /** What was told on the bus, and what was logged as a fault, in order. */
  readonly told: {
    readonly audit: AuditEvent[];
    readonly security: SecurityEvent[];
    readonly faults: unknown[];
  };
  /** Mounts a tree on a new server. */
  mount<T extends RouteTree>(
    tree: T,
    handlers: Handlers<T>,
    options?: MountOverrides,
  ): Promise<FastifyInstance>;
  /** A user as it would be stored. */
  addUser(fields: Partial<UserDocument> & { username: string }): Promise<UserDocument>;
  /** Lays fields over a stored user. */
  changeUser(user: UserDocument, fields: Partial<UserDocument>): Promise<UserDocument>;
  /** A token per role of the console, and of a user that got in some other way. */
  tokenOf(user: UserDocument): Promise<string>;
  /** Forgets everything in Redis and everything told. */
  reset(): Promise<void>;
  stop(): Promise<void>;
}

interface MountOverrides {
  readonly corsOrigins?: readonly string[];
  readonly trustProxy?: boolean;
}

export async function startAdminApi(): Promise<AdminApi> {
  const server = await startTestRedis();
  const redis = openRedis(redisConfig(server));
  const events = createEvents((error) => {
    throw error;
  });
  const told: AdminApi['told'] = { audit: [], security: [], faults: [] };
  const log = { error: (fault: unknown) => void told.faults.push(fault) };
  events.on('audit', (event) => told.audit.push(event));
  events.on('security', (event) => told.security.push(event));
  const clock = { nowMs: Date.parse('2026-03-01T10:00:00Z'), now: () => clock.nowMs };
  const users = createUsers(redis, clock);
  const sessions = createSessions({
    redis,
    users,
    events,
    clock,
    jwtSecret: 'a secret of at least 32 characters',
    rules: () => loginRules,
  });
  const repository = createUserRepository(redis);
  const apps: FastifyInstance[] = [];
  // One slow hash for all users of a test.
  const passwordHash = await hashPassword(PASSWORD);

  return {
    server,
    redis,
    users,
    sessions,
    events,
    clock,
    told,
    mount: async (tree, handlers, { corsOrigins = [], trustProxy = false } = {}) => {
      const app = fastify({
        genReqId: () => newRequestId(clock.now()),
        trustProxy,
      });
      apps.push(app);
      await mountAdminApi(app, tree, handlers, { sessions, events, corsOrigins, log, version: '9.9.9' });
      await app.ready();
      return app;
    },
    addUser: async (fields) => {
      const at = new Date(clock.now()).toISOString();
      const user: UserDocument = {
        id: newId(),
        displayName: fields.username,
        email: null,
        role: 'admin',
        passwordHash,
        mustChangePassword: false,
        enabled: true,
        isFirstAdmin: false,
        sessionEpoch: 1,
        createdAt: at,
        updatedAt: at,
        version: 1,
        ...fields,
      };
      if ((await repository.create(user)) !== 'saved') throw new Error(`${user.username} is taken`);
      return user;
    },
    changeUser: async (user, fields) => {
      const next = { ...user, ...fields, version: user.version + 1 };
      if ((await repository.replace(next, user)) !== 'saved') throw new Error(`${user.username} was changed`);
      return next;
    },
    tokenOf: async (user) => (await sessions.begin(user)).token,
    reset: async () => {
      await server.flush();
      told.audit.length = 0;
      told.security.length = 0;
      told.faults.length = 0;
    },
    stop: async () => {
      await Promise.all(apps.map((app) => app.close()));
      await redis.close();
      await server.stop();
    },
  };
}
