// Vendors that speak HTTP/2 are spoken to by it: many calls share a connection, and none of them must feel the others.
import { createSecureServer, type Http2SecureServer, type Http2ServerResponse } from 'node:http2';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { Dispatcher } from 'undici';
import { testCertificate, testCertificateKey } from '../../../test/tls.ts';
import { UpstreamClient, type UpstreamRequest } from './upstream-client.ts';

let server: Http2SecureServer;
let origin = '';
let client: UpstreamClient;
const sockets = new Set<Socket>();
let versions: string[] = [];
/** Streams that the server has open, by path. */
const open = new Map<string, Http2ServerResponse>();

beforeAll(async () => {
  server = createSecureServer(
    { key: testCertificateKey, cert: testCertificate, allowHTTP1: true },
    (request, response) => {
      versions.push(request.httpVersion);
      request.resume();
      if (!request.url.startsWith('/stream')) {
        response.end(`${request.method} ${request.url} ${request.headers['x-name'] as string}`);
        return;
      }
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      response.write('data: 1\n\n');
      open.set(request.url, response);
      response.on('close', () => open.delete(request.url));
    },
  );
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  origin = `https://localhost:${(server.address() as AddressInfo).port}`;
  client = new UpstreamClient({
    connectTimeoutMs: 2000,
    allowPrivateUpstreams: true,
    authority: testCertificate,
  });
});
afterEach(() => {
  versions = [];
});
afterAll(async () => {
  await client.close();
  server.close();
});

function requestOf(path: string): UpstreamRequest {
  return { method: 'POST', origin, path, headers: ['X-Name', 'value'], body: Buffer.from('hi') };
}

interface Heard {
  status: number;
  text: string;
  ended: boolean;
  error: Error | null;
  controller: Dispatcher.DispatchController | null;
}

/** Follows one answer. */
function listen(path: string, onData?: (heard: Heard) => void): Heard {
  const heard: Heard = { status: 0, text: '', ended: false, error: null, controller: null };
  client.dispatch(requestOf(path), {
    onRequestStart: (controller) => {
      heard.controller = controller;
    },
    onResponseStart: (_, status) => {
      heard.status = status;
    },
    onResponseData: (_, chunk) => {
      heard.text += chunk.toString();
      onData?.(heard);
    },
    onResponseEnd: () => {
      heard.ended = true;
    },
    onResponseError: (_, error) => {
      heard.error = error;
    },
  });
  return heard;
}

test('calls side by side share a connection', async () => {
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, index) => client.send(requestOf(`/x?${index}`), { timeoutMs: 5000 })),
  );
  expect(answers.map(({ status, body }) => `${status} ${body.toString()}`)).toEqual(
    Array.from({ length: 40 }, (_, index) => `200 POST /x?${index} value`),
  );
  expect(new Set(versions)).toEqual(new Set(['2.0']));
  expect(sockets.size).toBeLessThanOrEqual(2);
});

test('one that is left ends at once, and the others on its connection go on', async () => {
  const left = listen('/stream?left');
  const stays = listen('/stream?stays');
  await expect.poll(() => [left.text, stays.text]).toEqual(['data: 1\n\n', 'data: 1\n\n']);
  left.controller?.abort(new Error('the client left'));
  await expect.poll(() => open.has('/stream?left')).toBe(false);
  expect(left.error?.message).toBe('the client left');
  open.get('/stream?stays')?.end('data: 2\n\n');
  await expect.poll(() => stays.ended).toBe(true);
  expect(stays).toMatchObject({ text: 'data: 1\n\ndata: 2\n\n', error: null });
});

test('a slow reader holds up its own answer only', async () => {
  const slow = listen('/stream?slow', ({ controller }) => controller?.pause());
  const quick = listen('/stream?quick');
  await expect.poll(() => open.size).toBe(2);
  const much = 'x'.repeat(8 * 1024 * 1024);
  open.get('/stream?slow')?.end(much);
  open.get('/stream?quick')?.end('done');
  await expect.poll(() => quick.ended).toBe(true);
  expect(slow.text.length).toBeLessThan(much.length);
  while (!slow.ended) {
    slow.controller?.resume();
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(slow.text.length).toBe('data: 1\n\n'.length + much.length);
});

test('a connection that breaks is told to all its answers, and the next call makes a new one', async () => {
  const answers = [listen('/stream?a'), listen('/stream?b')];
  await expect.poll(() => answers.map(({ text }) => text)).toEqual(['data: 1\n\n', 'data: 1\n\n']);
  for (const socket of sockets) socket.destroy();
  await expect.poll(() => answers.every(({ error }) => error !== null)).toBe(true);
  expect(answers.some(({ ended }) => ended)).toBe(false);
  expect((await client.send(requestOf('/again'), { timeoutMs: 5000 })).status).toBe(200);
});
