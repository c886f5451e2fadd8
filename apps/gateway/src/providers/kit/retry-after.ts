// Owns reading how long an upstream asks to wait.

/** Milliseconds from `retry-after-ms` or `retry-after` (seconds or an HTTP date); null where neither says. */
export function retryAfterMs(headers: Readonly<Record<string, string>>, nowMs: number): number | null {
  const exact = decimal(headers['retry-after-ms']);
  if (exact !== null) return Math.ceil(exact);
  const text = headers['retry-after'];
  const seconds = decimal(text);
  if (seconds !== null) return Math.ceil(seconds * 1000);
  const at = Date.parse(text ?? '');
  return Number.isNaN(at) ? null : Math.max(0, at - nowMs);
}

function decimal(text: string | undefined): number | null {
  return text !== undefined && /^\s*\d{1,12}(?:\.\d+)?\s*$/.test(text) ? Number(text) : null;
}
