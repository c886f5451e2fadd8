// The closing table and the one line that ends `npm test`.
import type { Counts } from './counts.ts';
import type { StepResult } from './step.ts';

export function summaryTable(results: readonly StepResult[], totalSeconds: number): string {
  const rows = results.map(({ name, counts, seconds, note }) => [
    counts.failed === 0 ? 'ok' : 'FAILED',
    name,
    String(counts.passed),
    String(counts.failed),
    String(counts.skipped),
    `${seconds.toFixed(1)} s`,
    note,
  ]);
  const table = [['', 'step', 'passed', 'failed', 'skipped', 'time', ''], ...rows];
  const widths =
    table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const isFigure = (column: number): boolean => column >= 2 && column <= 5;
  const lines = table.map((cells) =>
    cells
      .map((cell, column) =>
        isFigure(column) ? cell.padStart(widths[column] ?? 0) : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd(),
  );
  return [...lines, `in ${Math.round(totalSeconds)} s`].join('\n');
}

export function total(results: readonly StepResult[]): Counts {
  const sum = (read: (counts: Counts) => number): number =>
    results.reduce((so, { counts }) => so + read(counts), 0);
  return {
    passed: sum((counts) => counts.passed),
    failed: sum((counts) => counts.failed),
    skipped: sum((counts) => counts.skipped),
  };
}

export function lastLine({ passed, failed, skipped }: Counts): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}
