import { expect, test } from 'vitest';
import { expiryUrgency, statusWhen } from './key-state';

const now = Date.parse('2026-07-10T12:00:00Z');
const plain = { expiration: null, expiresAt: null, activatedAt: null };

test('a disabled key is disabled whatever else it is', () => {
  expect(statusWhen(false, { ...plain, expiresAt: '2026-07-01T00:00:00Z' }, now)).toBe('disabled');
});

test('an enabled key shows what the gateway will say of it', () => {
  const afterFirstUse = { expiration: { afterFirstUse: { days: 30 } }, expiresAt: null, activatedAt: null };
  expect(statusWhen(true, plain, now)).toBe('active');
  expect(statusWhen(true, { ...plain, expiresAt: '2026-07-10T12:00:00Z' }, now)).toBe('expired');
  expect(statusWhen(true, { ...plain, expiresAt: '2026-07-10T12:00:01Z' }, now)).toBe('active');
  expect(statusWhen(true, afterFirstUse, now)).toBe('not-activated');
  expect(statusWhen(true, { ...afterFirstUse, activatedAt: '2026-07-09T00:00:00Z' }, now)).toBe('active');
});

test('an end within a week is near', () => {
  expect(expiryUrgency('2026-07-10T11:59:59Z', now)).toBe('over');
  expect(expiryUrgency('2026-07-17T12:00:00Z', now)).toBe('soon');
  expect(expiryUrgency('2026-07-17T12:00:01Z', now)).toBe('far');
});
