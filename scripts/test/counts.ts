// Reads how many tests passed and failed from what the test programs report.

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

/** Vitest's JSON report. A file that could not even be loaded has no tests: it counts as one failure. */
export function countVitest(report: unknown): Counts {
  const files = listField(report, 'testResults');
  const brokenFiles = files.filter(
    (file) =>
      field(file, 'status') === 'failed' &&
      !listField(file, 'assertionResults').some((test) => field(test, 'status') === 'failed'),
  ).length;
  return {
    passed: numberField(report, 'numPassedTests'),
    failed: numberField(report, 'numFailedTests') + brokenFiles,
    skipped: numberField(report, 'numPendingTests') + numberField(report, 'numTodoTests'),
  };
}

/** Playwright's JSON report. A test that passed only when repeated counts as passed; errors outside tests as failures. */
export function countPlaywright(report: unknown): Counts {
  const stats = field(report, 'stats');
  return {
    passed: numberField(stats, 'expected') + numberField(stats, 'flaky'),
    failed: numberField(stats, 'unexpected') + listField(report, 'errors').length,
    skipped: numberField(stats, 'skipped'),
  };
}

export interface LineCoverage {
  area: string;
  percent: number;
}

/** Share of covered lines per area from a coverage summary by file; an area without files is left out. */
export function coverageByArea(summary: unknown, areas: Readonly<Record<string, string>>): LineCoverage[] {
  const files = typeof summary === 'object' && summary !== null ? Object.entries(summary) : [];
  return Object.entries(areas).flatMap(([area, folder]) => {
    let total = 0;
    let covered = 0;
    for (const [path, entry] of files) {
      if (!path.includes(`/${folder}/`)) continue;
      total += numberField(field(entry, 'lines'), 'total');
      covered += numberField(field(entry, 'lines'), 'covered');
    }
    return total === 0 ? [] : [{ area, percent: Math.floor((covered / total) * 1000) / 10 }];
  });
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function numberField(value: unknown, name: string): number {
  const number = field(value, name);
  return typeof number === 'number' ? number : 0;
}

function listField(value: unknown, name: string): unknown[] {
  const list = field(value, name);
  return Array.isArray(list) ? list : [];
}
