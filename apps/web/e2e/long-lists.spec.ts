// A list of five hundred rows: only those near the window are drawn, scrolling is smooth and moves nothing, and the
// keyboard reaches every row.
import type { Page } from '@playwright/test';
import { createKeys } from './support/api.ts';
import { consoleUrl } from './support/stack.ts';
import { expect, test } from './support/watched-page.ts';

const ROWS = 500;
/** Of one turn of the browser's main thread while the list scrolls. A quick machine needs a twentieth of it. */
const LONGEST_TASK_MS = 500;
/** More rows than two windows hold are too many. */
const MOST_DRAWN = 80;
const STEPS = 40;

interface Scrolled {
  longestTaskMs: number;
  shift: number;
  mostDrawn: number;
  /** Steps after which the middle of the window showed no row. */
  blank: number;
  /** Left edges of the header's cells, each that was seen. */
  edges: string[];
}

/** Scrolls from end to end, a step in every other frame. */
function scrollThrough(page: Page): Promise<Scrolled> {
  return page.evaluate(async (steps) => {
    const seen: Scrolled = { longestTaskMs: 0, shift: 0, mostDrawn: 0, blank: 0, edges: [] };
    const observer = new PerformanceObserver((entries) => {
      for (const entry of entries.getEntries()) {
        if (entry.entryType === 'longtask') seen.longestTaskMs = Math.max(seen.longestTaskMs, entry.duration);
        else if (movesContent(entry)) seen.shift += (entry as unknown as { value: number }).value;
      }
    });
    // The gap in place of rows that are not drawn shows nothing: that it gives way to them moves nothing.
    function movesContent(entry: PerformanceEntry): boolean {
      const { sources } = entry as unknown as { sources: { node: Node | null }[] };
      return sources.some(({ node }) => !(node instanceof Element && node.matches('tr[aria-hidden]')));
    }
    observer.observe({ type: 'longtask' });
    observer.observe({ type: 'layout-shift' });
    const frame = () => new Promise((resolve) => requestAnimationFrame(resolve));
    const edges = new Set<string>();
    for (let step = 1; step <= steps; step += 1) {
      const end = document.documentElement.scrollHeight - window.innerHeight;
      window.scrollTo(0, (end * step) / steps);
      await frame();
      await frame();
      seen.mostDrawn = Math.max(seen.mostDrawn, document.querySelectorAll('tbody tr[data-row-id]').length);
      const middle = document.elementFromPoint(window.innerWidth / 2, window.innerHeight / 2);
      if (middle?.closest('tr[data-row-id]') === null) seen.blank += 1;
      edges.add(
        [...document.querySelectorAll('thead th')]
          .map((th) => Math.round(th.getBoundingClientRect().left))
          .join(),
      );
    }
    await frame();
    observer.disconnect();
    return { ...seen, edges: [...edges] };
  }, STEPS);
}

test('five hundred keys scroll smoothly and answer to the keyboard', async ({ page }) => {
  await createKeys(page, 'Long list {nnn}', ROWS);
  await page.goto(consoleUrl('/keys/?search=Long+list&sort=name&pageSize=500'));
  const table = page.getByRole('table', { name: 'Keys' });
  await expect(table.getByRole('row').filter({ hasText: 'Long list 001' })).toBeVisible();
  await expect(table).toHaveAttribute('aria-rowcount', String(ROWS + 1));

  const seen = await scrollThrough(page);
  expect(seen.mostDrawn).toBeGreaterThan(10);
  expect(seen.mostDrawn).toBeLessThan(MOST_DRAWN);
  expect(seen.blank).toBe(0);
  expect(seen.edges, 'columns stay where they are').toHaveLength(1);
  const heights = await page.evaluate(() =>
    [...document.querySelectorAll('tbody tr[data-row-id]')].map((row) => row.getBoundingClientRect().height),
  );
  expect(new Set(heights), 'rows are of one height').toHaveProperty('size', 1);
  expect(seen.shift, 'nothing jumps').toBeLessThan(0.05);
  expect(seen.longestTaskMs).toBeLessThan(LONGEST_TASK_MS);
  const last = table.getByRole('row').filter({ hasText: 'Long list 500' });
  await expect(last).toBeVisible();
  await expect(last).toHaveAttribute('aria-rowindex', String(ROWS + 1));

  // By keyboard from the last row to the one before; x selects what has the focus, drawn or not.
  await last.focus();
  await page.keyboard.press('k');
  const before = table.getByRole('row').filter({ hasText: 'Long list 499' });
  await expect(before).toBeFocused();
  await page.evaluate(() => window.scrollTo(0, 0));
  await expect(table.getByRole('row').filter({ hasText: 'Long list 001' })).toBeVisible();
  await expect(before).toBeFocused();
  await page.keyboard.press('x');
  await expect(page.getByRole('region', { name: 'Selected keys' })).toContainText('1 key');
  await page.keyboard.press('k');
  const third = table.getByRole('row').filter({ hasText: 'Long list 498' });
  await expect(third).toBeFocused();
  await expect(third).toBeInViewport();
});
