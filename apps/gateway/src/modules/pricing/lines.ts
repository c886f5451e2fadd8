// Owns showing how a stored cost came about: a line per bucket, and the lines add up to it to the nano-dollar.
import type { PriceLine } from './book.ts';
import { type Bill, decimalText, tokenBuckets } from './cost.ts';
import type { ObservedUsage } from '../../protocols/protocol.ts';

interface Part {
  readonly bucket: string;
  readonly count: number;
  /** Pico-USD each, over `denominator`. */
  readonly each: bigint;
}

/**
 * `usdPerMTok` has the multipliers in it (for searches: USD per million searches). Shares of `costNanoUsd` follow the
 * bill; where prices have changed since, they are still what was charged, shared out alike.
 */
export function linesOf(usage: ObservedUsage, bill: Bill, costNanoUsd: number): PriceLine[] {
  const { denominator } = bill.factor;
  const parts: Part[] = [
    ...tokenBuckets.map((bucket) => ({
      bucket,
      count: usage[bucket],
      each: bill.prices[bucket] * bill.factor.numerator,
    })),
    { bucket: 'webSearches', count: usage.webSearches, each: bill.webSearchPicoUsd * denominator },
  ].filter(({ count }) => count > 0);
  const costs = share(
    BigInt(costNanoUsd),
    parts.map(({ count, each }) => BigInt(count) * each),
  );
  return parts.map(({ bucket, count, each }, index) => ({
    bucket,
    tokens: count,
    usdPerMTok: decimalText({ numerator: each, denominator: denominator * 1_000_000n }),
    costNanoUsd: Number(costs[index] ?? 0n),
  }));
}

/** Divides by running sums, so that nothing is lost to rounding. */
function share(total: bigint, weights: readonly bigint[]): bigint[] {
  const sum = weights.reduce((all, weight) => all + weight, 0n);
  let weightSoFar = 0n;
  let given = 0n;
  return weights.map((weight, index) => {
    weightSoFar += weight;
    const isLast = index === weights.length - 1;
    const upTo = isLast || sum === 0n ? total : (total * weightSoFar) / sum;
    const part = upTo - given;
    given = upTo;
    return part;
  });
}
