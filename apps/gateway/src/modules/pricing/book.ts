// Owns prices at one version of the list: what a call costs, how that came about, which models there are.
import type { priceLineSchema, Service } from '@crs/shared';
import type { z } from 'zod';
import type { ModelInfo, ObservedUsage, PriceConditions } from '../../protocols/protocol.ts';
import type { Market } from '../../providers/provider.ts';
import {
  type Bill,
  billFor,
  cacheSavingsNanoUsd,
  type Defaults,
  type PricedCall,
  REGIONAL_MULTIPLIERS,
  toNanoUsd,
} from './cost.ts';
import { linesOf } from './lines.ts';
import { PriceIndex } from './lookup.ts';
import { currentModels } from './models.ts';
import { type OverriddenRows, overriddenRows } from './overridden-rows.ts';
import type { PricePack, PriceRow, Ratio } from './pack.ts';
import type { PriceListState } from './price-list.ts';

export type PriceLine = z.output<typeof priceLineSchema>;

/** How a cost came about, as ledger rows keep it. */
interface AppliedPrice {
  /** Of the book. */
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
  /** When the request arrived, for prices that change. */
  readonly atMs: number;
}

/** What a stored attempt knows of its price. */
interface StoredCost {
  readonly usage: Omit<ObservedUsage, 'webSearches'>;
  readonly webSearches: number;
  readonly costNanoUsd: number;
  readonly price: Readonly<Omit<AppliedPrice, 'multipliers'>> & { readonly multipliers: readonly string[] };
}

interface Contents {
  readonly pack: PricePack;
  readonly state: PriceListState;
}

const LARGEST_CONTEXT_TOKENS = 2_000_000;
const LARGEST_OUTPUT_TOKENS = 128_000;

/** `2026-11-21-0a1b2c3d`, and `+7` for the seventh version of what lies on top of the pack. */
export function bookId(packId: string, version: number): string {
  return version === 0 ? packId : `${packId}+${version}`;
}

/** Prices at one version. It never changes: whoever holds it prices estimate and settlement alike. */
export class PriceBook {
  /** What ledger rows name. */
  readonly id: string;
  readonly pack: PricePack;
  readonly state: PriceListState;
  readonly #index: PriceIndex;
  readonly #defaults: Defaults;
  readonly #overridden: OverriddenRows;

  constructor({ pack, state }: Contents) {
    this.id = bookId(pack.id, state.version);
    this.pack = pack;
    this.state = state;
    this.#overridden = overriddenRows(pack.rows, state.overrides);
    this.#index = new PriceIndex([...pack.rows, ...this.#overridden.added], this.#overridden.beginsAtMs);
    this.#defaults = defaultsOf(pack.rows);
  }

  cost(input: CostInput): { costNanoUsd: number; cacheSavingsNanoUsd: number; price: AppliedPrice } {
    const { service, model, servedModel, usage, conditions, atMs } = input;
    const { list = null, isRegional = false } = input.market ?? {};
    const call: PricedCall = { usage, conditions, isRegional, atMs };
    const listed =
      (servedModel === null ? null : this.#index.find(service, servedModel, list, atMs)) ??
      this.#index.find(service, model, list, atMs);
    const { row, bill } =
      listed === null
        ? this.#dearest(this.#index.relatives(service, servedModel ?? model, atMs), call)
        : this.#bill(listed, call);
    return {
      costNanoUsd: toNanoUsd(bill.total),
      cacheSavingsNanoUsd: cacheSavingsNanoUsd(bill, usage),
      price: {
        packId: this.id,
        row: row.key,
        isFallback: listed === null || bill.isAssumed,
        multipliers: [...bill.multipliers],
      },
    };
  }

  /** What a dollar of cost of this service counts as, before the key's own rate. */
  rate(service: Service): number {
    return this.state.rates[service];
  }

  isListed(service: Service, model: string, atMs: number): boolean {
    return this.#index.find(service, model, null, atMs) !== null;
  }

  /** Back from the words in a stored price to the conditions they stand for. */
  conditionsOf(multipliers: readonly string[]): PriceConditions {
    return circumstancesOf(multipliers).conditions;
  }

  /** Lines of a stored attempt; they add up to its cost exactly. `atMs`: when its request arrived. */
  lines({ usage, webSearches, costNanoUsd, price }: StoredCost, atMs: number): PriceLine[] {
    const row = price.row === null ? null : this.#index.byKey(price.row);
    if (row === null) return [];
    const all = { ...usage, webSearches };
    const { bill } = this.#bill(row, { usage: all, ...circumstancesOf(price.multipliers), atMs });
    return linesOf(all, bill, costNanoUsd);
  }

  /** The most a model reads and writes in one call; of an unlisted one, the most that any reads and writes. */
  capacity(service: Service, model: string): { contextTokens: number; outputTokens: number } {
    const row = this.#index.find(service, model, null, Number.POSITIVE_INFINITY);
    return {
      contextTokens: row?.contextWindow ?? LARGEST_CONTEXT_TOKENS,
      outputTokens: row?.maxOutput ?? LARGEST_OUTPUT_TOKENS,
    };
  }

  /** Models of a service that the pack lists and that have not ended, newest first. */
  models(service: Service, atMs: number): ModelInfo[] {
    const rows = this.#index
      .ofService(service, atMs)
      .filter(({ key }) => !this.#overridden.beginsAtMs.has(key));
    return currentModels(rows, new Date(atMs).toISOString().slice(0, 10));
  }

  /** Every row that is there at that time, as it is then. */
  rowsAt(atMs: number): { listed: PriceRow | null; row: PriceRow; overrideId: string | null }[] {
    const added = this.#overridden.added.filter(
      ({ key }) => (this.#overridden.beginsAtMs.get(key) ?? 0) <= atMs,
    );
    return [
      ...this.pack.rows.map((listed) => ({ listed, ...this.#inForce(listed, atMs) })),
      ...added.map((row) => ({ listed: null, ...this.#inForce(row, atMs) })),
    ];
  }

  /** One row at that time; null where there is none then. */
  rowAt(key: string, atMs: number): { row: PriceRow; overrideId: string | null } | null {
    const row = this.#index.byKey(key);
    return row === null || (this.#overridden.beginsAtMs.get(key) ?? atMs) > atMs
      ? null
      : this.#inForce(row, atMs);
  }

  listedRow(key: string): PriceRow | null {
    return this.#overridden.beginsAtMs.has(key) ? null : this.#index.byKey(key);
  }

  #inForce(row: PriceRow, atMs: number): { row: PriceRow; overrideId: string | null } {
    const found = this.#overridden.byKey.get(row.key)?.find(({ fromMs }) => fromMs <= atMs);
    return found ?? { row, overrideId: null };
  }

  #bill(listed: PriceRow, call: PricedCall): { row: PriceRow; bill: Bill } {
    const { row } = this.#inForce(listed, call.atMs);
    return { row, bill: billFor(row, call, this.#defaults) };
  }

  /** The row under which this very call costs most; of equals the one with the dearest output. */
  #dearest(rows: readonly PriceRow[], call: PricedCall): { row: PriceRow; bill: Bill } {
    return rows
      .map((row) => this.#bill(row, call))
      .reduce((best, next) => {
        const difference =
          next.bill.total.numerator * best.bill.total.denominator -
          best.bill.total.numerator * next.bill.total.denominator;
        const isDearer =
          difference === 0n ? next.bill.prices.output > best.bill.prices.output : difference > 0n;
        return isDearer ? next : best;
      });
  }
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
