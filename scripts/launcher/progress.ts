// What the commands say on the terminal: one plain line per step, with the seconds since the command began.

const givenStart = Number(process.env['COMMAND_STARTED_AT']);
const startedAtMs = givenStart > 0 ? givenStart * 1000 : Date.now();
delete process.env['COMMAND_STARTED_AT'];
delete process.env['STOPPED_EXIT_CODE'];

// A terminal that went away must not end the orderly stop.
for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);

export function elapsedSeconds(): number {
  return Math.max(0, Math.round((Date.now() - startedAtMs) / 1000));
}

export function say(text: string): void {
  process.stdout.write(`[${String(elapsedSeconds()).padStart(3)} s] ${text}\n`);
}

export function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

export function printError(text: string): void {
  process.stderr.write(`${text}\n`);
}

/** Names the step, then says every 10 s that it still works, so that nobody takes a long step for a hang. */
export async function duringStep<T>(label: string, work: Promise<T>): Promise<T> {
  say(label);
  const reminder = setInterval(() => say(`  … still at it: ${label}`), 10_000);
  try {
    return await work;
  } finally {
    clearInterval(reminder);
  }
}

/** A failure the operator can mend: shown as its message alone, without a stack. */
export class LaunchError extends Error {
  override readonly name = 'LaunchError';
}
