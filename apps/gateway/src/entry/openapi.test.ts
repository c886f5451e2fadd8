// The API document says what is mounted, in valid OpenAPI, and its page asks nobody but us.
import { api, API_PREFIX, listRoutes } from '@crs/shared';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buildApiDocument } from './openapi.ts';
import { mountApiDocument } from './api-document.routes.ts';

interface Operation {
  operationId: string;
  security: Record<string, string[]>[];
  parameters: { name: string; in: string; required: boolean; schema: Record<string, unknown> }[];
  requestBody?: { content: Record<string, { schema: Record<string, unknown> }> };
  responses: Record<string, unknown>;
}
interface Document {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Record<string, unknown>> };
}

// As it is sent: what JSON leaves out is not in it.
const document = JSON.parse(JSON.stringify(buildApiDocument(api, '9.9.9'))) as Document;
const operations = Object.values(document.paths).flatMap((methods) => Object.values(methods));

let app: FastifyInstance;
beforeAll(async () => {
  app = fastify();
  await app.register(
    async (scope) => {
      mountApiDocument(scope, api, '9.9.9');
    },
    { prefix: API_PREFIX },
  );
});
afterAll(() => app.close());

test('every route of the contract is an operation, with a name of its own', () => {
  for (const { name, route } of listRoutes(api)) {
    const path = API_PREFIX + route.path.replaceAll(/:(\w+)/g, '{$1}');
    const operation = document.paths[path]?.[route.method.toLowerCase()];
    expect(operation?.security, name).toEqual(
      route.access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
    );
    expect(operation?.requestBody !== undefined, name).toBe(route.body !== undefined);
  }
  const ids = operations.map(({ operationId }) => operationId);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual(expect.arrayContaining(['keysCreate', 'authAdminLogin', 'relayPostApiV1Messages']));
});

test('every reference leads somewhere', () => {
  const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(
    ([, path = '']) => path,
  );
  expect(references.length).toBeGreaterThan(50);
  for (const path of new Set(references)) {
    const target = path
      .split('/')
      .reduce<unknown>((at, name) => (at as Record<string, unknown>)?.[name], document);
    expect(target, path).toBeDefined();
  }
  expect(JSON.stringify(document)).not.toContain('$defs');
});

test('path parameters are declared, query parameters carry their bounds, bodies refuse unknown fields', () => {
  for (const [path, methods] of Object.entries(document.paths)) {
    const inPath = [...path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();
    for (const { parameters } of Object.values(methods)) {
      const declared = parameters.filter((each) => each.in === 'path' && each.required);
      expect(declared.map(({ name }) => name).sort(), path).toEqual(inPath);
    }
  }
  const list = document.paths['/api/v2/keys']?.['get'];
  const pageSize = list?.parameters.find(({ name }) => name === 'pageSize');
  expect(pageSize).toMatchObject({
    required: false,
    schema: { type: 'integer', minimum: 1, maximum: 500, default: 20 },
  });
  const create = document.paths['/api/v2/keys']?.['post']?.requestBody?.content['application/json'];
  expect(create?.schema).toMatchObject({ required: ['name'], additionalProperties: false });
});

test('problems of the API and errors of the relay are both described', () => {
  expect(document.components.schemas['Problem']).toMatchObject({ properties: { code: { type: 'string' } } });
  const messages = document.paths['/claude/v1/messages']?.['post'];
  expect(Object.keys(messages?.responses ?? {})).toEqual(
    expect.arrayContaining(['200', '401', '429', '503']),
  );
  expect(messages?.security).toEqual([{ relayKey: [] }, { relayKeyHeader: [] }]);
});

test('the document is served, and the page loads script and document from here under a policy that allows no more', async () => {
  const served = await app.inject('/api/v2/openapi.json');
  expect(served.json()).toEqual(document);
  for (const url of ['/api/v2/docs', '/api/v2/docs/']) {
    const page = await app.inject(url);
    expect(page.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(page.headers['content-security-policy']).toMatch(/default-src 'none'.*connect-src 'self'/);
    const addresses = [...page.body.matchAll(/(?:src|href|data-url)="([^"]+)"/g)].map(
      ([, address]) => address,
    );
    expect(addresses).toEqual(['data:,', '/api/v2/openapi.json', '/api/v2/docs/viewer.js']);
    // An inline script would be refused by the policy: there must be none.
    expect(page.body).not.toMatch(/<script[^>]*>[^<]/);
  }
});

test('the viewer is one script, compressed for whoever takes that', async () => {
  const plain = await app.inject('/api/v2/docs/viewer.js');
  expect(plain.headers['content-type']).toBe('text/javascript; charset=utf-8');
  expect(plain.body).toContain('createApiReference');
  const zipped = await app.inject({
    url: '/api/v2/docs/viewer.js',
    headers: { 'accept-encoding': 'gzip, br' },
  });
  expect(zipped.headers['content-encoding']).toBe('gzip');
  expect(zipped.rawPayload.length).toBeLessThan(plain.rawPayload.length / 2);
});
