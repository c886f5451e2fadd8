// The console's files as a browser gets them: compressed, cached by their kind, with the console's own page for what is not there.
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { brotliCompressSync, brotliDecompressSync, gzipSync } from 'node:zlib';
import fastify, { type FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { mountConsole } from './console.ts';

const SCRIPT = '_next/static/chunks/main-0a1b.js';
const pages = {
  'index.html': '<!doctype html><title>home</title>',
  'keys/index.html': '<!doctype html><title>keys</title>',
  'keys/index.txt': 'keys data',
  '404.html': '<!doctype html><title>nothing here</title>',
  'favicon.ico': 'icon',
  [SCRIPT]: 'console.log("main")',
};

let folder: string;
let app: FastifyInstance;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'console-'));
  const root = join(folder, 'out');
  for (const [name, text] of Object.entries(pages)) {
    const path = join(root, name);
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, text);
    if (name === 'favicon.ico') continue;
    await writeFile(`${path}.br`, brotliCompressSync(text));
    await writeFile(`${path}.gz`, gzipSync(text));
  }
  await writeFile(join(folder, 'outside.txt'), 'not for anybody');
  app = fastify({ genReqId: () => 'req_1' });
  await mountConsole(app, root);
});
afterAll(async () => {
  await app.close();
  await rm(folder, { recursive: true });
});

const brotli = { 'accept-encoding': 'gzip, deflate, br' };

test.each([
  ['/web/', 'index.html'],
  ['/web/keys/', 'keys/index.html'],
  ['/web/keys/?id=1', 'keys/index.html'],
])('%s is a page that is asked for again each time', async (url, name) => {
  const answer = await app.inject(url);
  expect(answer.statusCode).toBe(200);
  expect(answer.body).toBe(pages[name as keyof typeof pages]);
  expect(answer.headers['content-type']).toBe('text/html; charset=utf-8');
  expect(answer.headers['cache-control']).toBe('no-cache');
  const again = await app.inject({ url, headers: { 'if-none-match': String(answer.headers.etag) } });
  expect([again.statusCode, again.body]).toEqual([304, '']);
});

test('hashed files stay for ever, compressed for whoever takes that', async () => {
  const plain = await app.inject(`/web/${SCRIPT}`);
  expect(plain.body).toBe(pages[SCRIPT]);
  expect(plain.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  const packed = await app.inject({ url: `/web/${SCRIPT}`, headers: brotli });
  expect(packed.headers).toMatchObject({ 'content-encoding': 'br', vary: 'accept-encoding' });
  expect(packed.headers['content-type']).toMatch(/^(text|application)\/javascript; charset=utf-8$/);
  expect(packed.headers['cache-control']).toBe('public, max-age=31536000, immutable');
  expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(pages[SCRIPT]);
  const zipped = await app.inject({ url: '/web/keys/', headers: { 'accept-encoding': 'gzip' } });
  expect(zipped.headers).toMatchObject({
    'content-encoding': 'gzip',
    'content-type': 'text/html; charset=utf-8',
  });
});

test('a file without compressed copies is sent as it is', async () => {
  const answer = await app.inject({ url: '/web/favicon.ico', headers: brotli });
  expect([answer.statusCode, answer.body]).toEqual([200, 'icon']);
  expect(answer.headers['content-encoding']).toBeUndefined();
});

test.each(['/web', '/web/keys', '/web/keys?id=1'])('%s leads to the address with its slash', async (url) => {
  for (const headers of [{}, brotli]) {
    const answer = await app.inject({ url, headers });
    const [path, query] = url.split('?');
    expect(answer.statusCode).toBe(301);
    expect(answer.headers.location).toBe(query === undefined ? `${path}/` : `${path}/?${query}`);
  }
});

test.each(['/web/nowhere/', '/web/nowhere', '/web/_next/static/chunks/gone.js', '/web/keys/nowhere.txt'])(
  '%s is 404 with the console’s own page, compressed or not',
  async (url) => {
    const plain = await app.inject({ url, headers: { 'if-modified-since': new Date().toUTCString() } });
    expect([plain.statusCode, plain.body]).toEqual([404, pages['404.html']]);
    expect(plain.headers['content-type']).toBe('text/html; charset=utf-8');
    expect(plain.headers['cache-control']).toBe('no-cache');
    const packed = await app.inject({ url, headers: brotli });
    expect(packed.statusCode).toBe(404);
    expect(brotliDecompressSync(packed.rawPayload).toString()).toBe(pages['404.html']);
  },
);

test('nothing outside the export is served', async () => {
  for (const url of [
    '/web/../outside.txt',
    '/web/%2e%2e/outside.txt',
    '/web/..%2foutside.txt',
    '/web/keys/../../outside.txt',
  ]) {
    const answer = await app.inject(url);
    expect(answer.statusCode, url).toBeGreaterThanOrEqual(400);
    expect(answer.body, url).not.toContain('not for anybody');
  }
});

test('a page cannot be framed, and names its request', async () => {
  const { headers } = await app.inject('/web/');
  expect(headers).toMatchObject({
    'content-security-policy': "frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'x-request-id': 'req_1',
  });
});

test('a folder without a console stops the start', async () => {
  const empty = await mkdtemp(join(tmpdir(), 'no-console-'));
  await expect(mountConsole(fastify(), empty)).rejects.toThrow(/^WEB_ROOT: /);
  await rm(empty, { recursive: true });
});
