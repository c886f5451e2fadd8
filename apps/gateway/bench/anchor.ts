// The yardstick of `pnpm bench`: the same server and the same client library as the gateway's, handing bytes through and
// nothing else. No keys, no limits, no books.
import { monitorEventLoopDelay } from 'node:perf_hooks';
import Fastify from 'fastify';
import { Pool } from 'undici';

const DROPPED = new Set(['host', 'connection', 'content-length', 'authorization', 'accept-encoding']);

const [upstream = '', key = ''] = process.argv.slice(2);
const pool = new Pool(upstream, { connections: null, pipelining: 1, headersTimeout: 0, bodyTimeout: 0 });
const delay = monitorEventLoopDelay({ resolution: 1 });
delay.enable();

const app = Fastify({ logger: false, bodyLimit: 64 * 1024 * 1024, keepAliveTimeout: 65_000 });
app.removeAllContentTypeParsers();
app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
app.post('/*', (request, reply) => {
  const body = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
  const headers = ['x-api-key', key];
  const { rawHeaders } = request.raw;
  for (let index = 0; index + 1 < rawHeaders.length; index += 2) {
    const name = rawHeaders[index] ?? '';
    if (!DROPPED.has(name.toLowerCase())) headers.push(name, rawHeaders[index + 1] ?? '');
  }
  reply.hijack();
  const response = reply.raw;
  pool.dispatch(
    { method: 'POST', path: request.url, headers, body },
    {
      onRequestStart: () => undefined,
      onResponseStart: (_controller, status, incoming) => {
        const { connection: _connection, 'transfer-encoding': _coding, ...kept } = incoming;
        response.writeHead(status, kept);
      },
      onResponseData: (controller, chunk) => {
        if (response.write(chunk)) return;
        controller.pause();
        response.once('drain', () => controller.resume());
      },
      onResponseEnd: () => response.end(),
      onResponseError: (_controller, error) => response.destroy(error),
    },
  );
});

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({
    cpuSeconds: (user + system) / 1e6,
    residentBytes: process.memoryUsage.rss(),
    stallMs: delay.max / 1e6,
  });
  delay.reset();
});
await app.listen({ port: 0, host: '127.0.0.1', backlog: 8192 });
const address = app.server.address();
process.send?.({ port: typeof address === 'object' ? address?.port : 0 });
