import { afterAll, beforeAll, expect, test } from 'vitest';
import { deadAccount } from './runs/dead-account.ts';
import { drain } from './runs/drain.ts';
import { frozenRedis } from './runs/frozen-redis.ts';
import { limits } from './runs/limits.ts';
import { playShort } from './short.ts';
import { Stage } from './stage.ts';

let stage: Stage;

beforeAll(async () => {
  // A small machine may let Redis wait for longer than the deadline that the long form keeps.
  const env = { DRAIN_TIMEOUT_MS: '20000', REDIS_COMMAND_TIMEOUT_MS: '450' };
  stage = await Stage.open({ gateways: 3, env });
}, 90_000);
afterAll(async () => {
  await stage.close();
});

test('a budget, a window and a concurrency with room for 20 of 150 parallel calls let exactly 20 through', async () => {
  const sizes = { gateways: 3, calls: 150, room: 20, answerMs: 1200 };
  expect(await playShort(limits, sizes, stage)).toEqual({ promises: 4, broken: [] });
}, 60_000);

test('one dead account of five: no client sees it, and it is left alone', async () => {
  const sizes = { gateways: 3, accounts: 5, perSecond: 50, seconds: 4 };
  expect(await playShort(deadAccount, sizes, stage)).toEqual({ promises: 3, broken: [] });
}, 60_000);

test('a frozen Redis: refusals are fast, streams go on, and every gateway is ready at once when it is back', async () => {
  // The deadline and a little more; the long form holds it to 300 ms.
  const sizes = { gateways: 3, streams: 20, freezeMs: 1500, refusals: 120, refusalMs: 600 };
  expect(await playShort(frozenRedis, sizes, stage)).toEqual({ promises: 3, broken: [] });
}, 60_000);

// The last one: it ends a gateway.
test('SIGTERM with 60 live streams cuts none of them', async () => {
  const sizes = { streams: 60, streamMs: 2000, drainMs: 20_000 };
  expect(await playShort(drain, sizes, stage)).toEqual({ promises: 3, broken: [] });
}, 60_000);
