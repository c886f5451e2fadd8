// `pnpm screenshots`: the README's pictures of the console, taken anew from the demo in both languages. They go to
// docs/images; CHROMIUM_PATH names the browser where playwright has none of its own.
import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { createServer } from 'node:net';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Browser, chromium, type Page } from '@playwright/test';
import sharp from 'sharp';

interface Picture {
  readonly name: string;
  /** Below the console's address. */
  readonly path: string;
  readonly theme: 'light' | 'dark';
}

const ROOT = resolve(import.meta.dirname, '../..');
const OUT = join(ROOT, 'docs/images');
const START_TIMEOUT_MS = 240_000;
/** Lets the living traffic of the demo show. */
const LIVE_MS = 20_000;
/** Charts are drawn, and what came late has settled. */
const SETTLE_MS = 2500;
const MAX_BYTES = 150_000;

const pictures: readonly Picture[] = [
  { name: 'dashboard', path: '/dashboard/?range=30d', theme: 'light' },
  { name: 'requests', path: '/requests/', theme: 'dark' },
  { name: 'accounts', path: '/accounts/', theme: 'light' },
  { name: 'keys', path: '/keys/?sort=-spendToday', theme: 'light' },
];
const locales = [
  { locale: 'en', suffix: '' },
  { locale: 'zh-CN', suffix: '.zh-CN' },
] as const;

async function main(): Promise<void> {
  mkdirSync(OUT, { recursive: true });
  const port = await freePort();
  const demo = spawn(
    process.execPath,
    [join(ROOT, 'scripts/launcher/launch.ts'), '--demo', ...process.argv.slice(2)],
    {
      cwd: ROOT,
      env: { ...process.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const ended = new Promise((resolveEnded) => demo.once('exit', resolveEnded));
  try {
    const password = await passwordOf(demo);
    await sleep(LIVE_MS);
    const executablePath = process.env['CHROMIUM_PATH'];
    const browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      // Chromium refuses its sandbox to root, as in a container.
      args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
    });
    try {
      for (const { locale, suffix } of locales)
        await takeAll(browser, `http://127.0.0.1:${port}`, password, locale, suffix);
    } finally {
      await browser.close();
    }
  } finally {
    demo.kill('SIGTERM');
    await ended;
  }
}

async function takeAll(
  browser: Browser,
  url: string,
  password: string,
  locale: string,
  suffix: string,
): Promise<void> {
  const context = await browser.newContext({
    viewport: { width: 1440, height: 900 },
    deviceScaleFactor: 1,
    locale,
    reducedMotion: 'reduce',
  });
  await context.addInitScript(
    (read) => localStorage.setItem('crs-announcement-read', read),
    await announcementOf(url),
  );
  const page = await context.newPage();
  const answer = await page.request.post(`${url}/api/v2/auth/admin/login`, {
    data: { username: 'admin', password },
    headers: { origin: url },
  });
  if (!answer.ok()) throw new Error(`The demo’s password was refused: ${answer.status()}`);
  for (const picture of pictures) {
    await page.emulateMedia({ colorScheme: picture.theme, reducedMotion: 'reduce' });
    await take(page, `${url}/web${picture.path}`, `${picture.name}${suffix}.png`);
  }
  await context.close();
}

async function take(page: Page, url: string, file: string): Promise<void> {
  await page.goto(url);
  await page.waitForLoadState('networkidle').catch(() => undefined);
  await sleep(SETTLE_MS);
  const taken = await page.screenshot({ animations: 'disabled', caret: 'hide' });
  // A console has few colours: a palette of them is half the size and looks the same.
  const { size } = await sharp(taken).png({ palette: true, quality: 95, effort: 10 }).toFile(join(OUT, file));
  if (size > MAX_BYTES) throw new Error(`${file} has ${size} bytes; ${MAX_BYTES} are the most it may have.`);
  console.log(`${file}: ${Math.round(size / 1000)} kB`);
}

/** Its banner would cover the figures; the README says that they are made up. */
async function announcementOf(url: string): Promise<string> {
  const answer: unknown = await (await fetch(`${url}/api/v2/public/branding`)).json();
  return typeof answer === 'object' && answer !== null && 'announcement' in answer
    ? String(answer.announcement)
    : '';
}

/** What the demo says when it is ready. */
async function passwordOf(demo: ChildProcess): Promise<string> {
  let said = '';
  demo.stdout?.on('data', (chunk: Buffer) => {
    said += chunk.toString();
    process.stdout.write(chunk);
  });
  for (let waitedMs = 0; waitedMs < START_TIMEOUT_MS && demo.exitCode === null; waitedMs += 100) {
    const password = /Password\s+(\S+)[\s\S]*Stop\s+Ctrl-C/u.exec(said)?.[1];
    if (password !== undefined) return password;
    await sleep(100);
  }
  throw new Error('The demo did not start.');
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  await new Promise((closed) => server.close(closed));
  if (address === null || typeof address === 'string') throw new Error('No free port.');
  return address.port;
}

await main();
