import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startHttpProxy, startSocksProxy, type TestProxy } from '../../../test/proxies.ts';
import { UpstreamClient, type UpstreamRequest } from './upstream-client.ts';
import type { UpstreamProxy } from './proxied.ts';

const login = { username: 'proxy user', password: 'p:ä ss' };
let upstream: Server;
let origin = '';
let connections = 0;
let proxies: Record<'http' | 'socks5', { plain: TestProxy; guarded: TestProxy }>;
const client = new UpstreamClient({ connectTimeoutMs: 1000, allowPrivateUpstreams: true });

beforeAll(async () => {
  upstream = createServer((request, response) => {
    request.resume().on('end', () => response.end(`${request.method} ${request.url}`));
  });
  upstream.on('connection', () => {
    connections += 1;
  });
  await new Promise<void>((resolve) => upstream.listen(0, '127.0.0.1', resolve));
  origin = `http://127.0.0.1:${(upstream.address() as AddressInfo).port}`;
  proxies = {
    http: { plain: await startHttpProxy(), guarded: await startHttpProxy(login) },
    socks5: { plain: await startSocksProxy(), guarded: await startSocksProxy(login) },
  };
});
afterAll(async () => {
  await client.close();
  upstream.close();
  for (const { plain, guarded } of Object.values(proxies))
    await Promise.all([plain.close(), guarded.close()]);
});

function requestBy(proxy: UpstreamProxy): UpstreamRequest {
  return { method: 'POST', origin, path: '/v1/x?y=1', headers: [], body: Buffer.from('hi'), proxy };
}

describe.each(['http', 'socks5'] as const)('a %s proxy', (type) => {
  const at = (port: number, asks?: typeof login): UpstreamProxy => ({
    type,
    host: '127.0.0.1',
    port,
    username: asks?.username ?? null,
    password: asks?.password ?? null,
  });

  test('carries every request, over connections that stay open', async () => {
    const { plain } = proxies[type];
    const before = connections;
    for (let call = 0; call < 6; call += 1) {
      const { status, body } = await client.send(requestBy(at(plain.port)), { timeoutMs: 2000 });
      expect([status, body.toString()]).toEqual([200, 'POST /v1/x?y=1']);
    }
    // A call that follows at once may find the first connection not yet put back.
    expect(plain.tunnels.length).toBeLessThanOrEqual(2);
    expect(new Set(plain.tunnels)).toEqual(new Set([origin.replace('http://', '')]));
    expect(connections - before).toBe(plain.tunnels.length);
  });

  test('gets the login it asks for', async () => {
    const { guarded } = proxies[type];
    const { status } = await client.send(requestBy(at(guarded.port, login)), { timeoutMs: 2000 });
    expect(status).toBe(200);
    expect(guarded.tunnels).toHaveLength(1);
  });

  test.each([
    ['refuses the login', () => proxies[type].guarded.port, { username: 'x', password: 'y' }],
    ['is not there', () => 1, undefined],
  ])('that %s is an error, never a direct connection', async (_name, port, wrong) => {
    const before = connections;
    await expect(client.send(requestBy(at(port(), wrong)), { timeoutMs: 2000 })).rejects.toThrow(/\S/);
    expect(connections).toBe(before);
  });
});
