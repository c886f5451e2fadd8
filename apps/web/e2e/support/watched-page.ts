// Owns a page that is watched: whatever it complains about, and whomever it asks, is written down.
import { test as base, expect, type Page } from '@playwright/test';
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

/** `test` whose page fails it, at its end, for complaints and foreign requests. */
export const test = base.extend({
  page: async ({ page }, use) => {
    const { complaints, foreign, tolerated } = watch(page);
    await use(page);
    const unexpected = complaints.filter((text) => !tolerated.some((pattern) => pattern.test(text)));
    expect(unexpected, 'the browser complained').toEqual([]);
    expect(foreign, 'requests left the origin').toEqual([]);
  },
});

export { expect } from '@playwright/test';
