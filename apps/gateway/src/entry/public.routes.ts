// Owns what anybody may ask without signing in: is it alive, is it ready, its figures, and the way to the console.
import { createHash, timingSafeEqual } from 'node:crypto';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Clock } from '../platform/clock.ts';
import type { Metrics } from '../platform/metrics.ts';
import { ProblemError } from '../platform/problem.ts';
import { answerWithProblems, type FaultLog } from './problem-reply.ts';
import { DATA_POLICY, secure } from './security-headers.ts';

const CONSOLE = '/web/';

interface ComponentHealth {
  readonly status: 'healthy' | 'unhealthy';
  readonly latencyMs: number | null;
}

export interface PublicRoutesOptions {
  readonly log: FaultLog;
  readonly version: string;
  readonly clock: Clock;
  /** Of the process, epoch ms. */
  readonly startedAtMs: number;
  /** What the gateway cannot work without, by name; read at each call. */
  components(): Readonly<Record<string, ComponentHealth>>;
  /** False until the start is complete, and from the first signal to stop on: balancers send elsewhere. */
  isAccepting(): boolean;
  readonly metrics: Pick<Metrics, 'text' | 'registry'>;
  /** null: the figures are for this machine only. */
  readonly metricsToken: string | null;
}

export async function mountPublicRoutes(app: FastifyInstance, options: PublicRoutesOptions): Promise<void> {
  await app.register(async (scope) => {
    answerWithProblems(scope, options.log);
    secure(scope, DATA_POLICY);
    scope.addHook('onRequest', async (_request, reply) => {
      reply.header('cache-control', 'no-store');
    });
    // Not inside a prefix of its own: this answers every address that nobody else does.
    scope.setNotFoundHandler(({ url }) => {
      throw new ProblemError('not_found', `There is nothing at ${url.split('?', 1).join()}.`);
    });
    mountHealth(scope, options);
    mountMetrics(scope, options);
    for (const address of ['/', '/admin-next', '/admin-next/*']) {
      scope.get(address, (_request, reply) => reply.redirect(CONSOLE, 302));
    }
  });
}

function mountHealth(scope: FastifyInstance, options: PublicRoutesOptions): void {
  const { version, clock, startedAtMs } = options;

  scope.get('/health', (_request, reply) => {
    const components = options.components();
    const isHealthy = areHealthy(components);
    return reply.code(isHealthy ? 200 : 503).send({
      status: isHealthy ? 'healthy' : 'unhealthy',
      service: 'claude-relay-service',
      version,
      uptime: Math.floor((clock.now() - startedAtMs) / 1000),
      components,
    });
  });

  // Alive means: this loop turns. A restart mends nothing else.
  scope.get('/health/live', () => ({ status: 'alive' }));

  scope.get('/health/ready', (_request, reply) => {
    const reason = !options.isAccepting()
      ? 'draining'
      : !areHealthy(options.components())
        ? 'unhealthy'
        : null;
    if (reason === null) return reply.send({ status: 'ready' });
    return reply.code(503).header('retry-after', '2').send({ status: 'not ready', reason });
  });
}

function areHealthy(components: Readonly<Record<string, ComponentHealth>>): boolean {
  return Object.values(components).every(({ status }) => status === 'healthy');
}

function mountMetrics(scope: FastifyInstance, { metrics, metricsToken }: PublicRoutesOptions): void {
  scope.get('/metrics', async (request, reply) => {
    if (metricsToken === null) refuseFromElsewhere(request);
    else refuseWithoutToken(request, metricsToken);
    const text = await metrics.text();
    return reply.type(metrics.registry.contentType).send(text);
  });
}

/**
 * Only from this machine itself. Neither the address that a proxy vouches for nor the proxy's own will do: a request
 * that was passed on comes from elsewhere, though its socket is local.
 */
function refuseFromElsewhere({ socket, headers, hostname }: FastifyRequest): void {
  const isForwarded = forwardingHeaders.some((name) => headers[name] !== undefined);
  if (!isForwarded && isLoopback(socket.remoteAddress) && isLoopbackName(hostname)) return;
  throw new ProblemError(
    'forbidden',
    'Set METRICS_TOKEN and send it as bearer, or ask from this machine itself.',
  );
}

const forwardingHeaders = ['forwarded', 'x-forwarded-for', 'x-forwarded-host', 'x-real-ip', 'via'] as const;

function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::1|(::ffff:)?127\.\d+\.\d+\.\d+)$/.test(address);
}

function isLoopbackName(hostname: string): boolean {
  return hostname === 'localhost' || isLoopback(hostname.replaceAll(/^\[|\]$/g, ''));
}

function refuseWithoutToken({ headers }: FastifyRequest, token: string): void {
  const given = /^bearer +(\S+)$/i.exec(headers.authorization ?? '')?.[1] ?? '';
  if (timingSafeEqual(digest(given), digest(token))) return;
  throw new ProblemError('not_signed_in', 'Send the METRICS_TOKEN as bearer.');
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
