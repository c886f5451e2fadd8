import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { accountDocument } from '../../../test/account-document.ts';
import { type Kind, kinds, kindSamples, type KindSample } from '../../../test/kinds.ts';
import { providersAt } from '../../../test/providers.ts';
import { sendDirectly } from '../../../test/send-directly.ts';
import { SecretBox } from '../../platform/crypto/index.ts';
import { testConnection } from './connection-test.ts';
import type { LiveAccount } from './document.ts';
import { bringToLife } from './live.ts';

const secrets = new SecretBox('k'.repeat(32));
const clock = { now: () => Date.parse('2026-11-21T05:00:00Z') };

let simulator: Simulator;
beforeAll(async () => {
  simulator = await startSimulator();
});
afterAll(() => simulator.close());
beforeEach(() => simulator.reset());

function accountOf(kind: Kind): LiveAccount {
  const provider = providersAt(simulator.url).get(kind);
  if (provider === undefined) throw new Error(`no kind ${kind}`);
  const { settings, credential }: KindSample = kindSamples[kind];
  const document = accountDocument({
    kind,
    settings: settings(simulator.url),
    credentialSealed: secrets.seal(JSON.stringify(credential)),
  });
  return bringToLife(document, provider, secrets);
}

test.each(kinds)('an account of the kind %s is tested by what its model replies', async (kind) => {
  const { result, failure } = await testConnection(accountOf(kind), null, sendDirectly, clock);
  expect(result).toMatchObject({ ok: true, status: 200, reply: 'OK' });
  expect(failure).toBeNull();
});

test.each(kinds)('a refused credential of the kind %s is what the test says', async (kind) => {
  simulator.enqueue({ status: 401 });
  const { result, failure } = await testConnection(accountOf(kind), null, sendDirectly, clock);
  expect(result).toMatchObject({ ok: false, status: 401, error: { code: 'credential_rejected' } });
  expect(failure?.accountState).toBe('needs-login');
});

test.each([
  ['rate_limit_exceeded', 'rate_limited'],
  // The bare event `error`.
  ['error', 'server_error'],
])('an error %s inside a stream is no reply', async (errorType, code) => {
  simulator.enqueue({ errorEvent: 1, errorType });
  const { result } = await testConnection(accountOf('codex'), null, sendDirectly, clock);
  expect(result).toMatchObject({ ok: false, error: { code } });
});

test('a stream that breaks off is no reply', async () => {
  simulator.enqueue({ cleanEnd: 3 });
  const { result } = await testConnection(accountOf('codex'), null, sendDirectly, clock);
  expect(result).toMatchObject({ ok: false, error: { code: 'not_an_answer' } });
});
