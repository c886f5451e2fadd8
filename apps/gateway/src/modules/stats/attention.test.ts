import { expect, test } from 'vitest';
import { attentionList } from './attention.ts';

const NOW_MS = Date.parse('2026-03-01T12:00:00.000Z');
const account = (name: string, fields: object) => ({
  id: name,
  kind: 'claude-console',
  name,
  enabled: true,
  status: 'ready' as const,
  reason: null,
  untilMs: null,
  ...fields,
});

test('accounts that nobody needs to look after are left out: well, switched off, paused', () => {
  const accounts = [
    account('well', {}),
    account('switched off', { status: 'disabled', enabled: false }),
    account('paused', { status: 'disabled', untilMs: NOW_MS + 1 }),
    account('expired', { status: 'disabled' }),
    account('refused', { status: 'needs-login' }),
  ];
  const keys = { total: 0, active: 0, expiring: [] };
  expect(attentionList(accounts, [], keys, [], NOW_MS).map(({ name }) => name)).toEqual([
    'refused',
    'expired',
  ]);
});
