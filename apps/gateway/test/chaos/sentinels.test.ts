import { expect, test } from 'vitest';
import { failover } from './runs/failover.ts';
import { playShort } from './short.ts';

test('the Sentinels promote the replica: traffic recovers without a restart, and the books agree', async () => {
  const sizes = { gateways: 2, perSecond: 30, seconds: 3 };
  expect(await playShort(failover, sizes)).toEqual({ promises: 2, broken: [] });
}, 90_000);
