// Owns the addresses that API clients use: address -> dialect and operation, the relay key, the body read once.
import type { Service } from '@crs/shared';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { KeyDocument } from '../modules/keys/index.ts';
import { requestTimeMs } from '../platform/ids.ts';
import { isJsonObject, isShortened, type JsonObject } from '../platform/json.ts';
import { parseSkeleton, parseWhole } from '../platform/json-skeleton.ts';
import { withMembers } from '../platform/json-members.ts';
import { RedisUnavailable } from '../platform/redis/index.ts';
import type { DialectId, ModelInfo, Protocol, PublicError, RequestFacts } from '../protocols/protocol.ts';
import { recogniseClient } from '../protocols/recognise-client.ts';
import { answerHousekeeping, answerOperation } from '../protocols/code-assist/housekeeping.ts';
import { protocols } from '../protocols/registry.ts';
import { forwardableHeaders, isCircling, withoutKeyQuery } from '../providers/kit/index.ts';
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
import type { AddressMatch, RelayFamily } from './relay-addresses.ts';

declare module 'fastify' {
  interface FastifyContextConfig {
    /** Of a route of the relay, where it is not its family's. */
    dialect?: DialectId;
  }
}

export interface RelayRoutesOptions {
  readonly services: RelayServices;
  readonly keyPrefix: string;
  readonly maxBodyBytes: number;
  /** Models that the key can reach now; `service` null: of any vendor. */
  readonly models: (key: KeyDocument, client: string, service: Service | null) => readonly ModelInfo[];
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
  readonly secretHash: string;
}

/** Name of what a request carries of its arrival; a map beside the requests would burden every collection. */
const ARRIVAL = 'arrival';

/** The addresses of one family. */
export async function mountRelay(
  app: FastifyInstance,
  family: RelayFamily,
  options: RelayRoutesOptions,
): Promise<void> {
  const { prefix, addresses, keyFacts, webSockets } = family;
  await app.register(
    async (scope) => {
      const arrivals = prepareScope(scope, family, options);
      for (const { dialect, url, match } of addresses) {
        scope.post<{ Params: Readonly<Record<string, string>> }>(
          url,
          { config: { dialect } },
          (request, reply) => {
            const path = pathOf(request);
            const matched = match(request.params, path.slice(prefix.length));
            if (matched === null) return keepHouse(request, reply, arrivals(request), options);
            return relayRequest(request, reply, {
              protocol: protocols[dialect],
              match: matched,
              options,
              arrival: arrivals(request),
            });
          },
        );
      }
      for (const url of family.modelLists) mountModels(scope, url, family, arrivals, options);
      // Clients that try a WebSocket first fall back on a request when they are told so.
      for (const url of webSockets) {
        scope.get(url, (_request, reply) => reply.code(426).header('connection', 'close').send());
      }
      if (family.operations !== null) {
        scope.route({
          method: 'GET',
          url: family.operations,
          handler: async (request) => {
            await usableKey(arrivals(request), request, options);
            return answerOperation();
          },
        });
      }
      if (keyFacts !== null) mountKeyFacts(scope, keyFacts === 'v1' ? '/v1' : '', arrivals, options);
    },
    { prefix },
  );
}

/** Calls of Code Assist's clients that go to no model: the gateway answers them itself. */
async function keepHouse(
  request: FastifyRequest,
  reply: FastifyReply,
  arrival: Arrival,
  options: RelayRoutesOptions,
): Promise<FastifyReply> {
  await usableKey(arrival, request, options);
  const path = pathOf(request);
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.from('{}');
  const answer = answerHousekeeping(path.slice(path.lastIndexOf(':') + 1), parseBody(body, parseWhole));
  if (answer === null) throw refusals.notFound(request.method, path);
  return reply.send(answer);
}

function mountModels(
  scope: FastifyInstance,
  url: string,
  { dialect, service }: RelayFamily,
  arrivals: (request: FastifyRequest) => Arrival,
  options: RelayRoutesOptions,
): void {
  const protocol = protocols[dialect];
  scope.get(url, async (request, reply) => {
    const models = await allowedModels(arrivals(request), service, request, options);
    const query = new URLSearchParams(withoutKeyQuery(queryOf(request)));
    return reply.type('application/json').send(protocol.renderModels(models, query));
  });
  scope.get<{ Params: { '*': string } }>(`${url}/*`, async (request, reply) => {
    const models = await allowedModels(arrivals(request), service, request, options);
    const model = models.find(({ id }) => id === request.params['*']);
    if (model === undefined) throw refusals.modelUnknown(request.params['*']);
    return reply.type('application/json').send(protocol.renderModel(model));
  });
}

/** What a program may ask of the key it holds. */
function mountKeyFacts(
  scope: FastifyInstance,
  base: string,
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
  facts(`${base}/me`, (key) => describeOwner(key));
  facts(`${base}/usage`, (_key, usage, now) => describeUsage(usage, now));
  facts(`${base}/key-info`, describeKey);
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
  { dialect }: RelayFamily,
  options: RelayRoutesOptions,
): (request: FastifyRequest) => Arrival {
  const protocolOf = (request: FastifyRequest): Protocol =>
    protocols[request.routeOptions.config.dialect ?? dialect];
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
    const { key, secretHash } = await authenticate(services.keys, secret);
    if (isCircling(request.raw.rawHeaders)) throw refusals.circling();
    timeline.mark('authenticated');
    request.setDecorator<Arrival>(ARRIVAL, { id, receivedAtMs, timeline, key, secretHash });
  });
  scope.setErrorHandler((error, request, reply) => {
    const refusal = publicError(error, options);
    if (refusal.status === 401) options.onKeyRefused(refusal.code, request.ip);
    return sendError(protocolOf(request), refusal, reply);
  });
  scope.setNotFoundHandler((request, reply) =>
    sendError(protocols[dialect], refusals.notFound(request.method, pathOf(request)).error, reply),
  );
  return (request) => {
    const arrival = request.getDecorator<Arrival | null>(ARRIVAL);
    if (arrival === null) throw new Error('the request was not authenticated');
    return arrival;
  };
}

interface RelayRoute {
  readonly protocol: Protocol;
  readonly match: AddressMatch;
  readonly options: RelayRoutesOptions;
  readonly arrival: Arrival;
}

async function relayRequest(request: FastifyRequest, reply: FastifyReply, route: RelayRoute): Promise<void> {
  const { protocol, match, options, arrival } = route;
  const sent = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const query = withoutKeyQuery(queryOf(request));
  const facts = inspectBody(sent, request, query, route);
  const body = match.bodyModel === null ? sent : withModel(sent, match.bodyModel);
  reply.hijack();
  await relay(
    {
      ...arrival,
      protocol,
      operation: match.operation,
      method: request.method,
      path: match.path,
      query,
      headers: forwardableHeaders(request.raw.rawHeaders),
      body,
      json: () => parseBody(body, parseWhole),
      address: request.ip,
      facts,
      delivery: new Delivery(reply.raw, reply.getHeaders()),
    },
    options.services,
  );
}

/** The body with this model's name, everything else byte for byte. */
function withModel(body: Buffer, model: string): Buffer {
  return withMembers(body, { model: JSON.stringify(model) });
}

/** What is needed of the body; what goes on are the bytes themselves. */
function inspectBody(
  body: Buffer,
  { headers }: FastifyRequest,
  query: string,
  { protocol, match }: RelayRoute,
): RequestFacts {
  const { operation, facts: address } = match;
  const encoding = headers['content-encoding'];
  if (encoding !== undefined && encoding !== 'identity') throw refusals.encodedBody(encoding);
  const inspect = (parse: (body: Buffer) => unknown): RequestFacts => {
    const inspected = protocol.inspect({
      operation,
      address,
      query,
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
  service: Service | null,
  request: FastifyRequest,
  { services, models }: RelayRoutesOptions,
): Promise<readonly ModelInfo[]> {
  const key = await usableKey(arrival, request, { services });
  const client = recogniseClient(request.headers);
  return models(key, client, service).filter(({ id }) => isModelAllowed(key, id));
}

/** The key as it is now; throws a Refusal where it may not be used, or not from here. */
async function usableKey(
  arrival: Arrival,
  request: FastifyRequest,
  { services }: Pick<RelayRoutesOptions, 'services'>,
): Promise<KeyDocument> {
  const { key } = await admit(services.keys, services.limits, {
    key: arrival.key,
    secretHash: arrival.secretHash,
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
