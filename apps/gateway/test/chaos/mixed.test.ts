import { expect, test } from 'vitest';
import { mixed } from './runs/mixed.ts';
import { playShort } from './short.ts';

test('faults, departures, killed and restarted gateways and a frozen Redis: every upstream attempt has its one row, counters equal the ledger, nothing stays held', async () => {
  const sizes = {
    calls: 250,
    gateways: 2,
    workers: 16,
    keysOfWorker: 6,
    accounts: 10,
    kills: 2,
    terms: 1,
    freezeMs: 700,
    sentinels: 0,
    stale: 0,
    leaseMs: 1500,
    graceMs: 1500,
  };
  expect(await playShort(mixed, sizes)).toEqual({ promises: 7, broken: [] });
}, 90_000);
