// A real redis-server for tests: free loopback port, nothing on disk, gone when the test is.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Redis } from 'ioredis';

export const REDIS_SERVER = 'redis-server';

export interface TestRedis {
  readonly url: string;
  readonly port: number;
  /** A plain client of its own; closed by `stop`. */
  client(): Redis;
  /** Forgets every key, keeps loaded scripts. */
  flush(): Promise<void>;
  /** Stops answering while its sockets stay open, as a hung host does. */
  freeze(): void;
  thaw(): void;
  /** SIGKILL: the server is gone, the port refuses. */
  kill(): Promise<void>;
  /** A new, empty server on the same port, after `kill`. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/**
 * A Sentinel of another test remembers ports. One that sees a server on a port of its own dead replica would make it one,
 * and fill it with somebody else's keys.
 */
const NO_REPLICATION = ['--rename-command', 'SLAVEOF', '', '--rename-command', 'REPLICAOF', ''];

/** `args` are redis-server options laid over the defaults, e.g. `['--requirepass', 'secret']`. */
export async function startTestRedis(
  args: readonly string[] = [],
  { mayReplicate = false }: { mayReplicate?: boolean } = {},
): Promise<TestRedis> {
  const all = mayReplicate ? args : [...NO_REPLICATION, ...args];
  let lastError: unknown;
  for (let attempt = 0; attempt < 5; attempt += 1) {
    const port = await freePort();
    try {
      return testRedis(port, all, await startServer(port, all));
    } catch (error) {
      lastError = error;
    }
  }
  throw new Error('redis-server did not start', { cause: lastError });
}

function testRedis(port: number, args: readonly string[], first: ChildProcess): TestRedis {
  const clients: Redis[] = [];
  let server = first;
  const client = (): Redis => {
    const opened = new Redis({ host: '127.0.0.1', port, maxRetriesPerRequest: 1 });
    opened.on('error', () => {});
    clients.push(opened);
    return opened;
  };
  const kill = async (): Promise<void> => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = new Promise((resolve) => server.once('exit', resolve));
    server.kill('SIGKILL');
    await gone;
  };
  let flusher: Redis | undefined;
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    client,
    flush: async () => {
      flusher ??= client();
      await flusher.flushall();
    },
    freeze: () => void server.kill('SIGSTOP'),
    thaw: () => void server.kill('SIGCONT'),
    kill,
    restart: async () => {
      server = await startServer(port, args);
    },
    stop: async () => {
      for (const opened of clients) opened.disconnect();
      await kill();
    },
  };
}

async function startServer(port: number, args: readonly string[]): Promise<ChildProcess> {
  // Of its own: a replica leaves what it copied there, and a server loads what it finds.
  const dir = mkdtempSync(join(tmpdir(), 'test-redis-'));
  const server = spawn(
    REDIS_SERVER,
    ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
      .concat(['--daemonize', 'no', '--dir', dir, '--databases', '4'])
      .concat(args),
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  stopWithParent(server, dir);
  await ready(server);
  return server;
}

/** Resolves when the server says that it accepts connections; a taken port makes it exit instead. */
function ready(server: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    let output = '';
    const read = (chunk: Buffer): void => {
      output += chunk.toString();
      if (/Ready to accept connections/.test(output)) resolve();
    };
    server.stdout?.on('data', read);
    server.stderr?.on('data', read);
    server.once('error', reject);
    server.once('exit', (code) => reject(new Error(`redis-server exited with ${code}: ${output}`)));
  });
}

/** A test process that ends without `stop` takes its server along. */
function stopWithParent(server: ChildProcess, dir: string): void {
  const clear = (): void => rmSync(dir, { recursive: true, force: true });
  const end = (): void => {
    server.kill('SIGKILL');
    clear();
  };
  process.once('exit', end);
  server.once('exit', () => {
    process.removeListener('exit', end);
    clear();
  });
}

export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('no free port'));
      });
    });
  });
}
