// Owns what a process says on stderr where no log is open, or not any more.
import { ConfigError } from '../config/index.ts';

/** Settings and texts in words, everything else with its stack. */
export function printError(error: unknown): void {
  process.stderr.write(`${textOf(error)}\n`);
}

function textOf(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
