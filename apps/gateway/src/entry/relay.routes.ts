// Owns the addresses that API clients use: address -> dialect and operation, the relay key, the body read once.
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KeyDocument } from '../modules/keys/index.ts';
import { requestTimeMs } from '../platform/ids.ts';
import { isJsonObject, isShortened, type JsonObject } from '../platform/json.ts';
import { parseSkeleton, parseWhole } from '../platform/json-skeleton.ts';
import { RedisUnavailable } from '../platform/redis/index.ts';
import type { ModelInfo, Operation, Protocol, PublicError, RequestFacts } from '../protocols/protocol.ts';
import { forwardableHeaders, withoutKeyQuery } from '../providers/kit/index.ts';
import { admit } from '../relay/admit.ts';
import { authenticate, findSecret } from '../relay/authenticate.ts';
import { authoriseAddress, isModelAllowed } from '../relay/authorise.ts';
import { Timeline } from '../relay/call.ts';
import { bodyReader } from './read-body.ts';
import { describeKey, describeOwner, describeUsage, type KeyUsage } from './key-facts.ts';
import { Delivery } from '../relay/deliver.ts';
import { Refusal, refusals } from '../relay/refusal.ts';
import { relay } from '../relay/relay.ts';
import type { RelayServices } from '../relay/services.ts';

export interface RelayRoutesOptions {
  readonly services: RelayServices;
  readonly keyPrefix: string;
  readonly maxBodyBytes: number;
  /** Models that some account serves now. */
  readonly models: (key: KeyDocument) => readonly ModelInfo[];
  /** Figures of one key. */
  readonly keyUsage: (keyId: string) => Promise<KeyUsage>;
  /** A key that was refused before anything else was known of the request. */
  readonly onKeyRefused: (code: string, address: string) => void;
}

interface Arrival {
  readonly id: string;
  readonly receivedAtMs: number;
  readonly timeline: Timeline;
  readonly key: KeyDocument;
}

/** Name of what a request carries of its arrival; a map beside the requests would burden every collection. */
const ARRIVAL = 'arrival';

/** One family of addresses below `prefix`, all in one dialect. */
export async function mountRelay(
  app: FastifyInstance,
  prefix: string,
  protocol: Protocol,
  options: RelayRoutesOptions,
): Promise<void> {
  await app.register(
    async (scope) => {
      const arrivals = prepareScope(scope, protocol, options);
      const generate = (path: string, operation: Operation): void => {
        scope.post(path, (request, reply) =>
          relayRequest(request, reply, { prefix, protocol, operation, options, arrival: arrivals(request) }),
        );
      };
      generate('/v1/messages', 'generate');
      generate('/v1/messages/count_tokens', 'count_tokens');
      scope.get('/v1/models', async (request, reply) => {
        const models = await allowedModels(arrivals(request), request, options);
        const query = new URLSearchParams(withoutKeyQuery(queryOf(request)));
        return reply.type('application/json').send(protocol.renderModels(models, query));
      });
      scope.get<{ Params: { id: string } }>('/v1/models/:id', async (request, reply) => {
        const models = await allowedModels(arrivals(request), request, options);
        const model = models.find(({ id }) => id === request.params.id);
        if (model === undefined) throw refusals.modelUnknown(request.params.id);
        return reply.type('application/json').send(protocol.renderModel(model));
      });
      mountKeyFacts(scope, arrivals, options);
    },
    { prefix },
  );
}

/** What a program may ask of the key it holds. */
function mountKeyFacts(
  scope: FastifyInstance,
  arrivals: (request: FastifyRequest) => Arrival,
  options: RelayRoutesOptions,
): void {
  const facts = (
    path: string,
    describe: (key: KeyDocument, usage: KeyUsage, timestamp: string) => object,
  ): void => {
    scope.route({
      method: 'GET',
      url: path,
      handler: async (request) => {
        const key = await usableKey(arrivals(request), request, options);
        const now = new Date(options.services.clock.now()).toISOString();
        return describe(key, await options.keyUsage(key.id), now);
      },
    });
  };
  facts('/v1/me', (key) => describeOwner(key));
  facts('/v1/usage', (_key, usage, now) => describeUsage(usage, now));
  facts('/v1/key-info', describeKey);
}

/** Claude Code's event reports: taken, and not kept. */
export async function mountEventSink(app: FastifyInstance): Promise<void> {
  await app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, _body, done) => done(null));
    for (const path of ['/api/event_logging/batch', '/api/api/event_logging/batch']) {
      scope.post(path, async () => ({ success: true }));
    }
  });
}

/** Authentication before the body is read, errors in the route's dialect. Answers who asks. */
function prepareScope(
  scope: FastifyInstance,
  protocol: Protocol,
  options: RelayRoutesOptions,
): (request: FastifyRequest) => Arrival {
  scope.decorateRequest(ARRIVAL, null);
  const { services, keyPrefix } = options;
  scope.removeAllContentTypeParsers();
  scope.addContentTypeParser('*', bodyReader(options.maxBodyBytes));
  scope.addHook('onRequest', async (request, reply) => {
    const timeline = new Timeline();
    const { id } = request;
    // One time for all: the books count attempts by the time in the id, requests by this one.
    const receivedAtMs = requestTimeMs(id) ?? services.clock.now();
    void reply.header('x-request-id', id);
    if (request.is404) return;
    const secret = findSecret(request.headers, queryOf(request), keyPrefix);
    const key = await authenticate(services.keys, secret);
    timeline.mark('authenticated');
    request.setDecorator<Arrival>(ARRIVAL, { id, receivedAtMs, timeline, key });
  });
  scope.setErrorHandler((error, request, reply) => {
    const refusal = publicError(error, options);
    if (refusal.status === 401) options.onKeyRefused(refusal.code, request.ip);
    return sendError(protocol, refusal, reply);
  });
  scope.setNotFoundHandler((request, reply) =>
    sendError(protocol, refusals.notFound(request.method, pathOf(request)).error, reply),
  );
  return (request) => {
    const arrival = request.getDecorator<Arrival | null>(ARRIVAL);
    if (arrival === null) throw new Error('the request was not authenticated');
    return arrival;
  };
}

interface RelayRoute {
  readonly prefix: string;
  readonly protocol: Protocol;
  readonly operation: Operation;
  readonly options: RelayRoutesOptions;
  readonly arrival: Arrival;
}

async function relayRequest(request: FastifyRequest, reply: FastifyReply, route: RelayRoute): Promise<void> {
  const { protocol, operation, options, arrival } = route;
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const facts = inspectBody(body, request, route);
  reply.hijack();
  await relay(
    {
      ...arrival,
      protocol,
      operation,
      method: request.method,
      path: pathOf(request).slice(route.prefix.length),
      query: withoutKeyQuery(queryOf(request)),
      headers: forwardableHeaders(request.raw.rawHeaders),
      body,
      address: request.ip,
      facts,
      delivery: new Delivery(reply.raw, reply.getHeaders()),
    },
    options.services,
  );
}

/** What is needed of the body; what goes on are the bytes themselves. */
function inspectBody(
  body: Buffer,
  { headers }: FastifyRequest,
  { protocol, operation }: RelayRoute,
): RequestFacts {
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw refusals.encodedBody(encoding);
  const inspect = (parse: (body: Buffer) => unknown): RequestFacts => {
    const inspected = protocol.inspect({
      operation,
      body: parseBody(body, parse),
      bodyBytes: body.length,
      headers,
    });
    if (!inspected.ok) throw refusals.invalidRequest(inspected.path, inspected.message);
    return inspected.facts;
  };
  const facts = inspect(parseSkeleton);
  // The name is repeated to the client as it was sent, however long.
  return isShortened(facts.model) ? inspect(parseWhole) : facts;
}

function parseBody(body: Buffer, parse: (body: Buffer) => unknown): JsonObject {
  let value: unknown;
  try {
    value = parse(body);
  } catch (error) {
    throw refusals.badJson(error instanceof Error ? error.message : 'unreadable');
  }
  if (!isJsonObject(value)) throw refusals.invalidRequest('', 'The body must be a JSON object.');
  return value;
}

/** Models the key may use, out of those that some account serves. */
async function allowedModels(
  arrival: Arrival,
  request: FastifyRequest,
  { services, models }: RelayRoutesOptions,
): Promise<readonly ModelInfo[]> {
  const key = await usableKey(arrival, request, { services });
  return models(key).filter(({ id }) => isModelAllowed(key, id));
}

/** The key as it is now; throws a Refusal where it may not be used, or not from here. */
async function usableKey(
  arrival: Arrival,
  request: FastifyRequest,
  { services }: Pick<RelayRoutesOptions, 'services'>,
): Promise<KeyDocument> {
  const { key } = await admit(services.keys, services.limits, {
    key: arrival.key,
    claim: () => null,
    stickyKey: null,
    nowMs: () => services.clock.now(),
    signal: () => AbortSignal.any([]),
  });
  authoriseAddress(key, request.ip);
  return key;
}

function sendError(protocol: Protocol, error: PublicError, reply: FastifyReply): FastifyReply {
  const { status, headers, body } = protocol.renderError(
    error,
    String(reply.getHeader('x-request-id') ?? ''),
  );
  return reply.code(status).headers(headers).send(body);
}

function publicError(error: unknown, { services }: RelayRoutesOptions): PublicError {
  if (error instanceof Refusal) return error.error;
  if (error instanceof RedisUnavailable) return refusals.redisUnavailable().error;
  services.onProblem('a request failed before it was relayed', error);
  return refusals.internal().error;
}

function pathOf(request: FastifyRequest): string {
  const url = request.raw.url ?? '';
  const end = url.indexOf('?');
  return end === -1 ? url : url.slice(0, end);
}

function queryOf(request: FastifyRequest): string {
  const url = request.raw.url ?? '';
  const start = url.indexOf('?');
  return start === -1 ? '' : url.slice(start);
}
