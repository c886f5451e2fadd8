// Owns what a handler is told of its caller.
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ActiveSession } from '../modules/sessions/index.ts';
import { toSessionUser } from '../modules/users/index.ts';
import type { Events } from '../platform/events.ts';
import type { AdminContext, PublicContext } from './handlers.ts';
import { setSessionCookie } from './session-cookie.ts';

export function publicContext(request: FastifyRequest, reply: FastifyReply): PublicContext {
  return {
    requestId: request.id,
    ip: request.ip,
    setSessionCookie: (session) => setSessionCookie(request, reply, session),
  };
}

export function adminContext(
  request: FastifyRequest,
  reply: FastifyReply,
  { user, session }: ActiveSession,
  events: Events,
): AdminContext {
  const { id, username } = user;
  return {
    ...publicContext(request, reply),
    user: toSessionUser(user),
    session,
    audit: (action, target, before, after) => {
      const { id: requestId, ip } = request;
      events.emit('audit', { actor: { id, username }, action, target, before, after, requestId, ip });
    },
  };
}
