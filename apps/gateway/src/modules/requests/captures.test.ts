// Kept bodies within their bounds, against a real Redis.
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { randomBytes } from 'node:crypto';
import { startTestRedis, type TestRedis } from '../../../test/redis.ts';
import { redisConfig } from '../../../test/redis-config.ts';
import { openRedis, type RedisConnections } from '../../platform/redis/index.ts';
import { type CaptureRules, captureRulesOf, redactBody } from './capture-rules.ts';
import { builtInCaptureRules, testRequests } from './requests.fixture.ts';

let server: TestRedis;
let redis: RedisConnections;
let nowMs = Date.UTC(2026, 2, 10);
let rules: CaptureRules = builtInCaptureRules;

beforeAll(async () => {
  server = await startTestRedis();
  redis = openRedis(redisConfig(server));
});
afterAll(async () => {
  await redis.close();
  await server.stop();
});
beforeEach(async () => {
  rules = builtInCaptureRules;
  await server.flush();
});

const both = { request: true, response: true };

function opened() {
  return testRequests(redis, { now: () => nowMs }, { captureRules: () => rules });
}

async function keep(id: string, request: Buffer | string, answer: readonly (Buffer | string)[] = []) {
  const services = opened();
  const capture = services.captures.begin({ id, keyId: 'key-1', capture: both }, Buffer.from(request));
  for (const piece of answer) capture?.response?.(Buffer.from(piece));
  capture?.end();
  capture?.end();
  await services.captures.idle(5000);
  expect(services.problems).toEqual([]);
  return services.captures;
}

describe('bounds', () => {
  test('a body is cut at its size, and says so', async () => {
    rules = { ...rules, maxBodyBytes: 100 };
    const captures = await keep('req_1', 'a'.repeat(1000), ['b'.repeat(60), 'c'.repeat(60), 'd'.repeat(60)]);
    const { request, response } = await captures.read('req_1');
    expect(request).toEqual({ bytes: 1000, text: 'a'.repeat(100), isCut: true });
    expect(response).toEqual({ bytes: 180, text: 'b'.repeat(60) + 'c'.repeat(40), isCut: true });
  });

  test('all together stay below their size: the oldest go', async () => {
    rules = { ...rules, maxTotalBytes: 10_000 };
    let captures = await keep('req_0', 'first');
    for (let number = 1; number <= 12; number += 1) {
      nowMs += 1000;
      captures = await keep(`req_${number}`, randomBytes(750).toString('hex'));
    }
    const total = Number(await redis.background.hget(redis.keyspace.bodySizes, 'total'));
    expect(total).toBeLessThanOrEqual(10_000);
    expect(total).toBeGreaterThan(8000);
    expect(await captures.expiresAtMs('req_0')).toBeNull();
    expect(await captures.expiresAtMs('req_12')).not.toBeNull();
    const sizes = await redis.background.hgetall(redis.keyspace.bodySizes);
    expect(Object.keys(sizes).length - 1).toBe(await redis.background.zcard(redis.keyspace.bodiesByTime));
  });

  test('one that has no room at all is not kept, and takes no other with it', async () => {
    const small = await keep('req_1', 'small');
    rules = { ...rules, maxTotalBytes: 400 };
    await keep('req_2', randomBytes(2000).toString('hex'));
    expect(await small.expiresAtMs('req_1')).not.toBeNull();
    expect(await small.expiresAtMs('req_2')).toBeNull();
  });

  test('the books forget what has run out', async () => {
    await keep('req_1', 'old');
    nowMs += 25 * 3_600_000;
    await redis.background.del(redis.keyspace.bodies('req_1'));
    await keep('req_2', 'new');
    expect(await redis.background.zrange(redis.keyspace.bodiesByTime, '0', '-1')).toEqual(['req_2']);
  });

  test('the switch of all keeps nothing of any key', async () => {
    rules = { ...rules, enabled: false };
    expect(opened().captures.begin({ id: 'req_1', keyId: 'k', capture: both }, Buffer.from('x'))).toBeNull();
  });

  test('more than may be held at once is not held', async () => {
    rules = { ...rules, maxBodyBytes: 64 * 1024 * 1024, maxTotalBytes: 1024 * 1024 * 1024 };
    const captures = await keep('req_1', Buffer.alloc(20 * 1024 * 1024, 'a'), [
      Buffer.alloc(20 * 1024 * 1024, 'b'),
      'tail',
    ]);
    const { response } = await captures.read('req_1');
    expect(response).toMatchObject({ bytes: 20 * 1024 * 1024 + 4, isCut: true, text: '' });
  });
});

describe('redaction', () => {
  test.each([
    ['{"password":"a\\"b","x":1}', '{"password":"[redacted]","x":1}'],
    ['{"text":"{\\"api_key\\": \\"abc\\"}"}', '{"text":"{\\"api_key\\": \\"[redacted]\\"}"}'],
    ['OPENAI_API_KEY=abcdef123 ls', 'OPENAI_API_KEY=[redacted] ls'],
    ['-----BEGIN RSA PRIVATE KEY-----\\nMIIE', '[redacted]'],
    ['authorization: Bearer abcdefghijkl', 'authorization: Bearer [redacted]'],
    ['ghp_abcdefghijklmnopqrst and words', '[redacted] and words'],
    ['{"tokens": 12, "secretary": "Ann"}', '{"tokens": 12, "secretary": "Ann"}'],
  ])('%s', (text, expected) => {
    expect(redactBody(text, [])).toBe(expected);
  });

  test('patterns are plain text with *, whatever else stands in them', () => {
    expect(redactBody('order ACME-12345 (a+b)', ['acme-*5', '(a+b)'])).toBe('order [redacted] [redacted]');
    expect(redactBody('nothing', ['', '*', '**'])).toBe('nothing');
    expect(redactBody('id 17 x, id\n17', ['id*17'])).toBe('[redacted] x, id\n17');
    expect(redactBody(`İ FROM ${'x'.repeat(250)} to`, ['from*to', 'İ'])).toBe(
      `[redacted] FROM ${'x'.repeat(250)} to`,
    );
  });

  test('no text makes a pattern slow', () => {
    const startedAt = performance.now();
    redactBody('a'.repeat(300_000), ['a*a*b', `${'a*'.repeat(8)}b`]);
    expect(performance.now() - startedAt).toBeLessThan(10_000);
  });
});

test('the settings say what holds, a pattern a line', () => {
  expect(
    captureRulesOf({
      bodies: 'off',
      retentionHours: 3,
      maximumBodyKilobytes: 2,
      maximumTotalMegabytes: 1,
      redactPatterns: ' ACME-* \n\nproject blue\n',
    }),
  ).toEqual({
    enabled: false,
    retentionHours: 3,
    maxBodyBytes: 2048,
    maxTotalBytes: 1_048_576,
    redactPatterns: ['ACME-*', 'project blue'],
  });
});
