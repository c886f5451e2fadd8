// Owns asking what a key tells whoever holds it. The secret travels in the body and is part of no cache's name.
import type { KeyStats } from '@crs/shared';
import { callApi } from './api';
import { setServerTime } from './server-clock';

export async function readKeyStats(
  secret: string,
  { brief = false, signal }: { brief?: boolean; signal?: AbortSignal } = {},
): Promise<KeyStats> {
  const stats = await callApi((client) =>
    client.public.keyStats({ body: { apiKey: secret, brief } }, signal === undefined ? {} : { signal }),
  );
  setServerTime(stats.server.now);
  return stats;
}
