// What is wrong with a request, said so that the caller can mend it.
import { defineRoute, keyCreateBody, passwordChangeBody, type RouteDefinition } from '@crs/shared';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import { ProblemError } from '../platform/problem.ts';
import { parseInput } from './validate.ts';

function faults(body: z.ZodType, value: unknown): Record<string, string> {
  const route: RouteDefinition = defineRoute({
    method: 'POST',
    path: '/x',
    access: 'public',
    summary: 'x',
    body,
  });
  try {
    parseInput(route, { params: {}, query: {}, body: value });
  } catch (error) {
    if (error instanceof ProblemError && error.errors !== undefined) {
      return Object.fromEntries(error.errors.map(({ path, message }) => [path, message]));
    }
    throw error;
  }
  return {};
}

test.each<[unknown, Record<string, string>]>([
  [{}, { name: 'required' }],
  [{ name: '' }, { name: 'give at least 1 character' }],
  [{ name: 'x'.repeat(101) }, { name: 'give at most 100 characters' }],
  [{ name: 'x', concurrency: -1 }, { concurrency: 'give at least 0' }],
  [{ name: 'x', concurrency: '2' }, { concurrency: 'give a number' }],
  [{ name: 'x', enabled: null }, { enabled: 'give a boolean' }],
  [{ name: 'x', permissions: [] }, { permissions: 'give at least 1 entry' }],
  [{ name: 'x', permissions: ['claud'] }, { 'permissions.0': 'give one of "claude", "gemini", "openai"' }],
  [{ name: 'x', permissions: 'some' }, { permissions: 'has none of the accepted forms' }],
  [
    { name: 'x', expiration: { at: 'tomorrow' } },
    { 'expiration.at': 'give an ISO 8601 time such as 2026-01-31T08:00:00Z' },
  ],
  [
    { name: 'x', expiration: { afterFirstUse: { days: 0 } } },
    { 'expiration.afterFirstUse.days': 'give at least 1' },
  ],
  [
    { name: 'x', ipAllow: ['10.0.0.300'] },
    { 'ipAllow.0': 'give an IP address or a range such as 10.0.0.0/24' },
  ],
  [
    { name: 'x', id: 'k1', usage: {} },
    { id: 'unknown body field; leave it out', usage: 'unknown body field; leave it out' },
  ],
  [[], { '': 'give an object' }],
  ['text', { '': 'give an object' }],
])('%j', (value, expected) => {
  expect(faults(keyCreateBody, value)).toEqual(expected);
});

test('words of the schema’s own are kept', () => {
  expect(faults(passwordChangeBody, { current: 'x', next: 'short' })).toEqual({
    next: 'use 10 characters or more',
  });
});

test('the detail tells the first fault and how many there are', () => {
  const route = defineRoute({
    method: 'POST',
    path: '/x',
    access: 'public',
    summary: 'x',
    body: keyCreateBody,
  });
  expect(() => parseInput(route, { params: {}, query: {}, body: { tags: 1, debug: 1 } })).toThrow(
    /^`name`: required \(and 2 more\)\.$/,
  );
});
