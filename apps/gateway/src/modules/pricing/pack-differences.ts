// Owns what a new pack changes, model by model, in words. Pure.
import { priceBuckets } from '@crs/shared';
import { pricedAt } from './answer.ts';
import type { PricePack, PriceRow } from './pack.ts';

export interface PackDifferences {
  /** Keys such as `anthropic/claude-opus-5-5`. */
  readonly added: readonly string[];
  readonly removed: readonly string[];
  /** Each change as `input 4 -> 5`, USD per million tokens. */
  readonly changed: readonly { readonly model: string; readonly changes: readonly string[] }[];
}

export function packDifferences(from: PricePack, to: PricePack, atMs: number): PackDifferences {
  const before = new Map(from.rows.map((row) => [row.key, row]));
  const after = new Map(to.rows.map((row) => [row.key, row]));
  return {
    added: [...after.keys()].filter((key) => !before.has(key)),
    removed: [...before.keys()].filter((key) => !after.has(key)),
    changed: [...after.values()].flatMap((row) => {
      const old = before.get(row.key);
      const changes = old === undefined ? [] : changesOf(old, row, atMs);
      return changes.length === 0 ? [] : [{ model: row.key, changes }];
    }),
  };
}

function changesOf(from: PriceRow, to: PriceRow, atMs: number): string[] {
  const [old, now] = [pricedAt(from, atMs), pricedAt(to, atMs)];
  const prices = priceBuckets.flatMap((bucket) => {
    const [a, b] = [old.usdPerMTok[bucket], now.usdPerMTok[bucket]];
    return a === b ? [] : [`${bucket} ${a ?? 'as input'} -> ${b ?? 'as input'}`];
  });
  const others = (
    [
      ['tiers', old.tiers, now.tiers],
      ['service tiers', textOf([...from.serviceTiers]), textOf([...to.serviceTiers])],
      ['multipliers', textOf([...from.multipliers]), textOf([...to.multipliers])],
      ['web searches', String(from.webSearchPicoUsd), String(to.webSearchPicoUsd)],
      ['dates', textOf([from.history, from.scheduled]), textOf([to.history, to.scheduled])],
    ] as const
  ).flatMap(([name, a, b]) => (textOf(a) === textOf(b) ? [] : [`${name} changed`]));
  return [...prices, ...others];
}

function textOf(value: unknown): string {
  return JSON.stringify(value, (_key, inner: unknown) => (typeof inner === 'bigint' ? `${inner}` : inner));
}
