// When to come back, for vendors that say it in the body.

/** Seconds from a number or an HTTP date; `fallback` if there is neither. */
export function retrySeconds(retryAfter: number | string | undefined, fallback: number): number {
  if (retryAfter === undefined) return fallback;
  const seconds = Number(retryAfter);
  if (Number.isFinite(seconds)) return seconds;
  const dateMs = Date.parse(String(retryAfter));
  return Number.isNaN(dateMs) ? fallback : Math.max(0, Math.ceil((dateMs - Date.now()) / 1000));
}
