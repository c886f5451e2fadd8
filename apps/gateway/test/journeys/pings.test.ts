import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.ts';
import { addKind, type BoundKey } from '../kinds.ts';
import { message, send } from '../relay-client.ts';

let gateway: TestGateway;
let gemini: BoundKey;
let claude: BoundKey;

beforeAll(async () => {
  gateway = await startTestGateway({ pingEveryMs: 40, env: { IDLE_TIMEOUT_MS: '400' } });
  gemini = await addKind(gateway, 'gemini-api');
  claude = await addKind(gateway, 'claude-console');
});
afterAll(async () => {
  await gateway.close();
});

const ask = ({ secret, model }: BoundKey) =>
  send(gateway.url, secret, {
    body: message('[[deltas:4]] [[tokens:40]] [[fault:stall=2]]', { model, stream: true }),
  });

test('a converted stream whose upstream falls silent says that it goes on, until its time is over', async () => {
  const text = (await ask(gemini)).body.toString();
  const pings = text.split('event: ping').length - 1;
  expect(pings).toBeGreaterThanOrEqual(3);
  // Its silence counts all the same: a ping is nothing that the upstream said.
  expect(text.trimEnd().split('event: ').at(-1)).toMatch(/^error\ndata: .*upstream_timeout/);
});

test('a native stream has only what the upstream said', async () => {
  const recorded = (await ask(claude)).body.toString();
  expect(recorded.split('event: ping').length - 1).toBeLessThanOrEqual(1);
});
