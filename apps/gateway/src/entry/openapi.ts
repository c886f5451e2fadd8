// Owns the API document and its page: written from the same contract values that are mounted.
import {
  type Access,
  accountKindSchema,
  accountSchema,
  API_PREFIX,
  errorCatalogue,
  type ErrorCode,
  figuresSchema,
  keySchema,
  listRoutes,
  problemSchema,
  requestDetailSchema,
  requestRowSchema,
  type RouteDefinition,
  type RouteTree,
  sessionUserSchema,
  usageBucketsSchema,
  usageSummarySchema,
} from '@crs/shared';
import { z } from 'zod';
import { relayPaths, relaySchemas, relayTags } from './openapi-relay.ts';

type JsonSchema = Record<string, unknown>;

/** Answers that several routes share, by the name they carry in the document. */
const names = z.registry<{ id: string }>();
const named: Readonly<Record<string, z.ZodType>> = {
  Account: accountSchema,
  AccountKind: accountKindSchema,
  Figures: figuresSchema,
  Key: keySchema,
  Problem: problemSchema,
  RequestDetail: requestDetailSchema,
  RequestRow: requestRowSchema,
  SessionUser: sessionUserSchema,
  UsageBuckets: usageBucketsSchema,
  UsageSummary: usageSummarySchema,
};
for (const [id, schema] of Object.entries(named)) names.add(schema, { id });

const tagDescriptions: Readonly<Record<string, string>> = {
  auth: 'Sign-in, sign-out, the own password.',
  keys: 'Relay keys: what clients present.',
  accounts: 'Upstream accounts of every kind.',
  groups: 'Accounts under one name, for keys to be bound to.',
  requests: 'What was relayed, request by request.',
  stats: 'Tokens and money, added up.',
  dashboard: 'What the first page of the console shows.',
  settings: 'What is changed while the gateway runs.',
  audit: 'Who did what.',
  public: 'What needs no session.',
};

const introduction = [
  'One address in front of your own upstream accounts.',
  '',
  '**Admin API** (`/api/v2`): sign in with `POST /api/v2/auth/admin/login`, then send the token as',
  '`Authorization: Bearer`; the console uses the cookie of the same session. A session lives 12 hours after its last',
  'use, 7 days at most. Failures are RFC 9457 problem documents with a stable `code`. Unknown fields are refused.',
  'A change may carry the `version` it is based on; a stale one is refused with 409. Times are ISO 8601, UTC; `from` is',
  'inclusive, `to` exclusive. Money is integer nano-USD (1e-9 USD).',
  '',
  '**Relay**: clients present a relay key and speak their vendor’s own API; errors are in that dialect.',
].join('\n');

/** OpenAPI 3.1 of the whole gateway. */
export function buildApiDocument(tree: RouteTree, version: string): object {
  const schemas: JsonSchema = { ...relaySchemas };
  const paths: Record<string, Record<string, object>> = {};
  const tags = new Set<string>();
  for (const { name, route } of listRoutes(tree)) {
    const [tag = name] = name.split('.', 1);
    tags.add(tag);
    const path = API_PREFIX + route.path.replaceAll(/:(\w+)/g, '{$1}');
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operation(name, tag, route, schemas) };
  }
  const responses = problemResponses(schemas);
  return {
    openapi: '3.1.0',
    info: {
      title: 'Claude Relay Service',
      version,
      description: introduction,
      license: { name: 'MIT', identifier: 'MIT' },
    },
    servers: [{ url: '/' }],
    tags: [...[...tags].map((name) => ({ name, description: tagDescriptions[name] ?? name })), ...relayTags],
    paths: { ...paths, ...relayPaths },
    components: { schemas: sorted(schemas), responses, securitySchemes },
  };
}

const securitySchemes = {
  bearer: {
    type: 'http',
    scheme: 'bearer',
    bearerFormat: 'JWT',
    description: 'Token of a sign-in; for scripts.',
  },
  cookie: {
    type: 'apiKey',
    in: 'cookie',
    name: 'crs_session',
    description: 'Set by a sign-in; for the console. Changes are accepted from the console’s own pages only.',
  },
  relayKey: { type: 'http', scheme: 'bearer', description: 'A relay key (`cr_…`).' },
  relayKeyHeader: { type: 'apiKey', in: 'header', name: 'x-api-key', description: 'A relay key (`cr_…`).' },
};

function operation(name: string, tag: string, route: RouteDefinition, schemas: JsonSchema): object {
  const hasBody = route.response !== undefined || route.file !== undefined;
  const status = String(route.status ?? (hasBody ? 200 : 204));
  return {
    operationId: name.replaceAll(/\.(\w)/g, (_, letter: string) => letter.toUpperCase()),
    tags: [tag],
    summary: route.summary,
    description: [route.description, accessText(route.access)].filter((text) => text !== undefined).join(' '),
    ...(route.access === 'public' ? { security: [] } : { security: [{ bearer: [] }, { cookie: [] }] }),
    parameters: [...parameters('path', route.params, schemas), ...parameters('query', route.query, schemas)],
    ...(route.body === undefined
      ? {}
      : { requestBody: { required: true, content: json(toSchema(route.body, 'input', schemas)) } }),
    responses: {
      [status]: {
        description: 'Done',
        ...(route.file === undefined ? {} : { content: files(route.file) }),
        ...(route.response === undefined
          ? {}
          : { content: json(toSchema(route.response, 'output', schemas)) }),
      },
      ...Object.fromEntries(
        problemStatuses(route).map((problem) => [
          problem,
          { $ref: `#/components/responses/Problem${problem}` },
        ]),
      ),
    },
  };
}

function accessText(access: Access): string {
  if (access === 'public') return 'Needs no session.';
  return access === 'session' ? 'For any signed-in user.' : `For the roles ${access.join(', ')}.`;
}

function json(schema: JsonSchema): object {
  return { 'application/json': { schema } };
}

function files(types: readonly string[]): object {
  return Object.fromEntries(types.map((type) => [type, { schema: { type: 'string', format: 'binary' } }]));
}

function parameters(place: 'path' | 'query', schema: z.ZodType | undefined, schemas: JsonSchema): object[] {
  if (schema === undefined) return [];
  const { properties, required } = toSchema(schema, 'input', schemas);
  const requiredNames: readonly unknown[] = Array.isArray(required) ? required : [];
  return Object.entries(properties ?? {}).map(([name, property]) => ({
    name,
    in: place,
    required: place === 'path' || requiredNames.includes(name),
    schema: property as unknown,
  }));
}

/** The schema by itself; what is named moves to `schemas` and is referred to. */
function toSchema(schema: z.ZodType, io: 'input' | 'output', schemas: JsonSchema): JsonSchema {
  const {
    $schema: _,
    $defs: defs,
    ...own
  } = z.toJSONSchema(schema, {
    target: 'draft-2020-12',
    io,
    metadata: names,
    // A query is text before it is parsed: what zod cannot say of that stays open.
    unrepresentable: 'any',
  });
  for (const [id, definition] of Object.entries(defs ?? {})) schemas[id] ??= withComponentRefs(definition);
  const id = names.get(schema)?.id;
  if (id === undefined) return withComponentRefs(own) as JsonSchema;
  schemas[id] ??= withComponentRefs(own);
  return { $ref: `#/components/schemas/${id}` };
}

function withComponentRefs(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value).replaceAll('"#/$defs/', '"#/components/schemas/')) as unknown;
}

/** What any call below /api/v2 may meet, and what this one may in addition. */
function problemStatuses({ access, params, query, body, method }: RouteDefinition): string[] {
  const statuses = [500, 503];
  if (access !== 'public') statuses.push(401, 403);
  if (params !== undefined || query !== undefined || body !== undefined) statuses.push(400);
  if (params !== undefined) statuses.push(404);
  if (method !== 'GET' && params !== undefined) statuses.push(409);
  if (body !== undefined) statuses.push(413, 415);
  if (access === 'public') statuses.push(401, 403, 429);
  return statuses.map(String).sort();
}

function problemResponses(schemas: JsonSchema): object {
  toSchema(problemSchema, 'output', schemas);
  const codes = Object.entries(errorCatalogue) as [ErrorCode, { status: number; title: string }][];
  const byStatus = Map.groupBy(codes, ([, { status }]) => status);
  return Object.fromEntries(
    [...byStatus].map(([status, entries]) => [
      `Problem${status}`,
      {
        description: entries.map(([code, { title }]) => `\`${code}\`: ${title}`).join('; '),
        ...(status === 429 || status === 503
          ? { headers: { 'retry-after': { description: 'Seconds to wait', schema: { type: 'integer' } } } }
          : {}),
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    ]),
  );
}

function sorted(schemas: JsonSchema): JsonSchema {
  return Object.fromEntries(Object.entries(schemas).sort(([a], [b]) => (a < b ? -1 : 1)));
}
