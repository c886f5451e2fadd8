// Owns who is signed in. A session is a record in Redis that its token names: it lives so long after its last use, and so
// long at most, as the rules say, and ends at once with a sign-out, a new password or a disabled user.

import type { Events, SecurityEvent } from '../../platform/events.ts';
import type { Clock } from '../../platform/clock.ts';
import { newId } from '../../platform/ids.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { foldUsername, type UserDocument, type Users } from '../users/index.ts';
import { throttleKey } from './client-network.ts';
import { createLoginFailures, type LoginFailures, type LoginRules } from './login-failures.repository.ts';
import { createSessionRepository, type SessionRepository } from './sessions.repository.ts';
import { createTokens, type Tokens } from './token.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** How long sessions last and what a wrong password costs; read anew at each use. */
interface SessionRules extends LoginRules {
  /** Without use. */
  readonly sessionIdleHours: number;
  /** However much it is used. */
  readonly sessionLifeDays: number;
}

export interface ActiveSession {
  readonly session: {
    readonly id: string;
    /** When it ends without further use, epoch ms. */
    readonly expiresAtMs: number;
    /** When it ends however much it is used, epoch ms. */
    readonly endsAtMs: number;
  };
  readonly user: UserDocument;
}

export interface NewSession extends ActiveSession {
  readonly token: string;
}

interface SignIn {
  readonly username: string;
  readonly password: string;
  readonly ip: string;
  readonly requestId: string;
}

interface SignOut {
  readonly sessionId: string;
  readonly userId: string;
  readonly requestId: string;
}

export interface Sessions {
  /** Throws wrong_credentials, account_disabled, forbidden (no role of the console) or too_many_attempts. */
  signInAsAdmin(signIn: SignIn): Promise<NewSession>;
  /** A session for a user who has proven to be it. */
  begin(user: UserDocument): Promise<NewSession>;
  /** The session behind a token, used just now; null where it has ended or never was. */
  authenticate(token: string): Promise<ActiveSession | null>;
  signOut(ended: SignOut): Promise<void>;
  /** Ends every session of the user and begins a new one. Throws validation_failed or too_many_attempts. */
  changePassword(change: PasswordChange): Promise<NewSession>;
}

interface PasswordChange {
  readonly userId: string;
  readonly current: string;
  readonly next: string;
  readonly ip: string;
  readonly requestId: string;
}

export interface SessionsOptions {
  readonly redis: RedisConnections;
  readonly users: Users;
  readonly events: Events;
  readonly clock: Clock;
  readonly jwtSecret: string;
  readonly rules: () => SessionRules;
}

export function createSessions(options: SessionsOptions): Sessions {
  return new RedisSessions(options);
}

class RedisSessions implements Sessions {
  readonly #users: Users;
  readonly #events: Events;
  readonly #clock: Clock;
  readonly #tokens: Tokens;
  readonly #records: SessionRepository;
  readonly #failures: LoginFailures;
  readonly #rules: () => SessionRules;

  constructor({ redis, users, events, clock, jwtSecret, rules }: SessionsOptions) {
    this.#rules = rules;
    this.#users = users;
    this.#events = events;
    this.#clock = clock;
    this.#tokens = createTokens(jwtSecret);
    this.#records = createSessionRepository(redis);
    this.#failures = createLoginFailures(redis, rules);
  }

  async signInAsAdmin({ username, password, ip, requestId }: SignIn): Promise<NewSession> {
    const about = { username, ip, requestId };
    const user = await this.#users.findByName(username);
    const forgive = await this.#countAttempt(failuresKey(user, username), about);
    if (!(await this.#users.checkPassword(user, password)) || user === null) {
      this.#tell('login.failed', { ...about, reason: 'wrong_credentials' });
      throw new ProblemError('wrong_credentials', 'The user name or the password is wrong.');
    }
    await forgive();
    if (!user.enabled) {
      this.#tell('login.failed', { ...about, reason: 'account_disabled' });
      throw new ProblemError('account_disabled', 'An administrator has disabled this user.');
    }
    if (user.role === 'user') {
      this.#tell('login.failed', { ...about, reason: 'forbidden' });
      throw new ProblemError('forbidden', 'This sign-in is for administrators, operators and viewers.');
    }
    this.#tell('login.succeeded', { ...about, userId: user.id, role: user.role });
    return this.begin(user);
  }

  async authenticate(token: string): Promise<ActiveSession | null> {
    const claims = this.#tokens.read(token);
    if (claims === null) return null;
    const nowMs = this.#clock.now();
    const ttlMs = Math.min(this.#idleMs(), claims.endsAtMs - nowMs);
    if (ttlMs <= 0) return null;
    const [record, user] = await Promise.all([
      this.#records.touch(claims.sessionId, ttlMs),
      this.#users.get(claims.userId),
    ]);
    if (record === null || user === null || record.userId !== user.id) return null;
    if (!user.enabled || record.epoch !== user.sessionEpoch) return null;
    const { sessionId: id, endsAtMs } = claims;
    return { session: { id, expiresAtMs: nowMs + ttlMs, endsAtMs }, user };
  }

  async signOut({ sessionId, userId, requestId }: SignOut): Promise<void> {
    await this.#records.remove(sessionId);
    this.#tell('session.revoked', { userId, requestId, reason: 'signed out' });
  }

  async changePassword({ userId, current, next, ip, requestId }: PasswordChange): Promise<NewSession> {
    const user = await this.#users.get(userId);
    if (user === null) throw new ProblemError('not_signed_in', 'This user is gone.');
    const about = { username: user.username, userId, ip, requestId };
    // A stolen session must not become a way to guess the password.
    const forgive = await this.#countAttempt(failuresKey(user, user.username), about);
    if (!(await this.#users.checkPassword(user, current))) {
      this.#tell('login.failed', { ...about, reason: 'wrong_current_password' });
      throw new ProblemError('validation_failed', '`current`: this is not your password.', {
        errors: [{ path: 'current', message: 'this is not your password' }],
      });
    }
    await forgive();
    const changed = await this.#users.changePassword(user, next);
    this.#tell('password.changed', about);
    return this.begin(changed);
  }

  async #countAttempt(key: string, about: SecurityEvent['detail']): Promise<() => Promise<void>> {
    const attempt = await this.#failures.attempt(key, throttleKey(String(about['ip'])));
    if (attempt.type === 'counted') return attempt.forgive;
    this.#tell('login.throttled', { ...about, retryAfterMs: attempt.retryAfterMs });
    const minutes = Math.ceil(attempt.retryAfterMs / 60_000);
    throw new ProblemError(
      'too_many_attempts',
      `Too many failed attempts. Try again in ${minutes} ${minutes === 1 ? 'minute' : 'minutes'}.`,
      { retryAfterSeconds: Math.max(1, Math.ceil(attempt.retryAfterMs / 1000)) },
    );
  }

  async begin(user: UserDocument): Promise<NewSession> {
    const id = newId();
    const nowMs = this.#clock.now();
    const endsAtMs = nowMs + this.#rules().sessionLifeDays * DAY_MS;
    const idleMs = Math.min(this.#idleMs(), endsAtMs - nowMs);
    await this.#records.put(id, { userId: user.id, epoch: user.sessionEpoch }, idleMs);
    const token = this.#tokens.sign({ sessionId: id, userId: user.id, endsAtMs });
    return { session: { id, expiresAtMs: nowMs + idleMs, endsAtMs }, user, token };
  }

  #idleMs(): number {
    return this.#rules().sessionIdleHours * HOUR_MS;
  }

  #tell(kind: SecurityEvent['kind'], detail: SecurityEvent['detail']): void {
    this.#events.emit('security', { kind, detail });
  }
}

/** Failures are those of a password: with a new one, set by whoever may, the count begins anew. */
function failuresKey(user: UserDocument | null, username: string): string {
  return user === null ? foldUsername(username) : `${user.id}:${user.sessionEpoch}`;
}
