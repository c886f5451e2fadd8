import { expect, test } from 'vitest';
import { api } from '../api/index.ts';
import { listRoutes } from './route.ts';

test('every route has its own method and path, and says who may call it', () => {
  const routes = listRoutes(api);
  const addresses = routes.map(({ route }) => `${route.method} ${route.path}`);
  expect(new Set(addresses).size).toBe(routes.length);
  for (const { name, route } of routes) {
    expect(route.access, name).toBeDefined();
    expect(route.summary.length, name).toBeGreaterThan(0);
  }
});

test('path parameters and params schema agree', () => {
  for (const { name, route } of listRoutes(api)) {
    const inPath = [...route.path.matchAll(/:(\w+)/g)].map((match) => match[1]).sort();
    const shape = (route.params as { shape?: object } | undefined)?.shape ?? {};
    expect(Object.keys(shape).sort(), name).toEqual(inPath);
  }
});
