import { describe, expect, test } from 'vitest';
import { attemptRecord, relayed, requestRecord } from './records.fixture.ts';
import { additionOf, Additions, decodeAddition, encodeAddition } from './roll-entry.ts';
import { decodeFacts, encodeFacts } from './row-facts.ts';

describe('what rows add to figures', () => {
  test('an attempt counts at the time its request began, wherever midnight fell in between', () => {
    const { attempts } = relayed({ atMs: 1_700_000_000_000 }, [{ startedAtMs: 1_700_000_999_999 }]);
    const [record] = attempts;
    if (record === undefined) throw new Error('no attempt');
    expect(additionOf({ type: 'attempt', record })?.atMs).toBe(1_700_000_000_000);
  });

  test('an attempt of a request whose id says no time counts at its own', () => {
    const record = attemptRecord({ requestId: 'elsewhere', startedAtMs: 5000 });
    expect(additionOf({ type: 'attempt', record })?.atMs).toBe(5000);
  });

  test.each([
    ['ok', 1, 0],
    ['client_left', 1, 0],
    ['failed', 1, 1],
    ['crashed', 1, 1],
  ] as const)('a request that ended %s counts %i, its errors %i', (outcome, requests, failedRequests) => {
    const addition = additionOf({ type: 'request', record: requestRecord({ outcome }) });
    expect(addition?.sums).toMatchObject({ requests, failedRequests, costNanoUsd: 0 });
  });

  test('a refused request counts nothing', () => {
    const record = requestRecord({ outcome: 'refused', accountId: null, kind: null });
    expect(additionOf({ type: 'request', record })).toBeNull();
  });

  test('rows of one minute and one cell become one addition, with the time of the latest', () => {
    const minute = 1_700_000_040_000;
    const entries = [
      ...relayed({ atMs: minute + 30_000 }, [{ costNanoUsd: 1 }]).entries,
      ...relayed({ atMs: minute }, [{ costNanoUsd: 2 }]).entries,
      ...relayed({ atMs: minute + 60_000 }, [{ costNanoUsd: 4 }]).entries,
      ...relayed({ atMs: minute, keyId: 'key-2' }, [{ costNanoUsd: 8 }]).entries,
    ];
    const additions = new Additions();
    for (const entry of entries) additions.addRow(entry);
    expect(additions.list).toMatchObject([
      { atMs: minute + 30_000, cell: { keyId: 'key-1' }, sums: { requests: 2, attempts: 2, costNanoUsd: 3 } },
      { atMs: minute + 60_000, cell: { keyId: 'key-1' }, sums: { requests: 1, attempts: 1, costNanoUsd: 4 } },
      { atMs: minute, cell: { keyId: 'key-2' }, sums: { requests: 1, attempts: 1, costNanoUsd: 8 } },
    ]);
    for (const addition of additions.list) expect(decodeAddition(encodeAddition(addition))).toEqual(addition);
  });

  test('what is no entry is told apart', () => {
    for (const text of [
      '',
      '{}',
      '[]',
      '[1,"k",null,null,null,"m"]',
      '[1,"k",null,null,null,"m",1]',
      '[1,"k",null,null,null,"m","1,0.5"]',
      '[1,"k",5,null,null,"m","1"]',
    ]) {
      expect(decodeAddition(text), text).toBeNull();
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
    keyId: 'key-1',
    userId: null,
    accountId: null,
    model: 'a\nmodel',
  } as const;
  expect(decodeFacts(encodeFacts(facts))).toEqual({ ...facts, client: 'a b', model: 'a model' });
  const other = {
    ...facts,
    kind: 'claude',
    firstEventMs: 0,
    stream: true,
    userId: 'u',
    accountId: 'a',
    model: 'm',
  };
  expect(decodeFacts(encodeFacts(other))).toEqual({ ...other, client: 'a b' });
});
