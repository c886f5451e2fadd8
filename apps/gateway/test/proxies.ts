// For tests: small proxies on loopback that count what they carry. HTTP CONNECT (RFC 9110) and SOCKS5 (RFC 1928, 1929).
import { createServer, type Server } from 'node:http';
import {
  type AddressInfo,
  connect,
  createServer as createSocketServer,
  type Server as NetServer,
  type Socket,
} from 'node:net';

export interface TestProxy {
  readonly port: number;
  /** `host:port` of each tunnel that was opened. */
  readonly tunnels: readonly string[];
  close(): Promise<void>;
}

/** Wants exactly this login where one is given. */
interface Login {
  readonly username: string;
  readonly password: string;
}

export async function startHttpProxy(login?: Login): Promise<TestProxy> {
  const tunnels: string[] = [];
  const server = createServer((_request, response) => response.writeHead(405).end());
  const expected = login && `Basic ${Buffer.from(`${login.username}:${login.password}`).toString('base64')}`;
  server.on('connect', (request, client: Socket) => {
    if (expected !== undefined && request.headers['proxy-authorization'] !== expected) {
      client.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
      return;
    }
    const [host = '', port = ''] = (request.url ?? '').split(':');
    tunnels.push(`${host}:${port}`);
    const upstream = connect(Number(port), host, () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n');
      join(client, upstream);
    });
    upstream.on('error', () => client.destroy());
    client.on('error', () => upstream.destroy());
  });
  return started(server, tunnels);
}

export async function startSocksProxy(login?: Login): Promise<TestProxy> {
  const tunnels: string[] = [];
  const server = createSocketServer((client) => {
    client.on('error', () => undefined);
    void serveSocks(client, login, tunnels).catch(() => client.destroy());
  });
  return started(server, tunnels);
}

async function serveSocks(client: Socket, login: Login | undefined, tunnels: string[]): Promise<void> {
  const reader = new ByteReader(client);
  const [, methods = 0] = await reader.take(2);
  await reader.take(methods);
  client.write(Buffer.from([5, login === undefined ? 0 : 2]));
  if (login !== undefined) {
    const [, nameLength = 0] = await reader.take(2);
    const username = (await reader.take(nameLength)).toString();
    const [passwordLength = 0] = await reader.take(1);
    const password = (await reader.take(passwordLength)).toString();
    const isRight = username === login.username && password === login.password;
    client.write(Buffer.from([1, isRight ? 0 : 1]));
    if (!isRight) {
      client.end();
      return;
    }
  }
  const [, , , type] = await reader.take(4);
  const host =
    type === 3
      ? (await reader.take((await reader.take(1))[0] ?? 0)).toString()
      : [...(await reader.take(4))].join('.');
  const port = (await reader.take(2)).readUInt16BE();
  tunnels.push(`${host}:${port}`);
  const upstream = connect(port, host, () => {
    client.write(Buffer.from([5, 0, 0, 1, 0, 0, 0, 0, 0, 0]));
    reader.release();
    join(client, upstream);
  });
  upstream.on('error', () => client.destroy());
}

function join(one: Socket, other: Socket): void {
  one.pipe(other);
  other.pipe(one);
  one.on('close', () => other.destroy());
  other.on('close', () => one.destroy());
}

/** Takes so many bytes of a socket, however they come. */
class ByteReader {
  readonly #socket: Socket;
  #bytes = Buffer.alloc(0);
  #wake: (() => void) | null = null;
  readonly #onData = (chunk: Buffer): void => {
    this.#bytes = Buffer.concat([this.#bytes, chunk]);
    this.#wake?.();
  };

  constructor(socket: Socket) {
    this.#socket = socket;
    socket.on('data', this.#onData);
  }

  async take(count: number): Promise<Buffer> {
    while (this.#bytes.length < count) {
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
    const taken = this.#bytes.subarray(0, count);
    this.#bytes = this.#bytes.subarray(count);
    return taken;
  }

  /** What was read too much goes back. */
  release(): void {
    this.#socket.off('data', this.#onData);
    if (this.#bytes.length > 0) this.#socket.unshift(this.#bytes);
  }
}

async function started(server: Server | NetServer, tunnels: string[]): Promise<TestProxy> {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    tunnels,
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}
