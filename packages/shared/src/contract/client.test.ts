import { expect, expectTypeOf, test } from 'vitest';
import { api } from '../api/index.ts';
import type { Key } from '../api/keys.ts';
import { ApiError } from '../errors.ts';
import { createClient } from './client.ts';

function clientAnswering(status: number, body: unknown, seen: { url?: string; init?: RequestInit } = {}) {
  return createClient(api, {
    baseUrl: '/api/v2',
    token: () => 'token-1',
    fetch: (input, init) => {
      seen.url = typeof input === 'string' ? input : '';
      if (init !== undefined) seen.init = init;
      return Promise.resolve(Response.json(body, { status }));
    },
  });
}

test('a call fills path parameters, leaves out undefined query fields and sends the bearer', async () => {
  const seen: { url?: string; init?: RequestInit } = {};
  const client = clientAnswering(200, { items: [], total: 0, page: 1, pageSize: 20 }, seen);
  await client.accounts.listKind({
    params: { kind: 'a/b' },
    query: { page: 2, search: undefined, enabled: 'true' },
  });
  expect(seen.url).toBe('/api/v2/accounts/a%2Fb?page=2&enabled=true');
  expect(new Headers(seen.init?.headers).get('authorization')).toBe('Bearer token-1');
});

test('a failed call throws the problem the server sent', async () => {
  const problem = {
    type: 'about:blank',
    title: 'Not found',
    status: 404,
    code: 'not_found',
    detail: 'There is no key k1.',
    requestId: 'r1',
  };
  const failure = await clientAnswering(404, problem)
    .keys.get({ params: { id: 'k1' } })
    .catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(ApiError);
  expect((failure as ApiError).problem).toEqual(problem);
});

test('a failure that is not a problem document still tells status and text', async () => {
  const failure = await clientAnswering(502, 'bad gateway')
    .keys.list()
    .catch((error: unknown) => error);
  expect((failure as ApiError).status).toBe(502);
  expect((failure as ApiError).code).toBe('unexpected_answer');
});

test('calls are typed from the route: optional parts may be left out, answers are the response schema', () => {
  const client = clientAnswering(200, {});
  expectTypeOf(client.keys.list).toBeCallableWith();
  expectTypeOf(client.keys.get).returns.resolves.toEqualTypeOf<Key>();
});

test('a refusal carries the wait the server asks for', async () => {
  const client = createClient(api, {
    baseUrl: '/api/v2',
    fetch: () =>
      Promise.resolve(new Response('slow down', { status: 429, headers: { 'retry-after': '42' } })),
  });
  const failure = await client.auth.me().catch((error: unknown) => error);
  expect((failure as ApiError).retryAfterSeconds).toBe(42);
});
