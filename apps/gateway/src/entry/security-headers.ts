// Owns the headers that tell a browser what it must not do with our answers.
import type { FastifyInstance } from 'fastify';

/** An answer that is data: nothing in it may run, load or be framed. */
export const DATA_POLICY = "default-src 'none'; frame-ancestors 'none'";

/**
 * The same for every answer. Not among them: HSTS, which is for whoever ends TLS to promise, and x-xss-protection,
 * which browsers have given up.
 */
const headers = {
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'origin-agent-cluster': '?1',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-dns-prefetch-control': 'off',
  'x-frame-options': 'DENY',
  'x-permitted-cross-domain-policies': 'none',
};

/** For every answer of the scope, its 404s included: who asked, and what a browser may do with the answer. */
export function secure(scope: FastifyInstance, contentSecurityPolicy: string): void {
  scope.addHook('onRequest', async (request, reply) => {
    reply.headers({
      ...headers,
      'x-request-id': request.id,
      'content-security-policy': contentSecurityPolicy,
    });
  });
}
