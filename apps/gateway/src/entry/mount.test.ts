// What the admin API guarantees on every route: who passes, what is parsed, how a refusal is worded.
import { defineRoute, problemSchema, type RouteTree } from '@crs/shared';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type AdminApi, startAdminApi } from '../../test/admin-api.ts';
import { ProblemError } from '../platform/problem.ts';
import type { Handlers } from './handlers.ts';

const tree = {
  notes: {
    read: defineRoute({
      method: 'GET',
      path: '/notes/:id',
      access: ['admin', 'viewer'],
      summary: 'Read',
      params: z.strictObject({ id: z.string() }),
      query: z.strictObject({ page: z.coerce.number().int().min(1).default(1) }),
      response: z.object({ id: z.string(), page: z.number() }),
    }),
    write: defineRoute({
      method: 'POST',
      path: '/notes',
      access: ['admin'],
      summary: 'Write',
      body: z.strictObject({
        name: z.string().min(2),
        tags: z.array(z.string()).optional(),
        color: z.enum(['red', 'blue']).optional(),
        when: z
          .union([
            z.strictObject({ at: z.iso.datetime() }),
            z.strictObject({ after: z.strictObject({ days: z.int() }) }),
          ])
          .optional(),
      }),
      response: z.object({ name: z.string() }),
      status: 201,
    }),
    remove: defineRoute({ method: 'DELETE', path: '/notes', access: ['admin'], summary: 'Remove all' }),
    ping: defineRoute({
      method: 'POST',
      path: '/ping',
      access: 'public',
      summary: 'Ping',
      body: z.strictObject({ mode: z.enum(['ok', 'refuse', 'crash', 'wait']).default('ok') }),
      response: z.object({ ip: z.string() }),
    }),
  },
} satisfies RouteTree;

const handlers: Handlers<typeof tree> = {
  notes: {
    read: ({ params, query }) => ({ id: params.id, page: query.page, secret: 'must not leave' }),
    write: ({ body }, context) => {
      context.audit('note.create', { type: 'note', id: 'n1', name: body.name }, undefined, body);
      return { name: body.name };
    },
    remove: () => {},
    ping: ({ body }, { ip }) => {
      if (body.mode === 'crash') throw new Error('inner words');
      if (body.mode === 'refuse') throw new ProblemError('name_taken', 'There is one.');
      if (body.mode === 'wait')
        throw new ProblemError('too_many_attempts', 'Wait.', { retryAfterSeconds: 1.2 });
      return { ip };
    },
  },
};

let admin: AdminApi;
let app: FastifyInstance;
let token: string;

beforeAll(async () => {
  admin = await startAdminApi();
  app = await admin.mount(tree, handlers);
});
afterAll(() => admin.stop());
afterEach(() => admin.reset());

async function signIn(): Promise<void> {
  token = await admin.tokenOf(await admin.addUser({ username: 'ada' }));
}

interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE' | 'HEAD' | 'OPTIONS';
  url: string;
  headers?: Record<string, string>;
  body?: string | object;
  by?: 'bearer' | 'cookie' | 'nobody';
  on?: FastifyInstance;
}

async function call({ method = 'GET', url, headers = {}, body, by = 'bearer', on = app }: Call) {
  const credential = {
    bearer: { authorization: `Bearer ${token}` },
    cookie: { cookie: `crs_session=${token}` },
    nobody: {},
  };
  return on.inject({
    method,
    url: `/api/v2${url}`,
    headers: { ...credential[by], ...headers },
    ...(body === undefined ? {} : { payload: body }),
  });
}

/** The problem of an answer, which must agree with its status and headers. */
function problemOf(answer: Awaited<ReturnType<typeof call>>) {
  expect(answer.headers['content-type']).toBe('application/problem+json; charset=utf-8');
  const problem = problemSchema.parse(answer.json());
  expect(problem.status).toBe(answer.statusCode);
  expect(problem.requestId).toBe(answer.headers['x-request-id']);
  return problem;
}

test('a handler gets parsed values, and only what the contract names leaves', async () => {
  await signIn();
  const answer = await call({ url: '/notes/n1?page=3' });
  expect(answer.statusCode).toBe(200);
  expect(answer.json()).toEqual({ id: 'n1', page: 3 });
});

test('every answer names its request, is never stored, and gives a browser nothing to run', async () => {
  await signIn();
  for (const answer of [
    await call({ url: '/notes/n1' }),
    await call({ url: '/nowhere' }),
    await call({ url: '/notes/n1', by: 'nobody' }),
  ]) {
    expect(answer.headers['x-request-id']).toMatch(/^req_[0-9a-f]{28}$/);
    expect(answer.headers['cache-control']).toBe('no-store');
    expect(answer.headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'");
    expect(answer.headers['x-content-type-options']).toBe('nosniff');
    expect(answer.headers['x-frame-options']).toBe('DENY');
    expect(answer.headers['referrer-policy']).toBe('no-referrer');
  }
});

test('a route without an answer is 204, a created one what the contract says', async () => {
  await signIn();
  expect((await call({ method: 'DELETE', url: '/notes' })).statusCode).toBe(204);
  const created = await call({ method: 'POST', url: '/notes', body: { name: 'ab' } });
  expect(created.statusCode).toBe(201);
});

test('every wrong field is named by its path, with what to send instead', async () => {
  await signIn();
  const body = { name: 'a', tags: ['x', 7], color: 'green', size: 1, when: { after: { days: 'two' } } };
  const problem = problemOf(await call({ method: 'POST', url: '/notes', body }));
  expect(problem.code).toBe('validation_failed');
  expect(problem.errors).toEqual([
    { path: 'name', message: 'give at least 2 characters' },
    { path: 'tags.1', message: 'give a string' },
    { path: 'color', message: 'give one of "red", "blue"' },
    { path: 'when.after.days', message: 'give a number' },
    { path: 'size', message: 'unknown body field; leave it out' },
  ]);
});

test('a missing field is required, an absent body is an empty one', async () => {
  await signIn();
  const problem = problemOf(await call({ method: 'POST', url: '/notes' }));
  expect(problem.errors).toEqual([{ path: 'name', message: 'required' }]);
  const withType = await call({
    method: 'POST',
    url: '/notes',
    headers: { 'content-type': 'application/json' },
  });
  expect(problemOf(withType).code).toBe('validation_failed');
});

test('unknown query fields and bodies that nobody reads are refused', async () => {
  await signIn();
  const query = problemOf(await call({ url: '/notes/n1?page=0&pagesize=2' }));
  expect(query.errors?.map(({ path }) => path)).toEqual(['page', 'pagesize']);
  const body = problemOf(await call({ method: 'DELETE', url: '/notes', body: { all: true } }));
  expect(body.errors).toEqual([{ path: 'all', message: 'unknown body field; leave it out' }]);
  expect((await call({ method: 'DELETE', url: '/notes', body: {} })).statusCode).toBe(204);
});

test.each([
  ['bad_json', { 'content-type': 'application/json' }, '{"name":'],
  ['bad_json', { 'content-type': 'application/json' }, '{"name":"ab","__proto__":{"admin":true}}'],
  ['unsupported_media_type', { 'content-type': 'application/x-www-form-urlencoded' }, 'name=ab'],
  ['unsupported_media_type', { 'content-type': 'text/plain' }, '{"name":"ab"}'],
  [
    'body_too_large',
    { 'content-type': 'application/json' },
    JSON.stringify({ name: 'a'.repeat(1024 * 1024) }),
  ],
])('%s is a problem', async (code, headers, body) => {
  await signIn();
  expect(problemOf(await call({ method: 'POST', url: '/notes', headers, body })).code).toBe(code);
});

test('addresses that are none are 404, methods that are not offered 405 and say which are', async () => {
  expect(problemOf(await call({ url: '/nowhere', by: 'nobody' })).code).toBe('not_found');
  expect(problemOf(await call({ url: '', by: 'nobody' })).code).toBe('not_found');
  const answer = await call({ method: 'PUT', url: '/notes', by: 'nobody', body: {} });
  expect(problemOf(answer).code).toBe('method_not_allowed');
  expect(answer.headers.allow).toBe('POST, DELETE');
  const document = await call({ method: 'DELETE', url: '/openapi.json', by: 'nobody' });
  expect(document.headers.allow).toBe('GET, HEAD');
});

test('a fault of the gateway is 500 without its inner words; a refusal keeps its code and its wait', async () => {
  const crashed = await call({ method: 'POST', url: '/ping', by: 'nobody', body: { mode: 'crash' } });
  expect(problemOf(crashed).code).toBe('internal_error');
  expect(crashed.body).not.toContain('inner words');
  expect(admin.told.faults).toMatchObject([
    { err: new Error('inner words'), requestId: crashed.headers['x-request-id'], route: '/api/v2/ping' },
  ]);
  const refused = await call({ method: 'POST', url: '/ping', by: 'nobody', body: { mode: 'refuse' } });
  expect(problemOf(refused)).toMatchObject({ code: 'name_taken', status: 409, detail: 'There is one.' });
  const wait = await call({ method: 'POST', url: '/ping', by: 'nobody', body: { mode: 'wait' } });
  expect(wait.headers['retry-after']).toBe('2');
});

test('without a session 401; with a token that nobody signed, too', async () => {
  token = 'eyJhbGciOiJub25lIn0.eyJqdGkiOiJ4Iiwic3ViIjoieCIsImV4cCI6OTk5OTk5OTk5OX0.';
  for (const by of ['nobody', 'bearer', 'cookie'] as const) {
    const answer = await call({ url: '/notes/n1', by });
    expect(problemOf(answer).code).toBe('not_signed_in');
    expect(answer.headers['www-authenticate']).toBe('Bearer');
  }
});

test('a stranger is refused before the body is looked at', async () => {
  const answer = await call({
    method: 'POST',
    url: '/notes',
    by: 'nobody',
    headers: { 'content-type': 'text/plain' },
    body: 'x',
  });
  expect(problemOf(answer).code).toBe('not_signed_in');
});

const own = { host: 'relay.example' };
const ours = 'https://relay.example';

async function change(headers: Record<string, string>) {
  await signIn();
  return call({ method: 'POST', url: '/notes', by: 'cookie', headers, body: { name: 'ab' } });
}

test.each([
  ['another site', { ...own, origin: 'https://evil.example' }],
  ['a neighbour, by its port', { ...own, origin: 'https://relay.example:8443' }],
  ['a sandboxed page', { ...own, origin: 'null' }],
  ['a sibling site that the browser tells', { ...own, origin: ours, 'sec-fetch-site': 'same-site' }],
])('a change with the cookie from %s is refused and told', async (_, headers) => {
  expect(problemOf(await change(headers)).code).toBe('foreign_origin');
  const { origin } = headers;
  expect(admin.told.security).toMatchObject([{ kind: 'origin.refused', detail: { origin } }]);
});

test.each<[string, Record<string, string>]>([
  ['our own page', { ...own, origin: ours }],
  [
    'our own page behind a proxy that renames the host',
    { host: 'gateway:3000', origin: ours, 'sec-fetch-site': 'same-origin' },
  ],
  ['no browser', own],
])('a change with the cookie from %s passes', async (_, headers) => {
  expect((await change(headers)).statusCode).toBe(201);
});

test('a bearer is always meant, and reading changes nothing: both pass from anywhere', async () => {
  await signIn();
  const headers = { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' };
  expect((await call({ method: 'POST', url: '/notes', headers, body: { name: 'ab' } })).statusCode).toBe(201);
  expect((await call({ url: '/notes/n1', by: 'cookie', headers })).statusCode).toBe(200);
});

test('a configured origin may use the cookie and read the answer; no other may', async () => {
  await signIn();
  const on = await admin.mount(tree, handlers, { corsOrigins: ['https://desk.example'] });
  const headers = { origin: 'https://desk.example', 'sec-fetch-site': 'cross-site' };
  const answer = await call({
    on,
    method: 'POST',
    url: '/notes',
    by: 'cookie',
    headers,
    body: { name: 'ab' },
  });
  expect(answer.statusCode).toBe(201);
  expect(answer.headers['access-control-allow-origin']).toBe('https://desk.example');
  expect(answer.headers['access-control-allow-credentials']).toBe('true');
  const preflight = await call({
    on,
    method: 'OPTIONS',
    url: '/notes',
    by: 'nobody',
    headers: { ...headers, 'access-control-request-method': 'POST' },
  });
  expect(preflight.statusCode).toBe(204);
  const foreign = await call({ on, url: '/notes/n1', headers: { origin: 'https://evil.example' } });
  expect(foreign.headers['access-control-allow-origin']).toBeUndefined();
});

test('the client’s address is the nearest proxy’s unless proxies are trusted', async () => {
  const headers = { 'x-forwarded-for': '203.0.113.9' };
  const plain = await call({ method: 'POST', url: '/ping', by: 'nobody', headers, body: {} });
  expect(plain.json()).toEqual({ ip: '127.0.0.1' });
  const on = await admin.mount(tree, handlers, { trustProxy: true });
  const trusted = await call({ on, method: 'POST', url: '/ping', by: 'nobody', headers, body: {} });
  expect(trusted.json()).toEqual({ ip: '203.0.113.9' });
});

test('an act is told with who did it, in which request, from where', async () => {
  await signIn();
  const answer = await call({ method: 'POST', url: '/notes', body: { name: 'ab' } });
  expect(admin.told.audit).toEqual([
    {
      actor: { id: expect.any(String) as string, username: 'ada' },
      action: 'note.create',
      target: { type: 'note', id: 'n1', name: 'ab' },
      before: undefined,
      after: { name: 'ab' },
      requestId: answer.headers['x-request-id'],
      ip: '127.0.0.1',
    },
  ]);
});

test('a lost Redis is 503 with a wait, not a lost session', async () => {
  await signIn();
  admin.server.freeze();
  try {
    const answer = await call({ url: '/notes/n1' });
    expect(problemOf(answer).code).toBe('redis_unavailable');
    expect(answer.headers['retry-after']).toBe('2');
  } finally {
    admin.server.thaw();
  }
  await admin.redis.whenUp(5000);
});

test('a route that does not say who may call it, or has no handler, stops the start', async () => {
  const silent = { open: { method: 'GET', path: '/open', access: [], summary: 'x' } } as const;
  await expect(admin.mount(silent, { open: () => {} })).rejects.toThrow('does not say who may call it');
  const undeclared = { open: { method: 'GET', path: '/open', summary: 'x' } } as unknown as typeof silent;
  await expect(admin.mount(undeclared, { open: () => {} })).rejects.toThrow('does not say who may call it');
  const empty = { notes: {} } as unknown as typeof handlers;
  await expect(admin.mount(tree, empty)).rejects.toThrow('no handler for GET /notes/:id');
});
