import { describe, expect, test } from 'vitest';
import { attemptRecord, relayed, requestRecord } from './records.fixture.ts';
import { decodeRollEntry, encodeRollEntry, sumsOf } from './roll-entry.ts';
import { decodeFacts, encodeFacts } from './row-facts.ts';

describe('entries of the stream', () => {
  test('an attempt counts at the time its request began, wherever midnight fell in between', () => {
    const { attempts } = relayed({ atMs: 1_700_000_000_000 }, [{ startedAtMs: 1_700_000_999_999 }]);
    const [record] = attempts;
    if (record === undefined) throw new Error('no attempt');
    expect(decodeRollEntry(encodeRollEntry({ type: 'attempt', record }))?.atMs).toBe(1_700_000_000_000);
  });

  test('an attempt of a request whose id says no time counts at its own', () => {
    const record = attemptRecord({ requestId: 'elsewhere', startedAtMs: 5000 });
    expect(decodeRollEntry(encodeRollEntry({ type: 'attempt', record }))?.atMs).toBe(5000);
  });

  test.each([
    ['ok', 1, 0],
    ['client_left', 1, 0],
    ['failed', 1, 1],
    ['crashed', 1, 1],
  ] as const)('a request that ended %s counts %i, its errors %i', (outcome, requests, failedRequests) => {
    const entry = decodeRollEntry(encodeRollEntry({ type: 'request', record: requestRecord({ outcome }) }));
    expect(entry === null ? null : sumsOf(entry)).toMatchObject({ requests, failedRequests, costNanoUsd: 0 });
  });

  test('a refused request counts nothing', () => {
    const record = requestRecord({ outcome: 'refused', accountId: null, kind: null });
    const entry = decodeRollEntry(encodeRollEntry({ type: 'request', record }));
    expect(entry).not.toBeNull();
    expect(entry === null ? 'unreadable' : sumsOf(entry)).toBeNull();
  });

  test('what is no entry is told apart', () => {
    for (const text of [
      '',
      '{}',
      '[]',
      '["a",1]',
      '["r",1,"k",null,null,null,"m","id",200,"fine",1,"c",1,1,null]',
    ]) {
      expect(decodeRollEntry(text), text).toBeNull();
    }
  });
});

test('facts in an index come back as they were, whatever the client calls itself', () => {
  const facts = {
    id: 'req_1',
    status: 429,
    outcome: 'refused',
    stream: false,
    kind: null,
    client: 'a\tb',
    costNanoUsd: 12,
    durationMs: 3,
    firstEventMs: null,
  } as const;
  expect(decodeFacts(encodeFacts(facts))).toEqual({ ...facts, client: 'a b' });
  expect(decodeFacts(encodeFacts({ ...facts, kind: 'claude', firstEventMs: 0, stream: true }))).toMatchObject(
    {
      kind: 'claude',
      firstEventMs: 0,
      stream: true,
    },
  );
});
