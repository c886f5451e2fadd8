// What handlers of the admin API are given besides their input: who asks, and where audit entries go.
import type { UsageSummary } from '../src/modules/usage/index.ts';
import type { AdminContext } from '../src/entry/handlers.ts';

export interface AuditNote {
  readonly action: string;
  readonly target: unknown;
  readonly before: unknown;
  readonly after: unknown;
}

/** An administrator named root; `audited` collects what was noted. */
export function adminContext(): { context: AdminContext; audited: AuditNote[] } {
  const audited: AuditNote[] = [];
  const context: AdminContext = {
    user: { id: 'u1', username: 'root', role: 'admin', mustChangePassword: false },
    session: { id: 's1', expiresAtMs: Number.MAX_SAFE_INTEGER, endsAtMs: Number.MAX_SAFE_INTEGER },
    requestId: 'req_1',
    ip: '127.0.0.1',
    setSessionCookie: () => undefined,
    audit: (action, target, before, after) => void audited.push({ action, target, before, after }),
  };
  return { context, audited };
}

/** Figures that tell rows apart by their total of requests. */
export function usageOf(requests: number): UsageSummary {
  const none = {
    requests: 0,
    attempts: 0,
    errors: 0,
    input: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: 0,
    costNanoUsd: 0,
    chargedNanoUsd: 0,
  };
  return { today: none, total: { ...none, requests } };
}
