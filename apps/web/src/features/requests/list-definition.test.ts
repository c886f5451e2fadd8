import { expect, test } from 'vitest';
import { parseListState } from '@/lib/url-state';
import { requestListDefinition, toListQuery, toLiveQuery } from './list-definition';

const nowMs = Date.parse('2026-03-02T12:00:00.000Z');

function queryOf(address: string) {
  return toListQuery(parseListState(requestListDefinition, new URLSearchParams(address)), nowMs);
}

test('a range is counted back from the server time and stays open at its end', () => {
  expect(queryOf('range=24h')).toMatchObject({ from: '2026-03-01T12:00:00.000Z', to: undefined });
});

test('times of the address take the place of a range', () => {
  expect(queryOf('range=1h&from=2026-02-01T00:00:00Z&to=2026-02-02T00:00:00Z')).toMatchObject({
    from: '2026-02-01T00:00:00.000Z',
    to: '2026-02-02T00:00:00.000Z',
  });
  expect(queryOf('to=2026-02-02T00:00:00Z')).toMatchObject({
    from: undefined,
    to: '2026-02-02T00:00:00.000Z',
  });
});

test('what an address says wrongly is left out, never sent', () => {
  const query = queryOf('status=abc&from=yesterday&outcome=good&range=2y&sort=keyName');
  expect(query).toMatchObject({ status: undefined, from: undefined, sort: '-at' });
  expect(query).not.toHaveProperty('range');
  expect(query.outcome).toBeUndefined();
});

test('filters reach the gateway as it names them', () => {
  expect(
    queryOf('keyId=k1&accountId=a1&kind=claude&model=m&status=529&outcome=failed&client=curl&search=%20x%20'),
  ).toMatchObject({
    keyId: 'k1',
    accountId: 'a1',
    kind: 'claude',
    model: 'm',
    status: '529',
    outcome: 'failed',
    client: 'curl',
    search: 'x',
  });
});

test('classes of status, costs and durations go as they are typed, and not where they are none', () => {
  expect(queryOf('status=4xx&minCostUsd=0.25&maxCostUsd=2&minDurationMs=100&userId=u1')).toMatchObject({
    status: '4xx',
    minCostUsd: '0.25',
    maxCostUsd: '2',
    minDurationMs: '100',
    userId: 'u1',
  });
  expect(queryOf('status=9xx&minCostUsd=-1&maxCostUsd=1e3&minDurationMs=soon')).toMatchObject({
    status: undefined,
    minCostUsd: undefined,
    maxCostUsd: undefined,
    minDurationMs: undefined,
  });
});

test('only the newest rows go on by themselves, with the filters but without the times', () => {
  const liveOf = (address: string) =>
    toLiveQuery(parseListState(requestListDefinition, new URLSearchParams(address)));
  expect(liveOf('')).toBe('');
  expect(liveOf('keyId=k1&status=5xx&range=1h')).toBe('keyId=k1&status=5xx');
  for (const still of ['page=2', 'sort=-costNanoUsd', 'search=x', 'to=2026-01-01T00:00:00Z'])
    expect(liveOf(still)).toBeNull();
});
