// Owns how many of many times were how long, in little room: counts by bucket, eight buckets for each doubling. What is
// read from it lies in the bucket of the true value, so it is never more than a tenth off.

/** Longer times count as this long: 70 minutes. */
const LONGEST_MS = 2 ** 22;
const BUCKETS_PER_DOUBLING = 8;
/** Up to so many counts are a list, more have a place for each bucket. */
const MOST_LISTED = 16;

/** First whole ms of each bucket; the short ones hold one ms each. */
const firstMs = bucketStarts();

function bucketStarts(): readonly number[] {
  const starts = new Set([0]);
  for (let step = 0; ; step += 1) {
    const start = Math.round(2 ** (step / BUCKETS_PER_DOUBLING));
    starts.add(start);
    if (start >= LONGEST_MS) return [...starts];
  }
}

function bucketOf(ms: number): number {
  let [low, high] = [0, firstMs.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if ((firstMs[middle] ?? 0) <= ms) low = middle;
    else high = middle - 1;
  }
  return low;
}

export class LatencyHistogram {
  /** Bucket, count, bucket, count, … as they came; null once there are many. */
  #listed: number[] | null = [];
  #counts = NO_COUNTS;

  /** Whole ms. */
  addTime(ms: number): void {
    this.#add(bucketOf(ms), 1);
  }

  /** `sign` -1 takes away what was added before. */
  addAll(other: LatencyHistogram, sign: 1 | -1 = 1): void {
    other.#each((bucket, count) => this.#add(bucket, sign * count));
  }

  /** Adds what `text` wrote; false for anything else. A page reads tens of thousands: nothing is made on the way. */
  addText(text: string, from = 0, to = text.length): boolean {
    // Distance from the bucket before, then the count; five bits a character, a sixth says that there is more.
    let [value, factor, bucket] = [0, 1, 0];
    let isCount = false;
    for (let at = from; at < to; at += 1) {
      const digit = digitOf[text.charCodeAt(at)] ?? NO_DIGIT;
      if (digit === NO_DIGIT) return false;
      value += (digit & 31) * factor;
      factor *= 32;
      if (digit >= 32) continue;
      if (isCount) this.#add(bucket, value);
      else bucket += value;
      if (bucket >= firstMs.length || value > Number.MAX_SAFE_INTEGER) return false;
      value = 0;
      factor = 1;
      isCount = !isCount;
    }
    return !isCount && factor === 1;
  }

  /** The same counts are the same text; '' for none. */
  text(): string {
    let [text, before] = ['', 0];
    this.#each((bucket, count) => {
      text += digits(bucket - before) + digits(count);
      before = bucket;
    });
    return text;
  }

  get total(): number {
    let total = 0;
    this.#each((_, count) => {
      total += count;
    });
    return total;
  }

  /** Times that these parts of all (0 to 1, ascending) did not exceed, in ms; null where nothing was counted. */
  quantiles(parts: readonly number[]): number[] | null {
    const { total } = this;
    if (total === 0) return null;
    const ranks = parts.map((part) => Math.max(1, Math.ceil(part * total)));
    const found: number[] = [];
    let before = 0;
    this.#each((bucket, count) => {
      const first = firstMs[bucket] ?? 0;
      const last = Math.max(first, (firstMs[bucket + 1] ?? first) - 1);
      for (let rank = ranks[found.length]; rank !== undefined && rank <= before + count; ) {
        // Those of a bucket are taken to lie evenly in it.
        found.push(Math.round(first + ((last - first) * (rank - before - 0.5)) / count));
        rank = ranks[found.length];
      }
      before += count;
    });
    return found;
  }

  toJSON(): string {
    return this.text();
  }

  /** By bucket; nothing that is not there. */
  #each(visit: (bucket: number, count: number) => void): void {
    const listed = this.#listed;
    if (listed === null) {
      for (let bucket = 0; bucket < this.#counts.length; bucket += 1) {
        const count = this.#counts[bucket] ?? 0;
        if (count > 0) visit(bucket, count);
      }
      return;
    }
    // Few: each time the next higher one.
    for (let before = -1; ; ) {
      let next = -1;
      for (let at = 0; at < listed.length; at += 2) {
        const bucket = listed[at] ?? 0;
        if (bucket > before && (next === -1 || bucket < (listed[next] ?? 0))) next = at;
      }
      if (next === -1) return;
      before = listed[next] ?? 0;
      const count = listed[next + 1] ?? 0;
      if (count > 0) visit(before, count);
    }
  }

  #add(bucket: number, count: number): void {
    const listed = this.#listed;
    if (listed === null) {
      this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
      return;
    }
    for (let at = 0; at < listed.length; at += 2) {
      if (listed[at] !== bucket) continue;
      listed[at + 1] = (listed[at + 1] ?? 0) + count;
      return;
    }
    listed.push(bucket, count);
    if (listed.length <= 2 * MOST_LISTED) return;
    this.#counts = new Float64Array(firstMs.length);
    this.#listed = null;
    for (let at = 0; at < listed.length; at += 2) this.#counts[listed[at] ?? 0] = listed[at + 1] ?? 0;
  }
}

const NO_COUNTS = new Float64Array(0);
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
const NO_DIGIT = -1;
const digitOf = Int8Array.from({ length: 128 }, (_, code) => DIGITS.indexOf(String.fromCharCode(code)));

function digits(value: number): string {
  let [text, left] = ['', value];
  do {
    const low = left % 32;
    left = Math.floor(left / 32);
    text += DIGITS.charAt(left > 0 ? low + 32 : low);
  } while (left > 0);
  return text;
}
