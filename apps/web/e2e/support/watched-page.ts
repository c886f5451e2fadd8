// Owns a page that is watched: whatever it complains about, and whomever it asks, is written down.
import { type BrowserContext, expect, type Page, test as base } from '@playwright/test';
import { DESK } from '../../playwright.config.ts';
import { stack } from './stack.ts';

interface Watch {
  /** Errors and warnings of the browser's console and of scripts; a missing message is one of them. */
  complaints: string[];
  /** Requests that left the gateway's origin. */
  foreign: string[];
  tolerated: RegExp[];
}

const watches = new WeakMap<Page, Watch>();

function watch(page: Page): Watch {
  const seen: Watch = { complaints: [], foreign: [], tolerated: [] };
  watches.set(page, seen);
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') {
      seen.complaints.push(`${message.text()} (${message.location().url})`);
    }
  });
  page.on('pageerror', (error) => seen.complaints.push(error.message));
  page.on('request', (request) => {
    const url = new URL(request.url());
    if (/^https?:$/.test(url.protocol) && url.origin !== stack().baseUrl) seen.foreign.push(request.url());
  });
  return seen;
}

/** Allows a complaint that the test provokes on purpose. */
export function tolerate(page: Page, complaint: RegExp): void {
  watches.get(page)?.tolerated.push(complaint);
}

async function useWatched(page: Page, use: (page: Page) => Promise<void>): Promise<void> {
  const { complaints, foreign, tolerated } = watch(page);
  await use(page);
  const unexpected = complaints.filter((text) => !tolerated.some((pattern) => pattern.test(text)));
  expect(unexpected, 'the browser complained').toEqual([]);
  expect(foreign, 'requests left the origin').toEqual([]);
}

/** `test` whose page fails it, at its end, for complaints and foreign requests; with a browser profile of its own. */
export const isolatedTest = base.extend({ page: ({ page }, use) => useWatched(page, use) });

/** In the page: what it remembers, but that somebody has signed in here. */
function forget(): void {
  for (const name of Object.keys(localStorage)) if (name !== 'crs-signed-in') localStorage.removeItem(name);
}

/**
 * The same with the profile of the worker: signed in, with the console's files in its cache, and nothing in its storage.
 * For all that neither signs out nor turns the clock.
 */
export const test = base.extend<object, { profile: BrowserContext }>({
  profile: [
    async ({ browser }, use, { project }) => {
      const { storageState } = project.use;
      const profile = await browser.newContext({
        locale: 'en-US',
        viewport: DESK,
        ...(storageState === undefined ? {} : { storageState }),
      });
      await use(profile);
      await profile.close();
    },
    { scope: 'worker' },
  ],
  context: async ({ profile }, use) => {
    // The page before is closed only now, so that its picture can be taken when it failed.
    for (const page of profile.pages()) {
      await page.evaluate(forget).catch(() => {});
      await page.close();
    }
    await use(profile);
  },
  page: async ({ context }, use) => useWatched(await context.newPage(), use),
});

export { expect } from '@playwright/test';
