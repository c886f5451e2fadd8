// Every page, visited once and looked at in both languages and themes from 360 to 2560 px: accessible, inside the window,
// within reach of a thumb, without complaint.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { consoleUrl } from './support/stack.ts';
import { expect, isolatedTest, test, tolerate } from './support/watched-page.ts';

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
  { name: 'form of many keys', path: '/keys/?new=1', prepare: chooseMany },
  { name: 'filters of keys', path: '/keys/', prepare: openMoreFilters },
  { name: 'a change of many keys', path: '/keys/', prepare: openBatch },
  { name: 'a rotation', path: '/keys/?search=Limited', prepare: openRotation },
  { name: 'page of a key', path: '/keys/?search=Limited', prepare: openKeyPage },
  { name: 'no key named', path: '/keys/view/' },
  { name: 'accounts', path: '/accounts/' },
  { name: 'one account', path: '/accounts/?search=user%40example.com', prepare: openFirst },
  { name: 'page of an account', path: '/accounts/?search=Cared', prepare: openAccountPage },
  { name: 'no account named', path: '/accounts/view/' },
  { name: 'a pause', path: '/accounts/', prepare: openPause },
  { name: 'a change of many accounts', path: '/accounts/', prepare: openAccountBatch },
  { name: 'kinds of accounts', path: '/accounts/?new=1', prepare: dialogIsOpen },
  { name: 'form of an account', path: '/accounts/?new=1', prepare: chooseKind },
  { name: 'sign-in at a vendor', path: '/accounts/?new=1', prepare: openSignIn },
  { name: 'groups', path: '/groups/' },
  { name: 'one group', path: '/groups/', prepare: openFirst },
  { name: 'form of a group', path: '/groups/?new=1', prepare: dialogIsOpen },
  { name: 'pricing', path: '/pricing/' },
  { name: 'prices with tiers', path: '/pricing/?search=haiku-5-5' },
  { name: 'one price', path: '/pricing/?id=anthropic%2Fclaude-haiku-5-5', prepare: dialogIsOpen },
  { name: 'form of an override', path: '/pricing/?new=1', prepare: openTiers },
  { name: 'a range to price again', path: '/pricing/?new=reprice', prepare: dialogIsOpen },
  { name: 'what pricing again would change', path: '/pricing/?new=reprice', prepare: openDifference },
  { name: 'usage', path: '/usage/' },
  { name: 'usage by key, split by model', path: '/usage/?by=key&split=model&measure=tokens&range=24h' },
  { name: 'requests', path: '/requests/' },
  { name: 'a request over its budget', path: '/requests/?status=402', prepare: openFirst },
  { name: 'filtered requests', path: '/requests/?range=24h&status=200&outcome=ok', prepare: openFilter },
  { name: 'seldom filters of requests', path: '/requests/?minCostUsd=0.000001&status=2xx' },
  { name: 'a request with kept bodies', path: '/requests/?model=claude-shown-1', prepare: openBodies },
  { name: 'no request named', path: '/requests/view/' },
  { name: 'one request', path: '/requests/?search=claude', prepare: openFirst },
  { name: 'settings', path: '/settings/' },
  { name: 'settings of the branding', path: '/settings/?section=branding' },
  { name: 'settings of the retention', path: '/settings/?section=retention' },
  { name: 'audit', path: '/audit/' },
  { name: 'one act', path: '/audit/?action=key.create', prepare: openFirst },
  { name: 'change password', path: '/change-password/' },
  { name: 'setup guide', path: '/setup/' },
  { name: 'key status', path: '/key-status/' },
  { name: 'no such page', path: '/there-is-no-such-page/' },
  { name: 'sign-in', path: '/login/', signedOut: true },
  { name: 'setup guide for everybody', path: '/setup/', signedOut: true },
  { name: 'key status for everybody', path: '/key-status/', signedOut: true },
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

/** With a tier of its own and a time. */
async function openTiers(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByLabel(/^(Model|模型)/).fill('claude-haiku-5-5');
  await dialog.getByLabel(/^(Input|输入)$/).fill('0.25');
  for (const name of [/^(Own|自定)$/, /^(At a time|指定时间)$/])
    await dialog.getByRole('radio', { name }).check({ force: true });
}

/** Back to what was charged at first: there is a range that was priced again. */
async function openDifference(page: Page): Promise<void> {
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('radio', { name: /^(As first charged|最初计费)$/ }).check({ force: true });
  await dialog.getByRole('button', { name: /^(Preview the difference|预览差额)$/ }).click();
  await expect(dialog.getByRole('region', { name: /^(By model|按模型)$/ })).toBeVisible();
}

async function openFirst(page: Page): Promise<void> {
  await page.getByRole('table').getByRole('row').nth(1).focus();
  await page.keyboard.press('Enter');
  await dialogIsOpen(page);
}

/** On its own page, its bodies shown. */
async function openBodies(page: Page): Promise<void> {
  await openFirst(page);
  await page.getByRole('link', { name: /^(Open as page|单独打开)$/ }).click();
  await page.getByRole('button', { name: /^(Show bodies|查看正文)$/ }).click();
  await expect(page.getByRole('region', { name: /^(Answer|回复)$/ })).toBeVisible();
}

async function chooseMany(page: Page): Promise<void> {
  await page.getByRole('dialog').getByRole('radio').nth(1).check();
}

async function openMoreFilters(page: Page): Promise<void> {
  await page.getByRole('button', { name: /^(More filters|更多筛选)$/ }).click();
  await dialogIsOpen(page);
}

async function openBatch(page: Page): Promise<void> {
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: /^(Limits and rules|限额与规则)$/ }).click();
  const dialog = page.getByRole('dialog');
  await dialog.getByRole('checkbox').first().check();
  await dialog.getByRole('button', { name: /^(Continue|继续)$/ }).click();
  await dialog
    .getByRole('button', { name: /\$5\.00/ })
    .first()
    .click();
  await dialog.getByRole('button', { name: /^(Look at the difference|查看差异)$/ }).click();
  await expect(dialog.getByRole('list', { name: /^(What changes|更改汇总)$/ })).toBeVisible();
}

async function openMenu(page: Page, entry: RegExp): Promise<void> {
  await page.getByRole('table').getByRole('row').nth(1).getByRole('button').last().click();
  await page.getByRole('menuitem', { name: entry }).click();
}

async function openRotation(page: Page): Promise<void> {
  await openMenu(page, /^(Replace secret|轮换密钥)$/);
  await dialogIsOpen(page);
}

async function openKeyPage(page: Page): Promise<void> {
  await openMenu(page, /^(Statistics|统计)$/);
  await expect(page).toHaveURL(/keys\/view/);
  await settle(page);
}

async function openAccountPage(page: Page): Promise<void> {
  await openMenu(page, /^(Open as page|单独打开)$/);
  await expect(page).toHaveURL(/accounts\/view/);
  await settle(page);
}

async function openPause(page: Page): Promise<void> {
  await openMenu(page, /^(Pause|暂停)$/);
  await dialogIsOpen(page);
}

async function openAccountBatch(page: Page): Promise<void> {
  await page.getByRole('checkbox').first().check();
  await page.getByRole('button', { name: /^(Change|修改)…$/ }).click();
  const dialog = page.getByRole('dialog');
  for (const name of [/^(Priority|优先级)$/, /^(Hours of service|服务时段)$/, /^(Proxy|代理)$/])
    await dialog.getByRole('checkbox', { name }).check();
  await dialog.getByRole('button', { name: /^(Add hours|添加时段)$/ }).click();
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

type Locale = 'en' | 'zh-CN';
type Theme = 'light' | 'dark';

interface Look {
  widthPx: number;
  locale: Locale;
  theme: Theme;
  /** Looked at by axe: once per theme, and once as a table and once as cards. */
  axe?: boolean;
}

/** Every pair of language and theme, each width, each language and theme both wide and narrow. */
const looks: readonly Look[] = [
  { widthPx: 1440, locale: 'en', theme: 'light', axe: true },
  { widthPx: 2560, locale: 'en', theme: 'dark' },
  { widthPx: 768, locale: 'zh-CN', theme: 'light' },
  { widthPx: 360, locale: 'en', theme: 'light' },
  { widthPx: 390, locale: 'en', theme: 'light' },
  { widthPx: 390, locale: 'zh-CN', theme: 'dark', axe: true },
];

/** The other half of the pairs, for every other view. */
const turnedLooks: readonly Look[] = looks.map((look) => ({
  ...look,
  locale: look.locale === 'en' ? 'zh-CN' : 'en',
  theme: look.theme === 'light' ? 'dark' : 'light',
}));

for (const [index, { name, path, prepare, signedOut }] of views.entries()) {
  const shown = index % 2 === 0 ? looks : turnedLooks;
  const run = signedOut === true ? isolatedTest : test;
  run(name, async ({ page, context }) => {
    const [first, ...others] = shown;
    if (first === undefined) throw new Error('no look');
    if (signedOut === true) {
      await context.clearCookies();
      tolerate(page, /Failed to load resource.*401/);
    }
    if (name === 'no such page') tolerate(page, /Failed to load resource.*404/);
    await page.addInitScript((locale) => {
      const view = { state: { locale, density: 'comfortable' }, version: 0 };
      localStorage.setItem('crs-view', JSON.stringify(view));
    }, first.locale);
    await page.emulateMedia({ reducedMotion: 'reduce', colorScheme: first.theme });
    await page.goto(consoleUrl(path));
    await settle(page);
    expect(await policyOf(page)).toMatch(/script-src 'self'( 'sha256-[\w+/=]+')*;/);
    await prepare?.(page);
    // A dialog is looked at by axe in one colour, a page in both.
    const isPage = prepare === undefined;
    await check(page, { ...first, axe: isPage || index % 4 < 2 });
    for (const look of others) {
      await page.setViewportSize({ width: look.widthPx, height: heightOf(look) });
      await page.emulateMedia({ colorScheme: look.theme });
      await speak(page, look.locale);
      await check(page, { ...look, axe: look.axe === true && (isPage || index % 4 >= 2) });
    }
  });
}

function policyOf(page: Page): Promise<string> {
  return page.evaluate(
    () =>
      document.querySelector<HTMLMetaElement>('meta[http-equiv="Content-Security-Policy"]')?.content ?? '',
  );
}

test('every page of the export is among the views', () => {
  const out = join(import.meta.dirname, '../out');
  const exported = readdirSync(out, { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('/index.html'))
    .map((file) => `/${file.slice(0, -'index.html'.length)}`)
    .filter((path) => !/^\/(404|_not-found)\/$/.test(path));
  const viewed = new Set(views.map(({ path }) => path.split('?')[0]));
  expect(exported.length).toBeGreaterThan(10);
  expect(exported.filter((path) => !viewed.has(path))).toEqual([]);
});

/** Long on phones: what the bar at the bottom covers until one scrolls would be called too small. */
function heightOf({ widthPx }: Look): number {
  return widthPx < 640 ? 3200 : 900;
}

/** The language chosen in another window: the page follows without a new load, and keeps what is open. */
async function speak(page: Page, locale: Locale): Promise<void> {
  await page.evaluate((chosen) => {
    const view = { state: { locale: chosen, density: 'comfortable' }, version: 0 };
    localStorage.setItem('crs-view', JSON.stringify(view));
    window.dispatchEvent(new StorageEvent('storage', { key: 'crs-view' }));
  }, locale);
  await page.waitForFunction((chosen) => document.documentElement.lang === chosen, locale);
}

/** The page stands: its heading is there, nothing is loading, nothing moves. */
async function settle(page: Page): Promise<void> {
  await page.waitForFunction(
    () =>
      document.querySelectorAll('h1').length === 1 &&
      document.querySelector('.skeleton') === null &&
      document.getAnimations().every(({ playState }) => playState !== 'running'),
  );
}

async function check(page: Page, look: Look): Promise<void> {
  const { widthPx, locale, theme, axe } = look;
  const setting = `${widthPx} px, ${locale}, ${theme}`;
  await settle(page);
  expect(await page.evaluate(() => document.documentElement.lang)).toBe(locale);
  expect(await page.evaluate(measure), setting).toEqual({
    overflowPx: 0,
    isTitleCovered: false,
    small: [],
    long: [],
  });
  if (axe !== true) return;
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

/**
 * Runs in the page. Wider than the window by; whether something lies over the end of its title; controls too small for a thumb (44 px, in a line of text or of a list 24
 * px); lines of text nobody can follow with the eye.
 */
function measure(): { overflowPx: number; isTitleCovered: boolean; small: string[]; long: string[] } {
  const root = document.documentElement;
  const nameOf = (element: Element) =>
    `${element.tagName.toLowerCase()} ${(element.getAttribute('aria-label') ?? element.textContent).trim().slice(0, 40)}`;
  const modal = document.querySelector('[role="dialog"]');
  const visible = (selector: string) =>
    [...(modal ?? document).querySelectorAll<HTMLElement>(selector)].filter(
      (element) =>
        element.checkVisibility({ visibilityProperty: true }) && element.closest('[inert]') === null,
    );
  const small =
    window.innerWidth >= 640
      ? []
      : visible(
          'a[href]:not([href="#main"]), button, select, summary, input:not([type="hidden"]), textarea, [role="radio"]',
        )
          .filter((element) => {
            // What reacts to a thumb: the control, or the label around it.
            const boxes = [element, element.closest('label, .control') ?? element].map((target) =>
              target.getBoundingClientRect(),
            );
            const width = Math.max(...boxes.map((box) => box.width));
            const height = Math.max(...boxes.map((box) => box.height));
            // For readers of the screen only.
            if (width <= 1 || height <= 1) return false;
            const isInline =
              element.closest('p, li, td, dd, dt, h1, h2, h3, legend, label') !== null ||
              getComputedStyle(element).textDecorationLine === 'underline';
            return height < (isInline ? 24 : 43.5) || width < 24;
          })
          .map(nameOf);
  const long = visible('p, dd, li').filter((element) => {
    const text = [...element.childNodes].find(
      ({ nodeType, textContent }) => nodeType === Node.TEXT_NODE && (textContent ?? '').length > 130,
    );
    if (text === undefined) return false;
    const range = document.createRange();
    range.selectNodeContents(text);
    const isChinese = document.documentElement.lang === 'zh-CN';
    const letterPx = Number.parseFloat(getComputedStyle(element).fontSize) * (isChinese ? 1 : 0.5);
    return [...range.getClientRects()].some(({ width }) => width / letterPx > (isChinese ? 75 : 130));
  });
  const title = document.querySelector('h1');
  const end = title?.getBoundingClientRect();
  const atEnd = end === undefined ? null : document.elementFromPoint(end.right - 2, end.top + end.height / 2);
  return {
    isTitleCovered:
      modal === null &&
      window.scrollY === 0 &&
      end !== undefined &&
      end.width > 1 &&
      title?.contains(atEnd) !== true,
    overflowPx: Math.max(0, root.scrollWidth - root.clientWidth),
    small: [...new Set(small)],
    long: long.map(nameOf),
  };
}
