// Owns logins at a vendor that an operator begins here and ends here: state and proof key are kept for ten minutes, for
// one use, by the one who began.
import { createHash, randomBytes } from 'node:crypto';
import { type AccountProxy, accountProxySchema } from '@crs/shared';
import { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox } from '../../platform/crypto/index.ts';
import type { UpstreamProxy } from '../../platform/http/upstream-client.ts';
import { isJsonObject } from '../../platform/json.ts';
import { ProblemError } from '../../platform/problem.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import type { AnyProvider, LoginFlow } from '../../providers/provider.ts';
import { readPastedCode } from './pasted-code.ts';
import type { Fields } from './specifics.ts';
import type { SendBy } from './vendor.ts';

const LOGIN_TTL_MS = 600_000;

const begunSchema = z.object({
  kind: z.string(),
  /** Session's user who began it. */
  userId: z.string(),
  mode: z.string().nullable(),
  codeVerifier: z.string(),
  proxy: accountProxySchema.nullable(),
});

export interface LoginsDependencies {
  readonly redis: RedisConnections;
  readonly clock: Clock;
  readonly secrets: SecretBox;
  readonly sendBy: SendBy;
}

type Flow = LoginFlow<unknown, unknown>;

interface LoginResult {
  readonly credential: Fields;
  readonly settings: Fields;
  readonly owner: string | null;
  /** By way of which it was made. */
  readonly proxy: AccountProxy | null;
}

export class Logins {
  readonly #dependencies: LoginsDependencies;

  constructor(dependencies: LoginsDependencies) {
    this.#dependencies = dependencies;
  }

  async begin(
    provider: AnyProvider,
    { mode, proxy, userId }: { mode: string | null; proxy: AccountProxy | null; userId: string },
  ): Promise<{ url: string; state: string; expiresAtMs: number }> {
    const flow = flowOf(provider, mode);
    const { redis, clock, secrets } = this.#dependencies;
    const state = randomBytes(32).toString('base64url');
    const codeVerifier = randomBytes(32).toString('base64url');
    const begun: z.output<typeof begunSchema> = { kind: provider.kind, userId, mode, codeVerifier, proxy };
    const sealed = secrets.seal(JSON.stringify(begun));
    await redis.commands.set(redis.keyspace.accountLogin(state), sealed, 'PX', LOGIN_TTL_MS);
    const codeChallenge = createHash('sha256').update(codeVerifier).digest('base64url');
    return {
      url: flow.authorizeUrl({ state, codeChallenge, mode }),
      state,
      expiresAtMs: clock.now() + LOGIN_TTL_MS,
    };
  }

  /**
   * Throws ProblemErrors that say what to do. The state is used up by the try. A login that was begun without a proxy
   * goes by way of the one that its account has.
   */
  async end(
    provider: AnyProvider,
    { state, code: pasted, userId }: { state: string; code: string; userId: string },
    accountProxy: UpstreamProxy | null,
  ): Promise<LoginResult> {
    const read = readPastedCode(pasted);
    if ('error' in read) throw refuseField('code', read.error);
    if (read.state !== null && read.state !== state) {
      throw refuseField('code', 'it belongs to another login; use the page that was opened last');
    }
    const { mode, codeVerifier, proxy } = await this.#take(provider.kind, state, userId);
    const flow = flowOf(provider, mode);
    const send = this.#dependencies.sendBy(
      proxy === null ? accountProxy : { ...proxy, password: proxy.password ?? null },
    );
    try {
      const { credential, settings, owner } = await flow.exchange(
        { code: read.code, state, codeVerifier, mode },
        send,
      );
      if (!isJsonObject(credential) || !isJsonObject(settings)) throw new Error('a login gives two objects');
      return { credential, settings, owner, proxy };
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ProblemError('login_failed', `The login did not succeed: ${reason}. Begin it anew`);
    }
  }

  async #take(kind: string, state: string, userId: string): Promise<z.output<typeof begunSchema>> {
    const { redis, secrets } = this.#dependencies;
    const sealed = await redis.commands.getdel(redis.keyspace.accountLogin(state));
    const begun = sealed === null ? null : begunSchema.parse(JSON.parse(secrets.open(sealed)));
    if (begun === null || begun.kind !== kind || begun.userId !== userId) {
      throw refuseField(
        'state',
        'this login is over, was used already, or was begun by somebody else; begin it anew',
      );
    }
    return begun;
  }
}

function flowOf({ login, label }: AnyProvider, mode: string | null): Flow {
  if (login === undefined) {
    throw new ProblemError(
      'wrong_state',
      `Accounts of the kind ${label} have no login; give their credential`,
    );
  }
  if (mode !== null && !login.modes.includes(mode)) {
    throw refuseField(
      'mode',
      `there ${login.modes.length === 0 ? 'are none' : `is ${login.modes.join(', ')}`}`,
    );
  }
  return login;
}

function refuseField(path: string, message: string): ProblemError {
  return new ProblemError('validation_failed', `\`${path}\`: ${message}`, { errors: [{ path, message }] });
}
