// `npm start`: the whole start and stop on one screen. Everything it starts is stopped again before it ends.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from './build.ts';
import { Demo } from './demo/demo.ts';
import { DEMO_DIR_PREFIX } from './demo/directory.ts';
import { type Gateway, startGateway, untilReady } from './gateway.ts';
import { LogFollower } from './log-follower.ts';
import { requireFreePort } from './port.ts';
import { LaunchError, print, printError, say } from './progress.ts';
import { findRedisServer } from './redis-binary.ts';
import { RedisSupervisor } from './redis-supervisor.ts';
import { RunFile } from './run-file.ts';
import { type Environment, type LaunchSettings, readSettings } from './settings.ts';
import { listenForStop, type StopRequest } from './shutdown.ts';
import { Stack } from './stack.ts';
import { printWelcome } from './welcome.ts';

/** What the gateway may need beyond its drain, to write the last rows. */
const AFTER_DRAIN_MS = 2000;

async function main(): Promise<number> {
  const root = resolve(import.meta.dirname, '../..');
  const settings = readSettings(root, process.argv.slice(2), () =>
    mkdtempSync(join(tmpdir(), DEMO_DIR_PREFIX)),
  );
  if (typeof settings === 'string') {
    print(settings);
    return 0;
  }
  const stopRequest = listenForStop();
  try {
    return await launch(settings, stopRequest);
  } finally {
    if (settings.demo) rmSync(settings.dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
}

async function launch(settings: LaunchSettings, stopRequest: StopRequest): Promise<number> {
  const runFile = new RunFile(settings.dataDir, settings.port);
  await runFile.claim(settings.dataDir);
  try {
    await requireFreePort(settings.host, settings.port, settings.demo ? 'npm start -- --demo' : 'npm start');
    mkdirSync(settings.logDir, { recursive: true, mode: 0o700 });
    const stack = await Stack.open(settings.root, runFile, settings.drainTimeoutMs + AFTER_DRAIN_MS);
    const log = new LogFollower(join(settings.logDir, 'gateway.log'), settings.verbose, (line) =>
      print(`  ${line}`),
    );
    try {
      await run(settings, stack, log, stopRequest);
      say(`Stopping: running requests may finish (${Math.ceil(settings.drainTimeoutMs / 1000)} s at most)`);
      return 0;
    } catch (error) {
      if (!(error instanceof LaunchError)) throw error;
      printError([error.message, ...log.lastLines().map((line) => `  ${line}`)].join('\n'));
      return 1;
    } finally {
      const killed = await stack.close(stopRequest.forced);
      log.close();
      for (const name of killed) say(`The ${name} did not end in time and was killed.`);
      say('Stopped.');
    }
  } finally {
    runFile.release();
  }
}

/** Starts all parts and lives until told to stop; rejects when one of them fails for good. */
async function run(
  settings: LaunchSettings,
  stack: Stack,
  log: LogFollower,
  stopRequest: StopRequest,
): Promise<void> {
  const { signal } = stopRequest;
  const { root, host, port, environment } = settings;
  const [redisBinary] = await Promise.all([
    settings.externalRedis ? null : findRedisServer(root, environment['PATH'] ?? '', signal),
    settings.build ? build(root, signal) : null,
  ]);
  if (signal.aborted) return;

  const demo = settings.demo ? await Demo.prepare(settings, stack) : null;
  const redis =
    redisBinary === null ? null : await RedisSupervisor.start(redisBinary, settings, stack, signal);
  if (signal.aborted) return;

  say('Starting the gateway');
  const gatewayEnvironment = {
    ...environment,
    NODE_ENV: 'production',
    PORT: String(port),
    BIND_HOST: host,
    DATA_DIR: settings.dataDir,
    LOG_DIR: settings.logDir,
    WEB_ROOT: join(root, 'apps/web/out'),
    DRAIN_TIMEOUT_MS: String(settings.drainTimeoutMs),
    ...redis?.environment,
    ...demo?.environment,
  };
  const gateway = await startGateway(settings, gatewayEnvironment, log.fd);
  stack.add('gateway', gateway, settings.drainTimeoutMs + AFTER_DRAIN_MS, settings.gatewayEntry);
  await Promise.race([
    stopRequest.requested,
    gatewayFailure(gateway, signal),
    redis?.failed ?? new Promise<never>(() => undefined),
    welcome(settings, gateway, demo, gatewayEnvironment, signal),
  ]);
}

/** Rejects when the gateway ends without having been told to. */
async function gatewayFailure(gateway: Gateway, signal: AbortSignal): Promise<void> {
  const { code, signal: killedBy } = await gateway.ended;
  if (signal.aborted) return;
  throw new LaunchError(
    `The gateway ended by itself (${killedBy ?? `code ${String(code)}`}). Its last lines:`,
  );
}

/** Greets once the gateway is ready; never resolves after that, rejects when it does not get ready. */
async function welcome(
  settings: LaunchSettings,
  gateway: Gateway,
  demo: Demo | null,
  gatewayEnvironment: Environment,
  signal: AbortSignal,
): Promise<never> {
  await untilReady(gateway, settings, signal);
  if (!signal.aborted) await demo?.fill(gatewayEnvironment, signal);
  if (!signal.aborted) {
    await printWelcome(settings, gateway, demo);
    demo?.keepTraffic(signal);
  }
  return new Promise<never>(() => undefined);
}

try {
  process.exitCode = await main();
} catch (error) {
  printError(
    error instanceof LaunchError
      ? error.message
      : error instanceof Error
        ? (error.stack ?? '')
        : String(error),
  );
  process.exitCode = 1;
}
// Timers of the demo and an unread pipe must not keep an ended start alive.
process.exit();
