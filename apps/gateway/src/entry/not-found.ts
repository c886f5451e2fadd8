// Owns the answer to addresses below the admin API that are none, and to methods that an address does not offer.
import { API_PREFIX, type RouteDefinition } from '@crs/shared';
import type { FastifyInstance } from 'fastify';
import { ProblemError } from '../platform/problem.ts';

interface Address {
  readonly pattern: RegExp;
  readonly method: string;
}

/** For a scope that is mounted at the API's prefix. `more` are addresses outside the contract, all GET. */
export function answerNotFound(
  scope: FastifyInstance,
  routes: readonly RouteDefinition[],
  more: readonly string[],
): void {
  const addresses: Address[] = routes.map(({ path, method }) => ({ pattern: patternOf(path), method }));
  addresses.push(...more.map((path) => ({ pattern: patternOf(path), method: 'GET' })));
  scope.setNotFoundHandler((request, reply) => {
    const [path = ''] = request.url.split('?', 1);
    const offered = addresses.filter(({ pattern }) => pattern.test(path)).map(({ method }) => method);
    if (offered.length === 0) throw new ProblemError('not_found', `There is nothing at ${path}.`);
    const allow = [
      ...new Set(offered.flatMap((method) => (method === 'GET' ? ['GET', 'HEAD'] : [method]))),
    ].join(', ');
    reply.header('allow', allow);
    throw new ProblemError('method_not_allowed', `${path} offers ${allow}.`);
  });
}

function patternOf(path: string): RegExp {
  const source = path
    .split('/')
    .map((part) => (part.startsWith(':') ? '[^/]+' : part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`)))
    .join('/');
  return new RegExp(`^${API_PREFIX}${source}$`);
}
