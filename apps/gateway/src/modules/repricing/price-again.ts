// Owns what an attempt costs by other prices: a row of the ledger in, the same row with new money out. Pure.
import { type Service, timesRate } from '@crs/shared';
import type { PriceBook } from '../pricing/index.ts';
import type { AttemptRecord, PriceBasis } from '../usage/index.ts';

/** Whose models a list sells. */
const SERVICES: ReadonlyMap<string, Service> = new Map([
  ['anthropic', 'claude'],
  ['bedrock', 'claude'],
  ['openai', 'openai'],
  ['azure', 'openai'],
  ['gemini', 'gemini'],
]);

/** Null where it stays as it is: nothing was priced, or the same comes out. `atMs`: when its request arrived. */
export function pricedAgain(attempt: AttemptRecord, book: PriceBook, atMs: number): AttemptRecord | null {
  const [list = ''] = attempt.price.row?.split('/', 1) ?? [];
  const service = SERVICES.get(list);
  if (service === undefined) return null;
  const market = attempt.basis === null ? marketOf(list, attempt) : marketFrom(attempt.basis);
  const { costNanoUsd, cacheSavingsNanoUsd, price } = book.cost({
    service,
    model: attempt.model,
    servedModel: attempt.servedModel,
    usage: { ...attempt.usage, webSearches: attempt.webSearches },
    conditions: attempt.basis ?? book.conditionsOf(attempt.price.multipliers),
    market,
    atMs,
  });
  const chargedNanoUsd = chargedFor(attempt, costNanoUsd);
  const { price: before } = attempt;
  const isSame =
    costNanoUsd === attempt.costNanoUsd &&
    chargedNanoUsd === attempt.chargedNanoUsd &&
    price.row === before.row &&
    price.isFallback === before.isFallback;
  return isSame
    ? null
    : { ...attempt, costNanoUsd, chargedNanoUsd, cacheSavingsNanoUsd, price, original: originalOf(attempt) };
}

/** Null where it was never priced again. */
export function asAtFirst(attempt: AttemptRecord): AttemptRecord | null {
  return attempt.original === null ? null : { ...attempt, ...attempt.original, original: null };
}

/** What it was charged at first, however often it is priced again. */
function originalOf(attempt: AttemptRecord) {
  const { original, costNanoUsd, chargedNanoUsd, cacheSavingsNanoUsd, price } = attempt;
  return original ?? { costNanoUsd, chargedNanoUsd, cacheSavingsNanoUsd, price };
}

/** By the rates of then. A row that does not say them was charged at the ratio that it shows, of what it cost at first. */
function chargedFor(attempt: AttemptRecord, costNanoUsd: number): number {
  if (attempt.basis !== null) return timesRate(costNanoUsd, attempt.basis.keyRate, attempt.basis.serviceRate);
  const first = originalOf(attempt);
  if (first.costNanoUsd === 0) return costNanoUsd;
  const [numerator, denominator] = [
    BigInt(costNanoUsd) * BigInt(first.chargedNanoUsd),
    BigInt(first.costNanoUsd),
  ];
  return Number((2n * numerator + denominator) / (2n * denominator));
}

function marketFrom({ list, isRegional }: PriceBasis) {
  return list === null ? null : { list, isRegional };
}

/** Rows of earlier versions say it by the list and the surcharges that priced them. */
function marketOf(list: string, { price }: AttemptRecord) {
  const isRegional = price.multipliers.some((text) => text.startsWith('regional_'));
  return list === 'azure' || list === 'bedrock' ? ({ list, isRegional } as const) : null;
}
