// Owns the arithmetic of money: the one function that says what a call costs. Integers throughout, rounded once.
import type { ObservedUsage, PriceConditions } from '../../protocols/protocol.ts';
import type { PriceRow, Prices, Ratio } from './pack.ts';

export interface PricedCall {
  readonly usage: ObservedUsage;
  readonly conditions: PriceConditions;
  /** Answered within one part of the world; absent: anywhere. */
  readonly isRegional?: boolean;
  /** Prices have dates. */
  readonly atMs: number;
}

/** What applies where the row itself says nothing. */
export interface Defaults {
  readonly webSearchPicoUsd: bigint;
  /** For fast answers of a model whose surcharge is not known. */
  readonly fast: Ratio;
}

/** Pico-USD per token of one call, before multipliers. */
type CallPrices = { readonly [Name in keyof Prices]: bigint };

export interface Bill {
  readonly prices: CallPrices;
  /** Product of the multipliers; applies to tokens, not to searches. */
  readonly factor: Ratio;
  readonly multipliers: readonly string[];
  readonly webSearchPicoUsd: bigint;
  /** A surcharge had to be assumed. */
  readonly isAssumed: boolean;
  /** Exact: `numerator / denominator` pico-USD. */
  readonly total: Ratio;
}

const PICO_PER_NANO = 1000n;
export const tokenBuckets = ['input', 'cacheWrite5m', 'cacheWrite1h', 'cacheRead', 'output'] as const;

export function billFor(row: PriceRow, call: PricedCall, defaults: Defaults): Bill {
  const { usage } = call;
  const prices = pricesFor(row, call);
  const { factor, multipliers, isAssumed } = multipliersFor(row, call, defaults);
  const webSearchPicoUsd = row.webSearchPicoUsd ?? defaults.webSearchPicoUsd;
  let tokens = 0n;
  for (const bucket of tokenBuckets) tokens += BigInt(usage[bucket]) * prices[bucket];
  const numerator =
    tokens * factor.numerator + BigInt(usage.webSearches) * webSearchPicoUsd * factor.denominator;
  return {
    prices,
    factor,
    multipliers,
    webSearchPicoUsd,
    isAssumed,
    total: { numerator, denominator: factor.denominator },
  };
}

/** Half up, once. */
export function toNanoUsd({ numerator, denominator }: Ratio): number {
  const divisor = denominator * PICO_PER_NANO;
  return Number((2n * numerator + divisor) / (2n * divisor));
}

/** What the same tokens would have cost had none been written to a cache or read from one, less what they cost. */
export function cacheSavingsNanoUsd({ prices, factor, total }: Bill, usage: PricedCall['usage']): number {
  let savedTokensPrice = 0n;
  for (const bucket of ['cacheWrite5m', 'cacheWrite1h', 'cacheRead'] as const) {
    if (usage[bucket] > 0) savedTokensPrice += BigInt(usage[bucket]) * (prices.input - prices[bucket]);
  }
  if (savedTokensPrice === 0n) return 0;
  const uncached = { ...total, numerator: total.numerator + savedTokensPrice * factor.numerator };
  return toNanoUsd(uncached) - toNanoUsd(total);
}

/** The whole prompt decides the tier, and the tier every token of the call. */
function pricesFor(row: PriceRow, { usage, conditions, atMs }: PricedCall): CallPrices {
  const promptTokens = usage.input + usage.cacheWrite5m + usage.cacheWrite1h + usage.cacheRead;
  const dated = standardPrices(row, atMs);
  const tier = row.tiers.find(({ aboveTokens }) => promptTokens > aboveTokens);
  const service = row.serviceTiers.get(serviceTierName(conditions))?.prices;
  const long = tier === undefined ? dated : overlay(dated, tier.prices);
  const prices =
    service === undefined ? long : tier === undefined ? overlay(long, service) : dearer(long, service);
  // No price of its own: such tokens are charged as input.
  const input = prices.input ?? 0n;
  return {
    input,
    output: prices.output ?? 0n,
    cacheWrite5m: prices.cacheWrite5m ?? input,
    cacheWrite1h: prices.cacheWrite1h ?? input,
    cacheRead: prices.cacheRead ?? input,
  };
}

/** Below every tier. */
export function standardPrices(row: PriceRow, atMs: number): Prices {
  const listed = pricesOn(row, new Date(atMs).toISOString().slice(0, 10));
  return row.overridden === null ? listed : overlay(listed, row.overridden);
}

function pricesOn(row: PriceRow, day: string): Prices {
  const older = row.history.find(({ until }) => day <= until);
  if (older !== undefined) return overlay(row.base, older.prices);
  const newer = row.scheduled.find(({ from }) => from <= day);
  return newer === undefined ? row.base : overlay(row.base, newer.prices);
}

/** Fields of the upper list win where it has them. */
export function overlay(lower: Prices, upper: Prices): Prices {
  return {
    input: upper.input ?? lower.input,
    output: upper.output ?? lower.output,
    cacheWrite5m: upper.cacheWrite5m ?? lower.cacheWrite5m,
    cacheWrite1h: upper.cacheWrite1h ?? lower.cacheWrite1h,
    cacheRead: upper.cacheRead ?? lower.cacheRead,
  };
}

/** Vendors publish no price for a long prompt in another service tier: the dearer of both holds. */
function dearer(one: Prices, other: Prices): Prices {
  const pick = (name: keyof Prices): bigint | null => {
    const [a, b] = [one[name], other[name]];
    if (a === null || b === null) return a ?? b;
    return a > b ? a : b;
  };
  return {
    input: pick('input'),
    output: pick('output'),
    cacheWrite5m: pick('cacheWrite5m'),
    cacheWrite1h: pick('cacheWrite1h'),
    cacheRead: pick('cacheRead'),
  };
}

/** OpenAI sells `priority` under the name `fast` too. */
function serviceTierName({ serviceTier }: PriceConditions): string {
  const name = serviceTier?.toLowerCase() ?? '';
  return name === 'fast' ? 'priority' : name;
}

function multipliersFor(
  row: PriceRow,
  { conditions, isRegional = false }: PricedCall,
  defaults: Defaults,
): Pick<Bill, 'factor' | 'multipliers' | 'isAssumed'> {
  const applied: { readonly name: string; readonly ratio: Ratio }[] = [];
  const tierName = serviceTierName(conditions);
  const tier = row.serviceTiers.get(tierName);
  if (tier !== undefined) applied.push({ name: tierName, ratio: tier.multiplier ?? ONE });
  const fast = row.multipliers.get('fast');
  const isFast = conditions.speed === 'fast';
  if (isFast) applied.push({ name: 'fast', ratio: fast ?? defaults.fast });
  const geo = row.multipliers.get('inference_geo_us');
  if (conditions.inferenceGeo?.toLowerCase() === 'us' && geo !== undefined) {
    applied.push({ name: 'inference_geo_us', ratio: geo });
  }
  for (const name of isRegional ? REGIONAL_MULTIPLIERS : []) {
    const ratio = row.multipliers.get(name);
    if (ratio !== undefined) applied.push({ name, ratio });
  }
  return {
    factor: applied.reduce<Ratio>((product, { ratio }) => times(product, ratio), ONE),
    multipliers: applied.map(({ name, ratio }) => `${name} x${decimalText(ratio)}`),
    isAssumed: isFast && fast === undefined,
  };
}

/** What the price pack calls the surcharge for answers from one part of the world; a row has at most one of them. */
export const REGIONAL_MULTIPLIERS = ['regional_endpoint', 'regional_processing'] as const;

const ONE: Ratio = { numerator: 1n, denominator: 1n };

function times(a: Ratio, b: Ratio): Ratio {
  return { numerator: a.numerator * b.numerator, denominator: a.denominator * b.denominator };
}

/** Exact decimal text of a ratio whose denominator is a power of ten. */
export function decimalText({ numerator, denominator }: Ratio): string {
  const whole = numerator / denominator;
  const rest = numerator % denominator;
  if (rest === 0n) return whole.toString();
  const places = denominator.toString().length - 1;
  return `${whole}.${rest.toString().padStart(places, '0').replace(/0+$/, '')}`;
}
