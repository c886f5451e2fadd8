// Owns the console's cookie and the bearer of scripts: where a session token travels.
import type { FastifyReply, FastifyRequest } from 'fastify';

const COOKIE = 'crs_session';

export interface PresentedToken {
  readonly token: string;
  /** A browser sends its cookie by itself, so a foreign page could make it; a bearer is always meant. */
  readonly by: 'bearer' | 'cookie';
}

/** The bearer where there is one, else the cookie. */
export function readSessionToken(request: FastifyRequest): PresentedToken | null {
  const bearer = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (bearer !== undefined) return { token: bearer, by: 'bearer' };
  const token = request.cookies[COOKIE];
  return token === undefined || token === '' ? null : { token, by: 'cookie' };
}

/** `null` takes the cookie away. Secure follows the request: over plain http a Secure cookie would never come back. */
export function setSessionCookie(
  request: FastifyRequest,
  reply: FastifyReply,
  session: { readonly token: string; readonly endsAtMs: number } | null,
): void {
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: request.protocol === 'https',
  } as const;
  if (session === null) reply.clearCookie(COOKIE, options);
  else reply.setCookie(COOKIE, session.token, { ...options, expires: new Date(session.endsAtMs) });
}
