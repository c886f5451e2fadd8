// Owns paging through a large list in memory: only the page is put in order, the rest is only told apart.

/** Ranges this short are sorted outright. */
const SHORT = 32;

/**
 * Items `start` to `end` (exclusive) of what `items` would be when sorted. Reorders `items`. Linear in the number of
 * items for a page of any depth, where a full sort of 100,000 takes longer than a list may.
 */
export function sortedSlice<T>(items: T[], compare: (a: T, b: T) => number, start: number, end: number): T[] {
  const to = Math.min(end, items.length);
  if (start >= to) return [];
  // The page is the range between the `start`th and the `to`th smallest item.
  select(items, compare, start, 0, items.length);
  select(items, compare, to, start, items.length);
  return items.slice(start, to).sort(compare);
}

/** Puts every item that belongs before position `rank` before it, within `from`..`to` (exclusive). */
function select<T>(
  items: T[],
  compare: (a: T, b: T) => number,
  rank: number,
  from: number,
  to: number,
): void {
  let low = from;
  let high = to;
  // A run of bad pivots ends in an ordinary sort, so that no order of the input is slow.
  let triesLeft = 2 * Math.ceil(Math.log2(Math.max(2, to - from)));
  while (low < rank && rank < high) {
    if (high - low <= SHORT || triesLeft === 0) {
      sortRange(items, compare, low, high);
      return;
    }
    triesLeft -= 1;
    const [lessEnd, greaterStart] = partition(items, compare, low, high);
    if (rank <= lessEnd) high = lessEnd;
    else if (rank >= greaterStart) low = greaterStart;
    else return;
  }
}

function sortRange<T>(items: T[], compare: (a: T, b: T) => number, low: number, high: number): void {
  const sorted = items.slice(low, high).sort(compare);
  for (const [index, item] of sorted.entries()) items[low + index] = item;
}

/** Three ways around a pivot: less, equal, greater. Answers where equal begins and where greater begins. */
function partition<T>(
  items: T[],
  compare: (a: T, b: T) => number,
  low: number,
  high: number,
): [number, number] {
  const pivot = middleOf(items, compare, low, high);
  let less = low;
  let greater = high;
  let index = low;
  while (index < greater) {
    const item = at(items, index);
    const order = compare(item, pivot);
    if (order < 0) {
      items[index] = at(items, less);
      items[less] = item;
      less += 1;
      index += 1;
    } else if (order > 0) {
      greater -= 1;
      items[index] = at(items, greater);
      items[greater] = item;
    } else {
      index += 1;
    }
  }
  return [less, greater];
}

/** Median of nine items spread over the range. */
function middleOf<T>(items: T[], compare: (a: T, b: T) => number, low: number, high: number): T {
  const step = (high - low - 1) / 8;
  const sample = Array.from({ length: 9 }, (_, index) => at(items, low + Math.floor(index * step)));
  return at(sample.sort(compare), 4);
}

function at<T>(items: readonly T[], index: number): T {
  const item = items[index];
  if (item === undefined) throw new RangeError(`no item ${index} of ${items.length}`);
  return item;
}
