// Owns days of the week in a row, told by their first and last one. Pure.
import { type Weekday, weekdays } from '@crs/shared';

/** Two days in a row stand apart: only three and more are worth a dash. */
export function dayRuns(days: readonly Weekday[]): [first: Weekday, last: Weekday][] {
  const runs: [Weekday, Weekday, number][] = [];
  for (const [index, day] of weekdays.entries()) {
    if (!days.includes(day)) continue;
    const run = runs.at(-1);
    const before = weekdays[index - 1];
    if (run !== undefined && before !== undefined && run[1] === before) {
      run[1] = day;
      run[2] += 1;
    } else runs.push([day, day, 1]);
  }
  return runs.flatMap(([first, last, length]): [Weekday, Weekday][] =>
    length === 2
      ? [
          [first, first],
          [last, last],
        ]
      : [[first, last]],
  );
}
