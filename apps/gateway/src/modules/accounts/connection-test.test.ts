import { type Simulator, startSimulator } from '@crs/upstream-simulator';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import { accountDocument } from '../../../test/account-document.ts';
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

/** What an operator would give, with everything at the simulator. */
const accounts: Readonly<Record<string, { settings?: (url: string) => object; credential: object }>> = {
  claude: { credential: { accessToken: 'sk-ant-oat01-test' } },
  'claude-console': { credential: { apiKey: 'sk-ant-api03-test' } },
  gemini: { credential: { accessToken: 'ya29.test' }, settings: () => ({ projectId: 'p-1' }) },
  'gemini-api': { credential: { apiKey: 'AIza-test' } },
  openai: { credential: { apiKey: 'sk-1' } },
  'openai-responses': { credential: { apiKey: 'sk-1' } },
  'azure-openai': { credential: { apiKey: 'azure-1' }, settings: (endpoint) => ({ endpoint }) },
};

function accountOf(kind: string): LiveAccount {
  const provider = providersAt(simulator.url).get(kind);
  const given = accounts[kind];
  if (provider === undefined || given === undefined) throw new Error(`no kind ${kind}`);
  const document = accountDocument({
    kind,
    settings: { ...given.settings?.(simulator.url) },
    credentialSealed: secrets.seal(JSON.stringify(given.credential)),
  });
  return bringToLife(document, provider, secrets);
}

test.each(Object.keys(accounts))(
  'an account of the kind %s is tested by what its model replies',
  async (kind) => {
    const { result, failure } = await testConnection(accountOf(kind), null, sendDirectly, clock);
    expect(result).toMatchObject({ ok: true, status: 200, reply: 'OK' });
    expect(failure).toBeNull();
  },
);

test.each(Object.keys(accounts))(
  'a refused credential of the kind %s is what the test says',
  async (kind) => {
    simulator.enqueue({ status: 401 });
    const { result, failure } = await testConnection(accountOf(kind), null, sendDirectly, clock);
    expect(result).toMatchObject({ ok: false, status: 401, error: { code: 'credential_rejected' } });
    expect(failure?.accountState).toBe('needs-login');
  },
);
