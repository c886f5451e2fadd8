// Owns how the browser tests run: against the built console on a real gateway, in the Chromium of CHROMIUM_PATH.
import { defineConfig } from '@playwright/test';

const chromium = process.env['CHROMIUM_PATH'];
/** Chromium refuses its sandbox to root, as in a container. */
const isRoot = process.getuid?.() === 0;
export const SESSION_FILE = 'test-results/session.json';
/** For tests that sign in once more; of a gateway that is thrown away. */
export const PASSWORD_FILE = 'test-results/password.txt';

export const DESK = { width: 1440, height: 900 };

export default defineConfig({
  testDir: 'e2e',
  outputDir: 'test-results/output',
  globalSetup: './e2e/support/start-stack.ts',
  workers: 3,
  fullyParallel: true,
  forbidOnly: process.env['CI'] === 'true',
  timeout: 30_000,
  expect: { timeout: 7000 },
  reporter: 'list',
  use: {
    browserName: 'chromium',
    launchOptions: {
      ...(chromium === undefined || chromium === '' ? {} : { executablePath: chromium }),
      args: isRoot ? ['--no-sandbox'] : [],
    },
    locale: 'en-US',
    viewport: DESK,
    screenshot: 'only-on-failure',
  },
  // Each builds on what the one before left: the first sign-in, the first account and request, what comes
  // after, and pages that are full.
  projects: [
    { name: 'first start', testMatch: 'first-start.spec.ts' },
    {
      name: 'first request',
      testMatch: 'first-request.spec.ts',
      dependencies: ['first start'],
      use: { storageState: SESSION_FILE },
    },
    {
      name: 'journeys',
      testMatch: 'journeys/*.spec.ts',
      dependencies: ['first request'],
      use: { storageState: SESSION_FILE },
    },
    {
      name: 'pages',
      testMatch: ['pages.spec.ts', 'long-lists.spec.ts'],
      dependencies: ['journeys'],
      use: { storageState: SESSION_FILE },
    },
  ],
});
