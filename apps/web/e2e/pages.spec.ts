// Every page, in both languages and themes, on a desk and on a phone: accessible, inside the window, without complaint.
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { consoleUrl } from './support/stack.ts';
import { expect, test, tolerate } from './support/watched-page.ts';

interface View {
  name: string;
  path: string;
  /** Brings what is to be looked at into sight. */
  prepare?: (page: Page) => Promise<void>;
  signedOut?: true;
}

const views: View[] = [
  { name: 'dashboard', path: '/dashboard/' },
  { name: 'keys', path: '/keys/' },
  { name: 'keys in the trash', path: '/keys/?tab=trash' },
  { name: 'form of a key', path: '/keys/?new=1', prepare: dialogIsOpen },
  { name: 'limits in the form of a key', path: '/keys/?new=1', prepare: openSections },
  { name: 'one key', path: '/keys/?search=Limited', prepare: openFirst },
  { name: 'accounts', path: '/accounts/' },
  { name: 'one account', path: '/accounts/?search=user%40example.com', prepare: openFirst },
  { name: 'kinds of accounts', path: '/accounts/?new=1', prepare: dialogIsOpen },
  { name: 'form of an account', path: '/accounts/?new=1', prepare: chooseKind },
  { name: 'sign-in at a vendor', path: '/accounts/?new=1', prepare: openSignIn },
  { name: 'groups', path: '/groups/' },
  { name: 'one group', path: '/groups/', prepare: openFirst },
  { name: 'form of a group', path: '/groups/?new=1', prepare: dialogIsOpen },
  { name: 'requests', path: '/requests/' },
  { name: 'a request over its budget', path: '/requests/?status=402', prepare: openFirst },
  { name: 'filtered requests', path: '/requests/?range=24h&status=200&outcome=ok', prepare: openFilter },
  { name: 'one request', path: '/requests/?search=claude', prepare: openFirst },
  { name: 'settings', path: '/settings/' },
  { name: 'settings of the branding', path: '/settings/?section=branding' },
  { name: 'settings of the retention', path: '/settings/?section=retention' },
  { name: 'audit', path: '/audit/' },
  { name: 'one act', path: '/audit/?action=key.create', prepare: openFirst },
  { name: 'change password', path: '/change-password/' },
  { name: 'no such page', path: '/there-is-no-such-page/' },
  { name: 'sign-in', path: '/login/', signedOut: true },
];

async function dialogIsOpen(page: Page): Promise<void> {
  await expect(page.getByRole('dialog')).toBeVisible();
}

/** Every section of a form unfolded, with a line where there are lines. */
async function openSections(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await expect(dialog.getByRole('textbox').first()).toBeVisible();
  for (const section of await dialog.locator('summary').all()) await section.click();
  for (const add of await dialog
    .getByRole('button', { name: /^(Add (budget|window)|添加(预算|窗口))$/ })
    .all()) {
    await add.click();
  }
}

async function openFirst(page: Page): Promise<void> {
  await page.getByRole('table').getByRole('row').nth(1).focus();
  await page.keyboard.press('Enter');
  await dialogIsOpen(page);
}

async function chooseKind(page: Page): Promise<void> {
  await page.getByRole('button', { name: /claude-console/ }).click();
  await expect(page.getByRole('dialog').getByRole('textbox').first()).toBeVisible();
}

/** The step at which the vendor's page is to be opened. */
async function openSignIn(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('button', { name: /\bcodex\b/ }).click();
  await dialog.getByRole('checkbox').check();
  await dialog.getByRole('button', { name: /^(Continue|继续)$/ }).click();
  await expect(dialog.getByRole('link')).toBeVisible();
}

async function openFilter(page: Page): Promise<void> {
  await page
    .getByRole('search')
    .getByRole('button', { name: /^(Model|模型)$/ })
    .click();
  await dialogIsOpen(page);
}

for (const locale of ['en', 'zh-CN'] as const) {
  for (const { name, path, prepare, signedOut } of views) {
    test(`${name}, ${locale}`, async ({ page, context }) => {
      if (signedOut === true) await context.clearCookies();
      if (name === 'no such page') tolerate(page, /Failed to load resource.*404/);
      await context.addInitScript((chosen) => {
        const view = { state: { locale: chosen, density: 'comfortable' }, version: 0 };
        localStorage.setItem('crs-view', JSON.stringify(view));
      }, locale);
      await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: 'light' });
      await page.goto(consoleUrl(path));
      await settle(page);
      await prepare?.(page);
      expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);

      for (const width of [1440, 390]) {
        await page.setViewportSize({ width, height: 900 });
        for (const colorScheme of ['light', 'dark'] as const) {
          await page.emulateMedia({ colorScheme });
          await settle(page);
          await check(page, `${width} px, ${colorScheme}`);
        }
      }
    });
  }
}

/** The page stands: its heading is there, nothing is loading, nothing moves. */
async function settle(page: Page): Promise<void> {
  await expect(page.locator('h1')).toHaveCount(1);
  await expect(page.locator('.skeleton')).toHaveCount(0);
  await page.waitForFunction(() =>
    document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}

async function check(page: Page, setting: string): Promise<void> {
  const overflowPx = await page.evaluate(
    () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
  );
  expect(overflowPx, `wider than the window: ${setting}`).toBeLessThanOrEqual(0);
  const { violations } = await new AxeBuilder({ page })
    .withTags(['wcag2a', 'wcag2aa', 'wcag21aa', 'wcag22aa'])
    // Without frames it need not open a second page for its summary.
    .setLegacyMode()
    .analyze();
  const serious = violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, nodes }) => `${id}: ${nodes.map(({ target }) => target.join(' ')).join(' | ')}`);
  expect(serious, setting).toEqual([]);
}
