// Owns prices: what a call costs, how that came about, which models there are.
import type { priceLineSchema, Service } from '@crs/shared';
import type { z } from 'zod';
import type { Clock } from '../../platform/clock.ts';
import type { ModelInfo, ObservedUsage, PriceConditions } from '../../protocols/protocol.ts';
import type { Market } from '../../providers/provider.ts';
import {
  type Bill,
  billFor,
  type Defaults,
  type PricedCall,
  REGIONAL_MULTIPLIERS,
  toNanoUsd,
} from './cost.ts';
import { linesOf } from './lines.ts';
import { PriceIndex } from './lookup.ts';
import { currentModels } from './models.ts';
import type { PricePack, PriceRow, Ratio } from './pack.ts';

export type PriceLine = z.output<typeof priceLineSchema>;

/** How a cost came about, as ledger rows keep it. */
interface AppliedPrice {
  packId: string;
  /** Row of the pack (`anthropic/claude-opus-5-5`), null where nothing was priced. */
  row: string | null;
  /** The model is not listed, or a surcharge of it is not known: the dearest that it may be was taken. */
  isFallback: boolean;
  /** `fast x2`, `inference_geo_us x1.1`, `batch x0.5`. */
  multipliers: string[];
}

export interface CostInput {
  readonly service: Service;
  /** As the client asked. */
  readonly model: string;
  /** As the upstream says, or as it was asked; priced before `model` where it is listed. */
  readonly servedModel: string | null;
  readonly usage: ObservedUsage;
  readonly conditions: PriceConditions;
  /** Where it is sold; absent: by the model's own vendor. */
  readonly market?: Market | null | undefined;
  /** When the call began, for prices that change; now unless given. */
  readonly atMs?: number;
  /** What a call may cost, not one that was made: an unlisted model is not noted. */
  readonly isEstimate?: boolean;
}

/** What a stored attempt knows of its price. */
interface StoredCost {
  readonly usage: Omit<ObservedUsage, 'webSearches'>;
  readonly webSearches: number;
  readonly costNanoUsd: number;
  readonly startedAtMs: number;
  readonly price: Readonly<Omit<AppliedPrice, 'multipliers'>> & { readonly multipliers: readonly string[] };
}

interface UnknownModel {
  readonly service: Service;
  readonly model: string;
  /** The row that was charged last. */
  readonly chargedAs: string;
  readonly calls: number;
  readonly lastSeenMs: number;
}

export interface Pricing {
  readonly packId: string;
  /** Day the prices are of. */
  readonly packDate: string;
  cost(input: CostInput): { costNanoUsd: number; price: AppliedPrice };
  /** Lines of a stored attempt; they add up to its cost exactly. */
  lines(stored: StoredCost): PriceLine[];
  /** The most a model reads and writes in one call; of an unlisted one, the most that any reads and writes. */
  capacity(service: Service, model: string): { contextTokens: number; outputTokens: number };
  /** Models of a service that have not ended, newest first. */
  models(service: Service): ModelInfo[];
  /** Models that were charged as another, since the start of this process. */
  unknownModels(): UnknownModel[];
}

/** Names come from clients: the list of unknown ones has an end. */
const MAX_UNKNOWN_MODELS = 200;
const LARGEST_CONTEXT_TOKENS = 2_000_000;
const LARGEST_OUTPUT_TOKENS = 128_000;

export function createPricing(pack: PricePack, { clock }: { clock: Clock }): Pricing {
  const index = new PriceIndex(pack.rows);
  const defaults = defaultsOf(pack.rows);
  const unknown = new Map<string, UnknownModel>();

  function noteUnknown(service: Service, model: string, row: PriceRow): void {
    const key = `${service}/${model}`;
    const known = unknown.get(key);
    if (known === undefined && unknown.size >= MAX_UNKNOWN_MODELS) return;
    const calls = (known?.calls ?? 0) + 1;
    unknown.set(key, { service, model, chargedAs: row.key, calls, lastSeenMs: clock.now() });
  }

  return {
    packId: pack.id,
    packDate: pack.date,
    cost(input) {
      const { service, model, servedModel, usage, conditions } = input;
      const { list = null, isRegional = false } = input.market ?? {};
      const call: PricedCall = { usage, conditions, isRegional, atMs: input.atMs ?? clock.now() };
      const listed =
        (servedModel === null ? null : index.find(service, servedModel, list)) ??
        index.find(service, model, list);
      const { row, bill } =
        listed === null
          ? dearest(index.relatives(service, servedModel ?? model), call, defaults)
          : { row: listed, bill: billFor(listed, call, defaults) };
      if (listed === null && input.isEstimate !== true) noteUnknown(service, servedModel ?? model, row);
      return {
        costNanoUsd: toNanoUsd(bill.total),
        price: {
          packId: pack.id,
          row: row.key,
          isFallback: listed === null || bill.isAssumed,
          multipliers: [...bill.multipliers],
        },
      };
    },
    lines({ usage, webSearches, costNanoUsd, startedAtMs, price }) {
      const row = price.row === null ? null : index.byKey(price.row);
      if (row === null) return [];
      const all = { ...usage, webSearches };
      const bill = billFor(
        row,
        { usage: all, ...circumstancesOf(price.multipliers), atMs: startedAtMs },
        defaults,
      );
      return linesOf(all, bill, costNanoUsd);
    },
    capacity(service, model) {
      const row = index.find(service, model);
      return {
        contextTokens: row?.contextWindow ?? LARGEST_CONTEXT_TOKENS,
        outputTokens: row?.maxOutput ?? LARGEST_OUTPUT_TOKENS,
      };
    },
    models: (service) =>
      currentModels(index.ofService(service), new Date(clock.now()).toISOString().slice(0, 10)),
    unknownModels: () => [...unknown.values()],
  };
}

/** The row under which this very call costs most; of equals the one with the dearest output. */
function dearest(
  rows: readonly PriceRow[],
  call: PricedCall,
  defaults: Defaults,
): { row: PriceRow; bill: Bill } {
  const bills = rows.map((row) => ({ row, bill: billFor(row, call, defaults) }));
  return bills.reduce((best, next) => {
    const difference =
      next.bill.total.numerator * best.bill.total.denominator -
      best.bill.total.numerator * next.bill.total.denominator;
    const isDearer = difference === 0n ? next.bill.prices.output > best.bill.prices.output : difference > 0n;
    return isDearer ? next : best;
  });
}

function defaultsOf(rows: readonly PriceRow[]): Defaults {
  let webSearchPicoUsd = 0n;
  let fast: Ratio = { numerator: 1n, denominator: 1n };
  for (const row of rows) {
    const search = row.provider === 'anthropic' ? (row.webSearchPicoUsd ?? 0n) : 0n;
    if (search > webSearchPicoUsd) webSearchPicoUsd = search;
    const ratio = row.multipliers.get('fast');
    if (ratio !== undefined && ratio.numerator * fast.denominator > fast.numerator * ratio.denominator)
      fast = ratio;
  }
  return { webSearchPicoUsd, fast };
}

/** Back from the words in a stored price to the circumstances they stand for. */
function circumstancesOf(multipliers: readonly string[]): Pick<PricedCall, 'conditions' | 'isRegional'> {
  const names = multipliers.map((text) => text.split(' ', 1)[0] ?? '');
  const others = new Set(['fast', 'inference_geo_us', ...REGIONAL_MULTIPLIERS]);
  return {
    isRegional: REGIONAL_MULTIPLIERS.some((name) => names.includes(name)),
    conditions: {
      speed: names.includes('fast') ? 'fast' : null,
      inferenceGeo: names.includes('inference_geo_us') ? 'us' : null,
      serviceTier: names.find((name) => !others.has(name)) ?? null,
    },
  };
}
