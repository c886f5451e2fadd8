// What the launcher reads from the command line, the environment and `.env`. The gateway checks the rest itself.
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseEnv } from 'node:util';
import { LaunchError } from './progress.ts';

export type Environment = Record<string, string>;

export interface LaunchSettings {
  root: string;
  demo: boolean;
  build: boolean;
  verbose: boolean;
  host: string;
  port: number;
  dataDir: string;
  logDir: string;
  drainTimeoutMs: number;
  /** Redis is named by the operator; none is started here. */
  externalRedis: boolean;
  gatewayEntry: string;
  /** Where the gateway runs, and so where it looks for a `.env`. */
  workingDir: string;
  /** `.env` under the process environment. */
  environment: Environment;
}

const USAGE = `Usage: npm start [-- OPTIONS]

  --demo       throw-away data, simulated upstreams, sample accounts, keys and live traffic
  --no-build   start what was built last
  --help       this text

Settings come from the environment and from .env; .env.example lists them.`;

/** The demo reaches nothing of the operator's: of the environment it takes the machine's settings and the address only. */
const DEMO_VARIABLES =
  /^(PATH|HOME|USER|LANG|LC_.*|TZ|TMPDIR|TERM|CI|SSL_CERT_(FILE|DIR)|LD_LIBRARY_PATH|NODE_EXTRA_CA_CERTS|PORT|BIND_HOST|LOG_LEVEL|VERBOSE|TIMEZONE.*)$/u;

/** A string is the usage text, when only that was asked for. */
export function readSettings(
  root: string,
  args: readonly string[],
  makeDemoDir: () => string,
): LaunchSettings | string {
  const known = new Set(['--demo', '--no-build', '--help', '-h']);
  const unknown = args.filter((argument) => !known.has(argument));
  if (unknown.length > 0) throw new LaunchError(`Unknown option: ${unknown.join(' ')}\n\n${USAGE}`);
  if (args.includes('--help') || args.includes('-h')) return USAGE;

  const demo = args.includes('--demo');
  const all = mergedEnvironment(root);
  const environment = demo
    ? Object.fromEntries(Object.entries(all).filter(([name]) => DEMO_VARIABLES.test(name)))
    : all;
  const port = readPort(environment['PORT']);
  const dataDir = demo ? makeDemoDir() : resolve(root, environment['DATA_DIR'] || 'data');
  return {
    root,
    demo,
    build: !args.includes('--no-build'),
    verbose: environment['VERBOSE'] === '1' || ['debug', 'trace'].includes(environment['LOG_LEVEL'] ?? ''),
    host: environment['BIND_HOST'] || '127.0.0.1',
    port,
    dataDir,
    logDir: resolve(root, environment['LOG_DIR'] || join(dataDir, 'logs')),
    drainTimeoutMs: readDrainTimeout(environment['DRAIN_TIMEOUT_MS']),
    externalRedis: namesRedis(environment),
    gatewayEntry: join(root, 'apps/gateway/dist/main.js'),
    workingDir: demo ? dataDir : root,
    environment,
  };
}

function mergedEnvironment(root: string): Environment {
  const file = join(root, '.env');
  const merged: Environment = {};
  if (existsSync(file)) {
    for (const [name, value] of Object.entries(parseEnv(readFileSync(file, 'utf8')))) {
      if (value !== undefined) merged[name] = value;
    }
  }
  for (const [name, value] of Object.entries(process.env)) if (value !== undefined) merged[name] = value;
  delete merged['NODE_OPTIONS'];
  return merged;
}

function readPort(text: string | undefined): number {
  const port = Number(text || 3000);
  if (Number.isInteger(port) && port > 0 && port < 65_536) return port;
  throw new LaunchError(`PORT is "${text ?? ''}"; it must be a number from 1 to 65535.`);
}

/** An interactive stop is short unless the operator asks for more; the gateway itself refuses a value it cannot read. */
function readDrainTimeout(text: string | undefined): number {
  const timeoutMs = Number(text || 10_000);
  return Number.isFinite(timeoutMs) && timeoutMs >= 0 ? timeoutMs : 10_000;
}

function namesRedis(environment: Environment): boolean {
  const sentinel = environment['REDIS_SENTINEL_ENABLED'] ?? '';
  return Boolean(
    environment['REDIS_URL'] || environment['REDIS_HOST'] || !['', 'false', '0', 'no'].includes(sentinel),
  );
}

/** The address a program on this machine reaches the gateway at. */
export function localUrl(settings: Pick<LaunchSettings, 'host' | 'port'>): string {
  const { host, port } = settings;
  if (host === '0.0.0.0') return `http://127.0.0.1:${port}`;
  if (host === '::') return `http://[::1]:${port}`;
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
}
