// Owns how heavy a page may be: the JavaScript a modern browser loads before the page is alive, gzipped.

const LIGHT_BYTES = 200_000;
const CHART_BYTES = 380_000;
/** Pages that draw charts in their first view. */
const chartPages = ['dashboard/index.html'];
const basePath = '/web/';

export interface PageWeight {
  page: string;
  bytes: number;
  budgetBytes: number;
}

export function budgetOf(page: string): number {
  return chartPages.includes(page) ? CHART_BYTES : LIGHT_BYTES;
}

/** Paths below the export of the scripts a page names; `nomodule` ones are for old browsers and do not count. */
export function firstLoadScripts(html: string): string[] {
  const tags = [...html.matchAll(/<script\b[^>]*\bsrc="(?<src>[^"]+)"[^>]*>/g)];
  const sources = tags
    .filter((tag) => !/\snomodule\b/i.test(tag[0]))
    .map((tag) => (tag.groups?.['src'] ?? '').split('?')[0] ?? '')
    .map((source) => (source.startsWith(basePath) ? source.slice(basePath.length) : source));
  return [...new Set(sources)];
}

/** A table for people: page, weight, budget. */
export function formatBudgetTable(weights: readonly PageWeight[]): string {
  const kilobytes = (bytes: number) => `${(bytes / 1000).toFixed(1)} kB`;
  const width = Math.max(...weights.map(({ page }) => page.length), 4);
  const lines = weights
    .toSorted((a, b) => a.page.localeCompare(b.page))
    .map(({ page, bytes, budgetBytes }) => {
      const verdict = bytes <= budgetBytes ? '' : '  OVER BUDGET';
      return `${page.padEnd(width)}  ${kilobytes(bytes).padStart(10)}  of ${kilobytes(budgetBytes)}${verdict}`;
    });
  return ['First-load JavaScript, gzip', ...lines].join('\n');
}
