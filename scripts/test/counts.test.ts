import { expect, test } from 'vitest';
import { countPlaywright, countVitest, coverageByArea } from './counts.ts';
import { lastLine, total } from './summary.ts';

test('a test file that cannot be loaded counts as a failure although it holds no failed test', () => {
  const report = {
    numPassedTests: 7,
    numFailedTests: 1,
    numPendingTests: 2,
    numTodoTests: 1,
    testResults: [
      { status: 'passed', assertionResults: [{ status: 'passed' }] },
      { status: 'failed', assertionResults: [{ status: 'failed' }] },
      { status: 'failed', assertionResults: [] },
    ],
  };
  expect(countVitest(report)).toEqual({ passed: 7, failed: 2, skipped: 3 });
});

test('a browser run that broke outside its tests counts as failed', () => {
  const report = {
    stats: { expected: 4, flaky: 1, unexpected: 0, skipped: 1 },
    errors: [{ message: 'no server' }],
  };
  expect(countPlaywright(report)).toEqual({ passed: 5, failed: 1, skipped: 1 });
});

test('line coverage is summed per area and never rounded up to the floor', () => {
  const summary = {
    total: { lines: { total: 4000, covered: 4000 } },
    '/a b/apps/gateway/src/one.ts': { lines: { total: 1000, covered: 849 } },
    '/a b/apps/gateway/src/two.ts': { lines: { total: 1000, covered: 850 } },
  };
  const areas = { gateway: 'apps/gateway/src', shared: 'packages/shared/src' };
  expect(coverageByArea(summary, areas)).toEqual([{ area: 'gateway', percent: 84.9 }]);
});

test('the last line sums all steps and names skipped tests only when there are some', () => {
  const step = (passed: number, failed: number, skipped: number) => ({
    name: 'step',
    counts: { passed, failed, skipped },
    seconds: 1,
    note: '',
  });
  expect(lastLine(total([step(1, 0, 0), step(20, 0, 0)]))).toBe('21 passed, 0 failed');
  expect(lastLine(total([step(1, 2, 0), step(20, 0, 3)]))).toBe('21 passed, 2 failed, 3 skipped');
});
