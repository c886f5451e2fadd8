// Owns connections to upstreams by way of an account's proxy. What cannot be reached by way of it is not reached at all:
// there is no direct connection behind these.
import { SocksClient, type SocksClientOptions } from 'socks';
import { buildConnector, type Dispatcher, Pool, ProxyAgent } from 'undici';

export interface UpstreamProxy {
  readonly type: 'http' | 'https' | 'socks5';
  readonly host: string;
  readonly port: number;
  readonly username: string | null;
  readonly password: string | null;
}

type PoolOptions = Omit<Pool.Options, 'connect'>;

/** Names proxy and login, so that two accounts share connections only where both are the same. */
export function nameOfProxy({ type, host, port, username, password }: UpstreamProxy): string {
  return JSON.stringify([type, host, port, username, password]);
}

/** Keeps its connections to one origin open, as a direct pool does. */
export function createProxied(
  origin: string,
  proxy: UpstreamProxy,
  options: PoolOptions & { readonly connectTimeoutMs: number },
): Dispatcher {
  const { connectTimeoutMs, ...poolOptions } = options;
  if (proxy.type === 'socks5') {
    return new Pool(origin, { ...poolOptions, connect: bySocks(proxy, connectTimeoutMs) });
  }
  return new ProxyAgent({
    ...poolOptions,
    uri: `${proxy.type}://${authority(proxy.host)}:${proxy.port}`,
    ...(proxy.username === null ? {} : { token: basic(proxy.username, proxy.password ?? '') }),
    // Also for plain http: the proxy is to carry the call, not to read or rewrite it.
    proxyTunnel: true,
    connectTimeout: connectTimeoutMs,
  });
}

function bySocks(proxy: UpstreamProxy, timeoutMs: number): buildConnector.connector {
  const overSocket = buildConnector({ timeout: timeoutMs });
  return (options, callback) => {
    const { hostname, port, protocol } = options;
    const request: SocksClientOptions = {
      command: 'connect',
      timeout: timeoutMs,
      // Names are resolved by the proxy: where one is needed, local answers are often wrong.
      destination: { host: hostname.replace(/^\[|\]$/g, ''), port: Number(port) || defaultPort(protocol) },
      proxy: {
        type: 5,
        host: proxy.host,
        port: proxy.port,
        ...(proxy.username === null ? {} : { userId: proxy.username, password: proxy.password ?? '' }),
      },
    };
    void SocksClient.createConnection(request, (error, connection) => {
      if (error !== null || connection === undefined) {
        callback(error ?? new Error('the proxy gave no connection'), null);
        return;
      }
      const { socket } = connection;
      socket.setNoDelay(true);
      if (protocol === 'https:') overSocket({ ...options, httpSocket: socket }, callback);
      else callback(null, socket);
    });
  };
}

function defaultPort(protocol: string): number {
  return protocol === 'https:' ? 443 : 80;
}

function basic(username: string, password: string): string {
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

/** IPv6 in brackets, as addresses want it. */
function authority(host: string): string {
  return host.includes(':') ? `[${host}]` : host;
}
