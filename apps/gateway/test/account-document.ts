// An account as it is stored, for tests that need one without a store.
import { type AccountDocument, accountDefaults } from '../src/modules/accounts/document.ts';

export function accountDocument(fields: Partial<AccountDocument>): AccountDocument {
  return {
    ...accountDefaults,
    clients: [],
    id: 'account-1',
    name: 'first',
    kind: 'claude-console',
    settings: { baseUrl: 'https://upstream.example', auth: 'x-api-key' },
    credentialSealed: '',
    credentialAt: null,
    createdAt: '2026-03-01T12:00:00.000Z',
    updatedAt: '2026-03-01T12:00:00.000Z',
    version: 1,
    proxyPasswordSealed: null,
    isDiscovered: true,
    editVersion: 1,
    ...fields,
  };
}
