// Every page, in both themes and languages, on a desk and on a phone: accessible, inside the window, without complaint.
import { AxeBuilder } from '@axe-core/playwright';
import type { BrowserContext, Page } from '@playwright/test';
import { consoleUrl } from './support/stack.ts';
import { expect, test, tolerate } from './support/watched-page.ts';

type Locale = 'en' | 'zh-CN';
type Theme = 'light' | 'dark';

const settings = (['light', 'dark'] as const).flatMap((theme) =>
  ([390, 1440] as const).flatMap((width) =>
    (['en', 'zh-CN'] as const).map((locale) => ({ theme, width, locale })),
  ),
);

const pages = ['/dashboard/', '/keys/', '/keys/?tab=trash', '/accounts/', '/requests/', '/settings/'];

/** What opens above a page, by the button that opens it. */
const above: { path: string; open: (page: Page, locale: Locale) => Promise<void> }[] = [
  {
    path: '/accounts/?new=1',
    open: async (page) => page.getByRole('button', { name: /claude-console/ }).click(),
  },
  { path: '/keys/?new=1', open: async () => undefined },
  { path: '/accounts/', open: openFirst },
  { path: '/requests/', open: openFirst },
];

async function openFirst(page: Page): Promise<void> {
  await page
    .getByRole('main')
    .getByRole('button', { name: /^(Console, main|claude-)/ })
    .first()
    .click();
}

for (const { theme, width, locale } of settings) {
  test(`pages in ${theme}, ${width} px, ${locale}`, async ({ page, context }) => {
    await prepare(context, page, theme, width, locale);
    for (const path of pages) {
      await page.goto(consoleUrl(path));
      await settle(page);
      await check(page, path, locale);
    }
    for (const { path, open } of above) {
      await page.goto(consoleUrl(path));
      await settle(page);
      await open(page, locale);
      await expect(page.getByRole('dialog')).toBeVisible();
      await settle(page);
      await check(page, `above ${path}`, locale);
    }
  });

  test(`entry in ${theme}, ${width} px, ${locale}`, async ({ page, context }) => {
    await prepare(context, page, theme, width, locale);
    await page.goto(consoleUrl('/change-password/'));
    await settle(page);
    await check(page, 'change-password', locale);

    tolerate(page, /Failed to load resource.*404/);
    await page.goto(consoleUrl('/there-is-no-such-page/'));
    await settle(page);
    await check(page, 'not found', locale);

    await context.clearCookies();
    await page.goto(consoleUrl('/login/'));
    await settle(page);
    await check(page, 'login', locale);
  });
}

async function prepare(
  context: BrowserContext,
  page: Page,
  theme: Theme,
  width: number,
  locale: Locale,
): Promise<void> {
  await page.setViewportSize({ width, height: width < 600 ? 844 : 900 });
  await page.emulateMedia({ reducedMotion: 'reduce' });
  await context.addInitScript(
    ([chosenTheme, chosenLocale]) => {
      localStorage.setItem('crs-theme', chosenTheme);
      localStorage.setItem(
        'crs-view',
        JSON.stringify({ state: { locale: chosenLocale, density: 'comfortable' }, version: 0 }),
      );
    },
    [theme, locale] as const,
  );
}

/** The page stands: its heading is there and nothing is loading any more. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('h1')).toHaveCount(1);
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await expect(page.locator('[aria-busy="true"]')).toHaveCount(0);
  await page.evaluate(() => Promise.all(document.getAnimations().map((animation) => animation.finished)));
}

async function check(page: Page, what: string, locale: Locale): Promise<void> {
  expect(await page.evaluate(() => document.documentElement.lang), what).toBe(locale);
  const overflow = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflow, `${what} is wider than the window`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    .analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  expect(serious, what).toEqual([]);
}
