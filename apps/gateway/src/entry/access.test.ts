// The whole contract, route by route: all of it is mounted and nothing else, and each route lets in whom it names.
import {
  api,
  API_PREFIX,
  isRoute,
  listRoutes,
  type Role,
  type RouteDefinition,
  roles,
  type RouteTree,
} from '@crs/shared';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type AdminApi, startAdminApi } from '../../test/admin-api.ts';
import { ProblemError } from '../platform/problem.ts';
import type { Handlers } from './handlers.ts';
import { mountAdminApi } from './mount.ts';

/** A handler everywhere, that says it was reached: only the way to it is looked at here. */
function reachable(tree: RouteTree): object {
  return Object.fromEntries(
    Object.entries(tree).map(([name, node]) => [name, isRoute(node) ? reached : reachable(node)]),
  );
}
function reached(): never {
  throw new ProblemError('wrong_state', 'reached');
}
const handlers = reachable(api) as Handlers<typeof api>;
const routes = listRoutes(api);

let admin: AdminApi;
let app: FastifyInstance;
const tokens = new Map<Role, string>();
let mustChange: string;

beforeAll(async () => {
  admin = await startAdminApi();
  app = await admin.mount(api, handlers);
  for (const role of roles)
    tokens.set(role, await admin.tokenOf(await admin.addUser({ username: role, role })));
  mustChange = await admin.tokenOf(await admin.addUser({ username: 'new', mustChangePassword: true }));
});
afterAll(() => admin.stop());

/** Status and code of a call without body; what is wrong with it comes after the question who may call. */
async function outcome(route: RouteDefinition, token?: string): Promise<string> {
  const url = API_PREFIX + route.path.replaceAll(/:\w+/g, 'x');
  const answer = await app.inject({
    method: route.method,
    url,
    headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
  });
  const { code } = answer.json<{ code: string }>();
  return code === 'validation_failed' || code === 'wrong_state' ? 'let in' : `${answer.statusCode} ${code}`;
}

test('all of the contract is mounted, and beside it only the API document and its page', async () => {
  const mounted: string[] = [];
  const bare = fastify();
  bare.addHook('onRoute', ({ method, url }) => {
    for (const each of [method].flat()) if (each !== 'HEAD') mounted.push(`${each} ${url}`);
  });
  const { sessions, events } = admin;
  const log = { error: () => {} };
  await mountAdminApi(bare, api, handlers, { sessions, events, corsOrigins: [], log, version: '1' });
  await bare.close();
  const declared = routes.map(({ route }) => `${route.method} ${API_PREFIX}${route.path}`);
  const documents = ['/openapi.json', '/docs', '/docs/', '/docs/viewer.js'].map(
    (path) => `GET ${API_PREFIX}${path}`,
  );
  expect(mounted.sort()).toEqual([...declared, ...documents].sort());
});

describe.each(routes)('$name', ({ route }) => {
  const { access } = route;

  test('without a session', async () => {
    expect(await outcome(route)).toBe(access === 'public' ? 'let in' : '401 not_signed_in');
  });

  test.each(roles)('as %s', async (role) => {
    const isNamed = access === 'public' || access === 'session' || access.includes(role);
    expect(await outcome(route, tokens.get(role))).toBe(isNamed ? 'let in' : '403 forbidden');
  });

  test('while the password must be changed', async () => {
    const isOpen = access === 'public' || access === 'session';
    expect(await outcome(route, mustChange)).toBe(isOpen ? 'let in' : '403 password_change_required');
  });
});

test('who still must change the password can do that, look at himself and leave, and nothing else', () => {
  const open = routes.filter(({ route }) => route.access === 'session').map(({ name }) => name);
  expect(open.sort()).toEqual(['auth.changePassword', 'auth.logout', 'auth.me']);
});

test('nobody but the console’s roles is let in anywhere, and a viewer changes nothing', () => {
  const named = routes.flatMap(({ name, route: { access, method } }) =>
    typeof access === 'string' ? [] : access.map((role) => ({ name, method, role })),
  );
  expect(named.filter(({ role }) => role === 'user')).toEqual([]);
  expect(named.filter(({ role, method }) => role === 'viewer' && method !== 'GET')).toEqual([]);
});
