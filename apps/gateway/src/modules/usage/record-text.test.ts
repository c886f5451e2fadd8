import { expect, test } from 'vitest';
import { readRecord, recordText } from './record-text.ts';
import { standardBasis } from './records.ts';
import { attemptRecord, requestRecord } from './records.fixture.ts';

const usage = { input: 1, cacheWrite5m: 2, cacheWrite1h: 3, cacheRead: 4, output: 5 };
const counters = ['key|b:week:1:0', 'user|w:minute:1:requests'];

test('an attempt comes back from its text as it was, whatever stands in it', () => {
  const record = attemptRecord({
    id: 'req_1.2',
    requestId: 'req_1',
    userId: 'user-1',
    accountName: 'quotes " and \n lines',
    servedModel: 'served',
    startedAtMs: 6,
    outcome: 'client_left',
    status: 529,
    reason: 'reason',
    upstreamRequestId: 'upstream',
    firstEventMs: 7,
    durationMs: 8,
    usage,
    webSearches: 9,
    usageSource: 'partial',
    costNanoUsd: 10,
    chargedNanoUsd: 11,
    counters,
    price: { packId: 'pack', row: null, isFallback: true, multipliers: ['batch'] },
    basis: {
      keyRate: 1.5,
      serviceRate: 0.5,
      serviceTier: 'priority',
      speed: 'fast',
      inferenceGeo: 'us',
      list: 'azure',
      isRegional: true,
    },
    original: {
      costNanoUsd: 12,
      chargedNanoUsd: 13,
      cacheSavingsNanoUsd: -14,
      price: { packId: 'older', row: 'openai/gpt', isFallback: false, multipliers: ['fast x2'] },
    },
  });
  const standard = attemptRecord({ basis: standardBasis(2, 3) });
  for (const one of [record, standard, attemptRecord()])
    expect(readRecord(recordText({ type: 'attempt', record: one }))).toEqual({
      type: 'attempt',
      record: one,
    });
});

test('an attempt of a version that did not write what its price came from is read as before', () => {
  const record = attemptRecord();
  const list = JSON.parse(recordText({ type: 'attempt', record })) as unknown[];
  expect(readRecord(JSON.stringify(list.slice(0, 32)))).toEqual({ type: 'attempt', record });
});

test('a request comes back from its text as it was, with its timeline and its decision', () => {
  const record = requestRecord({
    id: 'req_2',
    atMs: 1,
    keyName: '键',
    userId: 'user-1',
    servedModel: 'served',
    stream: false,
    status: 503,
    outcome: 'failed',
    errorCode: 'upstream_error',
    client: 'a\tb',
    usage,
    usageSource: 'estimated',
    costNanoUsd: 2,
    chargedNanoUsd: 3,
    counters,
    firstEventMs: null,
    durationMs: 4,
    timeline: [
      { event: 'sent', atMs: 0.1, detail: 'first' },
      { event: 'ended', atMs: 12.3, detail: null },
    ],
    attemptIds: ['req_2.1', 'req_2.2'],
    decision: {
      candidates: [
        { accountId: 'a', accountName: 'A', eligible: true, reason: 'chosen', score: 0.5 },
        { accountId: 'b', accountName: 'B', eligible: false, reason: 'full', score: null },
      ],
      chosen: 'a',
    },
  });
  for (const one of [record, requestRecord()])
    expect(readRecord(recordText({ type: 'request', record: one }))).toEqual({
      type: 'request',
      record: one,
    });
});

test('what is no record is told apart', () => {
  const text = recordText({ type: 'attempt', record: attemptRecord() });
  for (const other of [
    '',
    '{}',
    '[]',
    '["a2"]',
    '["a1","id"]',
    text.slice(0, -1),
    text.replace('"a1"', '"r1"'),
  ])
    expect(readRecord(other), other).toBeNull();
});
