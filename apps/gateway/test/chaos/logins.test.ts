import { expect, test } from 'vitest';
import { logins } from './runs/logins.ts';
import { playShort } from './short.ts';

test('tokens that end at two gateways are renewed once each; one that is killed or ends in the middle of it loses no login', async () => {
  const sizes = {
    gateways: 2,
    accounts: 6,
    rounds: 8,
    kills: 1,
    terms: 1,
    graceSeconds: 60,
    lockMs: 1500,
    shortLived: 4,
    lifeSeconds: 2,
    seconds: 3,
  };
  expect(await playShort(logins, sizes)).toEqual({ promises: 6, broken: [] });
}, 60_000);
