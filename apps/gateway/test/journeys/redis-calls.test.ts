// What a relayed request asks of Redis, counted by Redis itself: one awaited call before the upstream, the books in
// batches behind it, and never a command that walks through all keys.
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addAccount, addKey, message, send } from '../relay-client.ts';

const REQUESTS = 200;
const AT_ONCE = 8;
/** One after the other. */
const ALONE = 20;

let gateway: TestGateway;

beforeAll(async () => {
  gateway = await startTestGateway();
});
afterAll(async () => {
  await gateway.close();
});

/** Command -> calls since the statistics were reset, as Redis counts them; those that scripts make are among them. */
async function callsByCommand(): Promise<Map<string, number>> {
  const stats = await gateway.gateway.services.redis.background.info('commandstats');
  return new Map(
    [...stats.matchAll(/^cmdstat_([^:]+):calls=(\d+)/gmu)].map(([, name = '', calls]) => [
      name,
      Number(calls),
    ]),
  );
}

async function relayAll(secret: string, count: number, atOnce: number): Promise<void> {
  for (let sent = 0; sent < count; sent += atOnce) {
    const answers = await Promise.all(
      Array.from({ length: atOnce }, () => send(gateway.url, secret, { body: message('hi') })),
    );
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: atOnce }, () => 200));
  }
}

test('a request waits for one script call; its books are written in batches, and no command walks through keys', async () => {
  await addAccount(gateway);
  const { secret } = await addKey(gateway, { concurrency: 50 });
  const { redis, journal } = gateway.gateway.services;
  // The first request loads scripts and reads the key; the count begins when all of that is done.
  await send(gateway.url, secret, { body: message('hi') });
  await gateway.settled();

  const awaited: string[] = [];
  const sendCommand = redis.commands.sendCommand.bind(redis.commands);
  redis.commands.sendCommand = (command, stream) => {
    // A pipeline is a wrapper around the commands that follow it; places are given back and nobody waits for it.
    if (!['ping', 'pipeline', 'zrem'].includes(command.name)) awaited.push(command.name);
    return sendCommand(command, stream);
  };
  await relayAll(secret, ALONE, 1);
  expect(awaited).toEqual(Array.from({ length: ALONE }, () => 'evalsha'));
  expect(await journal.drain(5000)).toBe(true);

  awaited.length = 0;
  await redis.background.config('RESETSTAT');
  await relayAll(secret, REQUESTS, AT_ONCE);
  expect(await journal.drain(5000)).toBe(true);
  const calls = await callsByCommand();
  redis.commands.sendCommand = sendCommand;

  const told = `per request: ${[...calls].map(([name, count]) => `${name} ${count / REQUESTS}`).join(', ')}`;
  // Requests that come together share their admission.
  expect(new Set(awaited), told).toEqual(new Set(['evalsha']));
  expect(awaited.length, told).toBeGreaterThanOrEqual(REQUESTS / AT_ONCE);
  expect(awaited.length, told).toBeLessThanOrEqual(REQUESTS);
  // Beside them the books, of several requests in one call each for ledger and limits.
  expect(calls.get('evalsha') ?? 0, told).toBeLessThan(awaited.length + REQUESTS / 2);
  expect(calls.get('eval') ?? 0, told).toBe(0);
  for (const walking of ['keys', 'scan', 'hscan', 'sscan', 'zscan', 'flushdb', 'flushall']) {
    expect(calls.get(walking) ?? 0, told).toBe(0);
  }
  const all = [...calls.values()].reduce((sum, count) => sum + count, 0);
  expect(all / REQUESTS, told).toBeLessThan(15);
});
