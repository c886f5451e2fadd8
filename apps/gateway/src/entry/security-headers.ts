// Owns the headers that tell a browser what it must not do with our answers.
import helmet, { type FastifyHelmetOptions } from '@fastify/helmet';
import type { FastifyInstance } from 'fastify';

export type Directives = Readonly<Record<string, readonly string[]>>;

/** An answer that is data: nothing in it may run, load or be framed. */
export const dataPolicy: Directives = { 'default-src': ["'none'"], 'frame-ancestors': ["'none'"] };

/** The headers with that content security policy, for a scope or for a route of a scope that is `secure`d. */
export function policy(directives: Directives): FastifyHelmetOptions {
  const sources: Record<string, string[]> = {};
  for (const [name, values] of Object.entries(directives)) sources[name] = [...values];
  return {
    contentSecurityPolicy: { useDefaults: false, directives: sources },
    frameguard: { action: 'deny' },
    // Whether the site is https only is for whoever ends TLS to say.
    strictTransportSecurity: false,
  };
}

/** For every answer of the scope. */
export async function secure(scope: FastifyInstance, directives: Directives): Promise<void> {
  await scope.register(helmet, policy(directives));
}
