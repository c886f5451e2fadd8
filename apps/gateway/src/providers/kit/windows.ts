// Owns reading an account's own quota out of Anthropic's headers.
import type { AccountWindow } from '../provider.ts';

type Headers = Readonly<Record<string, string>>;

const UNIFIED = /^anthropic-ratelimit-unified-(.+)-(status|utilization|reset)$/;
const PER_KEY = /^anthropic-ratelimit-((?:priority-)?(?:requests|tokens|input-tokens|output-tokens))-limit$/;

interface UnifiedWindow extends AccountWindow {
  readonly isRejected: boolean;
}

/** Subscription windows (`5h`, `7d`, and whatever others the vendor names). */
export function unifiedWindows(headers: Headers): AccountWindow[] {
  return readUnified(headers)
    .filter(({ utilization, resetsAtMs }) => utilization !== null || resetsAtMs !== null)
    .map(({ name, utilization, resetsAtMs }) => ({ name, utilization, resetsAtMs }));
}

/** Windows of an API key: requests and tokens a minute. */
export function keyWindows(headers: Headers): AccountWindow[] {
  const windows: AccountWindow[] = [];
  for (const [header, value] of Object.entries(headers)) {
    const name = PER_KEY.exec(header)?.[1];
    if (name === undefined) continue;
    const limit = number(value);
    const remaining = number(headers[`anthropic-ratelimit-${name}-remaining`]);
    const resetsAtMs = Date.parse(headers[`anthropic-ratelimit-${name}-reset`] ?? '');
    windows.push({
      name,
      utilization: limit === null || limit <= 0 || remaining === null ? null : 1 - remaining / limit,
      resetsAtMs: Number.isNaN(resetsAtMs) ? null : resetsAtMs,
    });
  }
  return windows;
}

/** When the windows that refused are open again, the latest of them: all must be open. Null where none says. */
export function unifiedResetMs(headers: Headers): number | null {
  const rejected = readUnified(headers).filter(({ name, isRejected }) => isRejected && name !== 'overage');
  const resets = rejected.flatMap(({ resetsAtMs }) => (resetsAtMs === null ? [] : [resetsAtMs]));
  if (resets.length > 0) return Math.max(...resets);
  return epochMs(
    headers['anthropic-ratelimit-unified-reset'] ?? headers['anthropic-ratelimit-unified-overage-reset'],
  );
}

/** Whether the window that refused counts that model family alone (`seven_day_opus`). */
export function isClaimOnFamily(headers: Headers, family: string): boolean {
  const claim = headers['anthropic-ratelimit-unified-representative-claim'];
  return claim !== undefined && family !== '' && claim.endsWith(`_${family}`);
}

function readUnified(headers: Headers): UnifiedWindow[] {
  const names = new Set<string>();
  for (const header of Object.keys(headers)) {
    const name = UNIFIED.exec(header)?.[1];
    if (name !== undefined) names.add(name);
  }
  return [...names].map((name) => {
    const prefix = `anthropic-ratelimit-unified-${name}`;
    return {
      name,
      utilization: number(headers[`${prefix}-utilization`]),
      resetsAtMs: epochMs(headers[`${prefix}-reset`]),
      isRejected: headers[`${prefix}-status`] === 'rejected',
    };
  });
}

function number(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}

/** Epoch seconds to milliseconds. */
function epochMs(text: string | undefined): number | null {
  const seconds = number(text);
  return seconds === null || seconds <= 0 ? null : seconds * 1000;
}
