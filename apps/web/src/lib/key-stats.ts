// Owns asking what a key tells whoever holds it. The secret travels in the body and is part of no cache's name.
import type { KeyStats } from '@crs/shared';
import { callOpenApi, isApiError } from './api';
import { setServerTime } from './server-clock';

export async function readKeyStats(
  secret: string,
  { brief = false, signal }: { brief?: boolean; signal?: AbortSignal } = {},
): Promise<KeyStats> {
  const stats = await callOpenApi((client) =>
    client.public.keyStats({ body: { apiKey: secret, brief } }, signal === undefined ? {} : { signal }),
  );
  setServerTime(stats.server.now);
  return stats;
}

/** Whether to ask again by itself: a wrong key is not, the gateway counts those; a lost connection comes back. */
export function mayAskAgain({ data, error }: { data: KeyStats | undefined; error: unknown }): boolean {
  const isRefused = isApiError(error) && error.status < 500;
  return data !== undefined && !isRefused;
}
