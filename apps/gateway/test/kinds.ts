// For tests: an account of every kind, as an administrator would enter it, all served by the upstream simulator.
import { EXAMPLE_AWS_SECRET_KEY } from '@crs/upstream-simulator';
import type { TestGateway } from './gateway.ts';

export interface KindSample {
  readonly settings: (base: string) => Record<string, unknown>;
  readonly credential: Record<string, unknown>;
  /** One that the kind serves. */
  readonly model: string;
}

/** `sk-ant-oat…` is refused without the beta of logins, as at the vendor. */
export const kindSamples = {
  claude: {
    settings: () => ({}),
    credential: { accessToken: 'sk-ant-oat01-test' },
    model: 'claude-opus-5-5',
  },
  'claude-console': {
    settings: (base) => ({ baseUrl: base }),
    credential: { apiKey: 'sk-ant-api03-test' },
    model: 'claude-opus-5-5',
  },
  ccr: {
    settings: (base) => ({ baseUrl: `${base}/ccr` }),
    credential: { apiKey: 'cr_other_relay' },
    model: 'claude-opus-5-5',
  },
  bedrock: {
    settings: () => ({ region: 'eu-west-1' }),
    credential: {
      accessKeyId: 'AKIDEXAMPLE',
      secretAccessKey: EXAMPLE_AWS_SECRET_KEY,
      sessionToken: 'session',
    },
    model: 'claude-opus-5-5',
  },
  gemini: {
    settings: () => ({ projectId: 'ours-1' }),
    credential: { accessToken: 'ya29.test' },
    model: 'gemini-3.8-flash',
  },
  'gemini-api': {
    settings: () => ({}),
    credential: { apiKey: 'AIzaTest' },
    model: 'gemini-3.8-flash',
  },
  openai: { settings: () => ({}), credential: { apiKey: 'sk-test' }, model: 'gpt-6-luna' },
  'openai-responses': { settings: () => ({}), credential: { apiKey: 'sk-test' }, model: 'gpt-6-luna' },
  'azure-openai': {
    settings: (base) => ({ endpoint: base }),
    credential: { apiKey: 'azure-test' },
    model: 'gpt-6-luna',
  },
  codex: {
    settings: () => ({}),
    credential: { accessToken: 'login-test', accountId: 'account-1' },
    model: 'gpt-6.1-sol',
  },
} as const satisfies Record<string, KindSample>;

export type Kind = keyof typeof kindSamples;
export const kinds = Object.keys(kindSamples) as Kind[];

export interface BoundKey {
  readonly kind: Kind;
  readonly model: string;
  readonly accountId: string;
  /** Of a key that may use this account only. */
  readonly secret: string;
}

/** One account of the kind, open to every client, and a key bound to it. */
export async function addKind({ admin, simulator }: TestGateway, kind: Kind): Promise<BoundKey> {
  const { settings, credential, model }: KindSample = kindSamples[kind];
  const { id: accountId } = await admin.accounts.create({
    params: { kind },
    body: { name: `${kind} account`, settings: settings(simulator.url), credential, clients: [] },
  });
  const { secret } = await admin.keys.create({
    body: { name: `${kind} key`, binds: [{ kind, accountId }] },
  });
  return { kind, model, accountId, secret };
}
