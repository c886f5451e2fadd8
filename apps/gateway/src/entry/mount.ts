// Owns the way from the contract to HTTP: every route of the tree below /api/v2, guarded, parsed, answered as the
// contract says. A route that does not say who may call it cannot be mounted.
import { Readable } from 'node:stream';
import { API_PREFIX, type FileAnswer, isRoute, type RouteDefinition, type RouteTree } from '@crs/shared';
import cookie from '@fastify/cookie';
import cors from '@fastify/cors';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { ActiveSession } from '../modules/sessions/index.ts';
import { documentAddresses, mountApiDocument } from './api-document.routes.ts';
import { adminContext, publicContext } from './context.ts';
import { createGuard, type Guard, type GuardOptions } from './guard.ts';
import type { AdminContext, Handlers, PublicContext } from './handlers.ts';
import { answerNotFound } from './not-found.ts';
import { answerWithProblems, type FaultLog } from './problem-reply.ts';
import { DATA_POLICY, secure } from './security-headers.ts';
import { parseInput } from './validate.ts';

const MAX_BODY_BYTES = 1024 * 1024;

export interface MountOptions extends GuardOptions {
  readonly log: FaultLog;
  /** Of the product, for the API document. */
  readonly version: string;
}

interface Mounted {
  readonly route: RouteDefinition;
  readonly handler: (input: unknown, context: PublicContext | AdminContext) => unknown;
}

/** Mounts every route of the tree with its handler, the API document and its page, all below `/api/v2`. */
export async function mountAdminApi<T extends RouteTree>(
  app: FastifyInstance,
  tree: T,
  handlers: Handlers<T>,
  options: MountOptions,
): Promise<void> {
  const mounted = pair(tree, handlers);
  await app.register(
    async (scope) => {
      await prepareScope(scope, options);
      answerNotFound(
        scope,
        mounted.map(({ route }) => route),
        documentAddresses,
      );
      const guard = createGuard(options);
      for (const each of mounted) mountRoute(scope, each, guard, options);
      mountApiDocument(scope, tree, options.version);
    },
    { prefix: API_PREFIX },
  );
}

/** Routes and handlers side by side; a tree that lacks one, or a route that declares no access, stops the start. */
function pair(tree: RouteTree, handlers: object): Mounted[] {
  const found = new Map(Object.entries(handlers));
  return Object.entries(tree).flatMap(([name, node]) => {
    const handler: unknown = found.get(name);
    if (!isRoute(node)) {
      if (typeof handler !== 'object' || handler === null) throw new Error(`no handlers for ${name}`);
      return pair(node, handler);
    }
    if (typeof handler !== 'function') throw new Error(`no handler for ${node.method} ${node.path}`);
    checkDeclaration(node);
    const call: Mounted['handler'] = (...given) => Reflect.apply(handler, undefined, given) as unknown;
    return [{ route: node, handler: call }];
  });
}

function checkDeclaration({ method, path, access }: RouteDefinition): void {
  const isDeclared =
    access === 'public' || access === 'session' || (Array.isArray(access) && access.length > 0);
  if (!isDeclared) throw new Error(`${method} ${path} does not say who may call it`);
}

async function prepareScope(scope: FastifyInstance, { corsOrigins, log }: MountOptions): Promise<void> {
  answerWithProblems(scope, log);
  acceptOnlyJson(scope);
  secure(scope, DATA_POLICY);
  scope.addHook('onRequest', async (_request, reply) => {
    reply.header('cache-control', 'no-store');
  });
  await scope.register(cookie);
  if (corsOrigins.length > 0) {
    await scope.register(cors, {
      origin: corsOrigins.includes('*') ? '*' : [...corsOrigins],
      credentials: !corsOrigins.includes('*'),
      methods: ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'],
      allowedHeaders: ['authorization', 'content-type'],
      exposedHeaders: ['x-request-id', 'retry-after'],
      maxAge: 600,
    });
  }
}

/** JSON and nothing else: a form of a foreign page cannot even be read. An absent body is not a bad one. */
function acceptOnlyJson(scope: FastifyInstance): void {
  const parse = scope.getDefaultJsonParser('error', 'error');
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser<string>('application/json', { parseAs: 'string' }, (request, body, done) => {
    if (body === '') done(null, undefined);
    else void parse(request, body, done);
  });
}

function mountRoute(
  scope: FastifyInstance,
  { route, handler }: Mounted,
  guard: Guard,
  { events }: MountOptions,
): void {
  const passes = new WeakMap<FastifyRequest, ActiveSession | null>();
  scope.route({
    method: route.method,
    url: route.path,
    bodyLimit: MAX_BODY_BYTES,
    // Before the body is read: a stranger's megabyte is not worth parsing.
    onRequest: async (request) => {
      passes.set(request, await guard(route, request));
    },
    handler: async (request, reply) => {
      const { params, query, body } = request;
      const input = parseInput(route, { params, query, body });
      const active = passes.get(request) ?? null;
      const context =
        active === null ? publicContext(request, reply) : adminContext(request, reply, active, events);
      return answer(route, reply, await handler(input, context));
    },
  });
}

async function answer(route: RouteDefinition, reply: FastifyReply, output: unknown): Promise<FastifyReply> {
  if (route.file !== undefined) return answerFile(reply, output as FileAnswer);
  if (route.response === undefined) return reply.code(route.status ?? 204).send();
  // Parsing the answer is what keeps a field that the contract does not name from leaving.
  const parsed = await route.response.parseAsync(output);
  return reply
    .code(route.status ?? 200)
    .type('application/json; charset=utf-8')
    .send(JSON.stringify(parsed));
}

/** Piece by piece: however large it is, little of it is in memory. */
function answerFile(reply: FastifyReply, { name, type, pieces }: FileAnswer): FastifyReply {
  return reply
    .code(200)
    .type(type.startsWith('text/') ? `${type}; charset=utf-8` : type)
    .header('content-disposition', `attachment; filename="${name}"`)
    .send(Readable.from(pieces));
}
