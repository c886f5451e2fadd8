import { expect, test } from 'vitest';
import { parseHealth } from './health';

test('a health document is read with its parts', () => {
  const health = parseHealth({
    status: 'unhealthy',
    version: '2.0.0',
    uptime: 12.5,
    components: { redis: { status: 'unhealthy' }, ledger: { status: 'healthy', latencyMs: 0.4 } },
  });
  expect(health).toEqual({
    status: 'unhealthy',
    version: '2.0.0',
    uptimeSeconds: 12.5,
    components: [
      { name: 'redis', healthy: false, latencyMs: null },
      { name: 'ledger', healthy: true, latencyMs: 0.4 },
    ],
  });
});

test('anything else is a failure, not good health', () => {
  for (const value of [null, 'ok', {}, { status: 'fine' }]) {
    expect(() => parseHealth(value)).toThrow(TypeError);
  }
});
