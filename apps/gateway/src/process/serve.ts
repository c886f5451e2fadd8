// Owns one serving process: start, the signals that end it, and the errors nobody caught.
import cluster from 'node:cluster';
import type { Config } from '../config/index.ts';
import { printError } from './print.ts';
import { STOP_MESSAGE } from './stop-message.ts';

export interface Gateway {
  readonly services: { readonly log: { readonly app: { fatal(detail: object, message: string): void } } };
  /** Resolves with the address. */
  listen(): Promise<string>;
  /** Lets running requests finish, for `drainTimeoutMs` at most, and writes what is not written yet. */
  close(): Promise<void>;
}

/** What `close` may need beyond the drain. */
const LAST_WRITES_MS = 5000;

/** Runs until a signal or an uncaught error; ends the process itself. */
export async function serve(
  config: Config,
  build: (config: Config) => Promise<Gateway>,
  exit: (code: number) => void = (code) => process.exit(code),
): Promise<void> {
  let gateway: Gateway | undefined;
  let isEnding = false;
  const end = (code: number): void => {
    // Told twice: whoever is there does not want to wait.
    if (isEnding) return exit(code === 0 ? 130 : code);
    isEnding = true;
    const impatience = setTimeout(() => exit(1), config.drainTimeoutMs + LAST_WRITES_MS);
    impatience.unref();
    close(gateway).then(
      () => exit(code),
      (error: unknown) => {
        printError(error);
        exit(1);
      },
    );
  };
  const crash = (error: unknown, origin: string): void => {
    // Told to the operator first: the log may be what is broken.
    printError(error);
    try {
      gateway?.services.log.app.fatal({ err: error }, origin);
    } catch (logError) {
      printError(logError);
    }
    end(1);
  };
  process.on('uncaughtException', (error) => crash(error, 'uncaught exception'));
  process.on('unhandledRejection', (error) => crash(error, 'unhandled rejection'));
  onStop(() => end(0));

  try {
    const built = await build(config);
    if (isEnding) return await close(built);
    gateway = built;
    await built.listen();
    if (cluster.isWorker) process.send?.({ type: 'listening' });
  } catch (error) {
    printError(isPortTaken(error) ? portTaken(config) : error);
    end(1);
  }
}

async function close(gateway: Gateway | undefined): Promise<void> {
  await gateway?.close();
}

/** A worker obeys its primary only: a signal to the whole process group must not count twice. */
function onStop(stop: () => void): void {
  if (cluster.isWorker) {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, () => {});
    process.on('message', (message) => {
      if (message === STOP_MESSAGE) stop();
    });
    process.on('disconnect', stop);
    return;
  }
  for (const signal of ['SIGTERM', 'SIGINT'] as const) process.on(signal, stop);
}

function isPortTaken(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'EADDRINUSE';
}

function portTaken({ port }: Config): string {
  return `Port ${port} is taken. Choose another: PORT=${port + 1}`;
}
