// Turns the ways in which a start can be told to end into one promise.
import process from 'node:process';

/** npm passes on the Ctrl-C that the terminal sent to the whole group already: within this time both are one. */
const SAME_PRESS_MS = 1000;

/** Noted by the shell that became this process: npm may have gone while that fetched things. */
const parent = Number(process.env['COMMAND_PARENT']) || process.ppid;
delete process.env['COMMAND_PARENT'];

export interface StopRequest {
  /** Resolves with the reason on the first request. */
  requested: Promise<string>;
  /** Aborted with it, for helper commands under way. */
  signal: AbortSignal;
  /** Aborted by a second request: the operator does not want to wait. */
  forced: AbortSignal;
}

export function listenForStop(): StopRequest {
  const first = new AbortController();
  const second = new AbortController();
  let firstAtMs = 0;
  const requested = new Promise<string>((resolve) => {
    const onRequest = (reason: string): void => {
      if (!first.signal.aborted) {
        firstAtMs = Date.now();
        first.abort();
        resolve(reason);
      } else if (Date.now() - firstAtMs > SAME_PRESS_MS) {
        second.abort();
      }
    };
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
      process.on(signal, () => onRequest(signal));
    watchParent(() => {
      if (!first.signal.aborted) onRequest('npm is gone');
    });
  });
  return { requested, signal: first.signal, forced: second.signal };
}

/** npm killed outright sends no signal; started by hand (nohup, a service) a change of parent means nothing. */
function watchParent(onGone: () => void): void {
  if (process.env['npm_lifecycle_event'] !== 'start') return;
  setInterval(() => {
    if (process.ppid !== parent) onGone();
  }, 1000).unref();
}
