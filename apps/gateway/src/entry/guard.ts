// Owns who may pass to a route: valid session, role, own password set, asked from our own pages.
import type { Access, RouteDefinition } from '@crs/shared';
import type { FastifyRequest } from 'fastify';
import type { ActiveSession, Sessions } from '../modules/sessions/index.ts';
import type { Events } from '../platform/events.ts';
import { ProblemError } from '../platform/problem.ts';
import { comesFromForeignPage } from './origin.ts';
import { readSessionToken } from './session-cookie.ts';

export interface GuardOptions {
  readonly sessions: Sessions;
  readonly events: Events;
  /** Origins of other consoles that may use the cookie, as browsers write them. */
  readonly corsOrigins: readonly string[];
}

/** The session behind a request to that route, null for a public one; throws the refusal. */
export type Guard = (route: RouteDefinition, request: FastifyRequest) => Promise<ActiveSession | null>;

export function createGuard({ sessions, events, corsOrigins }: GuardOptions): Guard {
  return async (route, request) => {
    const presented = readSessionToken(request);
    if (presented?.by !== 'bearer' && comesFromForeignPage(request, corsOrigins)) {
      const { origin } = request.headers;
      events.emit('security', {
        kind: 'origin.refused',
        detail: { origin: origin ?? null, method: request.method, route: route.path, ip: request.ip },
      });
      throw new ProblemError('foreign_origin', 'Use the console at its own address, or a bearer token.');
    }
    if (route.access === 'public') return null;
    const active = presented === null ? null : await sessions.authenticate(presented.token);
    if (active === null) {
      throw new ProblemError(
        'not_signed_in',
        presented === null ? 'Send a session token or cookie.' : 'The session has ended. Sign in again.',
      );
    }
    checkAccess(route.access, active);
    return active;
  };
}

function checkAccess(access: Exclude<Access, 'public'>, { user }: ActiveSession): void {
  // Whoever still has to change the password may do that, look at himself and leave; nothing else.
  if (access === 'session') return;
  if (user.mustChangePassword) {
    throw new ProblemError(
      'password_change_required',
      'Set a password of your own with POST /api/v2/auth/password.',
    );
  }
  if (!access.includes(user.role)) {
    throw new ProblemError('forbidden', `This takes the role ${access.join(' or ')}; yours is ${user.role}.`);
  }
}
