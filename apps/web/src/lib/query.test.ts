import { ApiError } from '@crs/shared';
import { expect, test, vi } from 'vitest';
import { createQueryClient, shouldRetry } from './query';

function refusal(status: number, code: string): ApiError {
  return new ApiError({ type: 'about:blank', title: '', status, code, detail: '', requestId: 'r1' });
}

test('what the gateway refuses is not tried again; what may pass by itself is, twice', () => {
  expect(shouldRetry(0, refusal(404, 'not_found'))).toBe(false);
  expect(shouldRetry(0, refusal(429, 'too_many_attempts'))).toBe(false);
  expect(shouldRetry(1, refusal(503, 'redis_unavailable'))).toBe(true);
  expect(shouldRetry(1, new TypeError('no connection'))).toBe(true);
  expect(shouldRetry(2, refusal(503, 'redis_unavailable'))).toBe(false);
});

test('a demanded password change and an outage are told, other refusals are not', async () => {
  const onPasswordChangeRequired = vi.fn<() => void>();
  const onOutage = vi.fn<() => void>();
  const client = createQueryClient({ onPasswordChangeRequired, onOutage });
  const fail = (key: string, error: Error) =>
    client
      .fetchQuery({ queryKey: [key], queryFn: () => Promise.reject(error), retry: false })
      .catch(() => {});
  await fail('a', refusal(401, 'not_signed_in'));
  await fail('b', refusal(403, 'password_change_required'));
  await fail('c', refusal(401, 'wrong_credentials'));
  await fail('d', refusal(403, 'forbidden'));
  expect(onPasswordChangeRequired).toHaveBeenCalledTimes(1);
  expect(onOutage).not.toHaveBeenCalled();
  await fail('e', refusal(503, 'redis_unavailable'));
  await fail('f', new TypeError('no connection'));
  expect(onOutage).toHaveBeenCalledTimes(2);
});
