// Owns the server's time in the browser: countdowns tick by it, not by a clock that may be wrong.

let offsetMs = 0;

/** Takes the server's time from an answer that just arrived. */
export function setServerTime(now: string): void {
  const serverMs = Date.parse(now);
  if (Number.isFinite(serverMs)) offsetMs = serverMs - Date.now();
}

/** Milliseconds since the epoch by the server's clock. */
export function serverNow(): number {
  return Date.now() + offsetMs;
}
