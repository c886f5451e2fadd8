// Owns sign-in over HTTP: session in the answer for scripts, the same one as a cookie for the console.
import type { authRoutes, RouteOutput } from '@crs/shared';
import type { Handlers, PublicContext } from '../../entry/handlers.ts';
import type { Clock } from '../../platform/clock.ts';
import { toSessionUser } from '../users/index.ts';
import type { NewSession, Sessions } from './index.ts';

export interface AuthHandlerOptions {
  readonly sessions: Sessions;
  readonly clock: Clock;
  readonly server: {
    readonly version: string;
    /** IANA name or `UTC+8`. */
    readonly timezone: string;
    readonly apiKeyPrefix: string;
  };
  /** Of a new password, now. */
  readonly passwordMinimumLength: () => number;
}

export function authHandlers({
  sessions,
  clock,
  server,
  passwordMinimumLength,
}: AuthHandlerOptions): Handlers<typeof authRoutes> {
  return {
    adminLogin: async ({ body }, context) => {
      const { ip, requestId } = context;
      return answerSession(await sessions.signInAsAdmin({ ...body, ip, requestId }), context);
    },

    logout: async (_input, { session, user, requestId, setSessionCookie }) => {
      await sessions.signOut({ sessionId: session.id, userId: user.id, requestId });
      setSessionCookie(null);
    },

    me: (_input, { user, session }) => ({
      user,
      expiresAt: isoTime(session.expiresAtMs),
      endsAt: isoTime(session.endsAtMs),
      server: { ...server, now: isoTime(clock.now()), passwordMinimumLength: passwordMinimumLength() },
    }),

    changePassword: async ({ body }, context) => {
      const { user, ip, requestId, audit } = context;
      const session = await sessions.changePassword({ userId: user.id, ...body, ip, requestId });
      audit('user.change_password', { type: 'user', id: user.id, name: user.username });
      return answerSession(session, context);
    },
  };
}

function answerSession(
  session: NewSession,
  { setSessionCookie }: PublicContext,
): RouteOutput<(typeof authRoutes)['adminLogin']> {
  setSessionCookie({ token: session.token, endsAtMs: session.session.endsAtMs });
  const { token, user } = session;
  return { token, expiresAt: isoTime(session.session.expiresAtMs), user: toSessionUser(user) };
}

function isoTime(atMs: number): string {
  return new Date(atMs).toISOString();
}
