// Owns the price pack: one JSON file of list prices, checked when it is loaded and turned into whole pico-USD (1e-12 USD)
// per token. Every listed price is a whole number of them.
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { MAX_USD_PER_MTOK, type PriceProvider, priceProviders, usdPerMTokToPico } from '@crs/shared';
import { z } from 'zod';

const PACK_FILE = new URL('./model-prices.json', import.meta.url);

const usd = z.number().nonnegative();
const price = usd
  .max(MAX_USD_PER_MTOK)
  .refine(isWholePico, 'must be USD per million tokens with at most 6 decimal places');
const day = z.string().regex(/^\d{4}-\d{2}-\d{2}$/);
/** USD per million tokens. */
const priceFields = {
  input: price.nullish(),
  output: price.nullish(),
  cache_write_5m: price.nullish(),
  cache_write_1h: price.nullish(),
  cache_write: price.nullish(),
  cache_read: price.nullish(),
};
const rowSchema = z.object({
  ...priceFields,
  id: z.string().min(1),
  provider: z.enum(priceProviders),
  input: price,
  output: price,
  tiers: z.array(z.object({ ...priceFields, above_input_tokens: z.int().positive() })),
  service_tiers: z.record(z.string(), z.object({ ...priceFields, multiplier: usd.optional() })).default({}),
  multipliers: z.record(z.string(), usd.nullable()).default({}),
  web_search_per_1k: usd.nullish(),
  context_window: z.int().positive().nullable(),
  max_output: z.int().positive().nullable(),
  price_history: z.array(z.object({ ...priceFields, until: day })).default([]),
  scheduled: z.array(z.object({ ...priceFields, from: day })).default([]),
  aliases: z.array(z.string()).default([]),
  released: day.optional(),
  deprecation_date: day.optional(),
});
const packSchema = z.object({
  schema_version: z.literal(1),
  currency: z.literal('USD'),
  unit: z.literal('per_million_tokens'),
  generated: day,
  models: z.array(rowSchema).min(1),
});

type WirePrices = { readonly [Name in keyof typeof priceFields]?: number | null | undefined };
/** Pico-USD per token; null where nothing is said. */
export interface Prices {
  readonly input: bigint | null;
  readonly output: bigint | null;
  readonly cacheWrite5m: bigint | null;
  readonly cacheWrite1h: bigint | null;
  readonly cacheRead: bigint | null;
}

/** An exact decimal factor: 1.1 is 11/10. */
export interface Ratio {
  readonly numerator: bigint;
  readonly denominator: bigint;
}

export interface PriceRow {
  /** `anthropic/claude-opus-5-5`: names the row in ledger entries. */
  readonly key: string;
  readonly id: string;
  readonly provider: PriceProvider;
  readonly aliases: readonly string[];
  readonly base: Prices;
  /** An administrator's own prices, over whatever the list says of the day. */
  readonly overridden: Prices | null;
  /** Highest threshold first. */
  readonly tiers: readonly { readonly aboveTokens: number; readonly prices: Prices }[];
  readonly serviceTiers: ReadonlyMap<string, { readonly prices: Prices; readonly multiplier: Ratio | null }>;
  readonly multipliers: ReadonlyMap<string, Ratio>;
  readonly webSearchPicoUsd: bigint | null;
  /** Last day (UTC) of an older price, earliest first. */
  readonly history: readonly { readonly until: string; readonly prices: Prices }[];
  /** First day (UTC) of a newer price, latest first. */
  readonly scheduled: readonly { readonly from: string; readonly prices: Prices }[];
  readonly contextWindow: number | null;
  readonly maxOutput: number | null;
  readonly released: string | null;
  readonly deprecationDate: string | null;
}

export interface PricePack {
  readonly id: string;
  readonly date: string;
  /** The file, to be kept beside the rows that were charged by it. */
  readonly text: string;
  readonly rows: readonly PriceRow[];
}

/** A file that is not a price pack. */
export class InvalidPack extends Error {
  /** Where and what, one a line. */
  constructor(faults: readonly string[]) {
    super(`This is not a price pack:\n${faults.map((fault) => `  ${fault}`).join('\n')}`);
    this.name = 'InvalidPack';
  }
}

const FAULTS_NAMED = 20;

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new InvalidPack([`no JSON: ${error instanceof Error ? error.message : String(error)}`]);
  }
}

function faultsOf({ issues }: z.ZodError): string[] {
  const faults = issues.map(({ path, message }) => `${path.map(String).join('.')}: ${message}`);
  const named = faults.slice(0, FAULTS_NAMED);
  return faults.length > named.length ? [...named, `and ${faults.length - named.length} more`] : named;
}

/** Reads and checks the pack that ships with the gateway. Throws where it is not one. */
export function loadPack(file: URL = PACK_FILE): PricePack {
  return parsePack(readFileSync(file, 'utf8'));
}

export function parsePack(text: string): PricePack {
  const parsed = packSchema.safeParse(readJson(text));
  if (!parsed.success) throw new InvalidPack(faultsOf(parsed.error));
  const pack = parsed.data;
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const rows = pack.models.map(compile);
  const keys = new Set(rows.map(({ key }) => key));
  if (keys.size !== rows.length) throw new InvalidPack(['models: one is named twice']);
  return { id: `${pack.generated}-${digest}`, date: pack.generated, text, rows };
}

function compile(row: z.output<typeof rowSchema>): PriceRow {
  return {
    key: `${row.provider}/${row.id}`,
    id: row.id,
    provider: row.provider,
    aliases: row.aliases,
    base: pricesOf(row),
    overridden: null,
    tiers: row.tiers
      .map((tier) => ({ aboveTokens: tier.above_input_tokens, prices: pricesOf(tier) }))
      .toSorted((a, b) => b.aboveTokens - a.aboveTokens),
    serviceTiers: new Map(
      Object.entries(row.service_tiers).map(([name, tier]) => [
        name,
        {
          prices: pricesOf(tier),
          multiplier: tier.multiplier === undefined ? null : ratioOf(tier.multiplier),
        },
      ]),
    ),
    multipliers: new Map(
      Object.entries(row.multipliers).flatMap(([name, factor]) =>
        factor === null ? [] : [[name, ratioOf(factor)] as const],
      ),
    ),
    // Per thousand, in USD: 1e12 / 1e3.
    webSearchPicoUsd:
      typeof row.web_search_per_1k === 'number' ? BigInt(Math.round(row.web_search_per_1k * 1e9)) : null,
    history: row.price_history
      .map((entry) => ({ until: entry.until, prices: pricesOf(entry) }))
      .toSorted((a, b) => (a.until < b.until ? -1 : 1)),
    scheduled: row.scheduled
      .map((entry) => ({ from: entry.from, prices: pricesOf(entry) }))
      .toSorted((a, b) => (a.from < b.from ? 1 : -1)),
    contextWindow: row.context_window,
    maxOutput: row.max_output,
    released: row.released ?? null,
    deprecationDate: row.deprecation_date ?? null,
  };
}

/** Vendors with one cache lifetime have a single write price. */
function pricesOf(prices: WirePrices): Prices {
  return {
    input: picoPerToken(prices.input),
    output: picoPerToken(prices.output),
    cacheWrite5m: picoPerToken(prices.cache_write_5m ?? prices.cache_write),
    cacheWrite1h: picoPerToken(prices.cache_write_1h ?? prices.cache_write),
    cacheRead: picoPerToken(prices.cache_read),
  };
}

function picoPerToken(usdPerMTok: number | null | undefined): bigint | null {
  return usdPerMTok === null || usdPerMTok === undefined ? null : BigInt(usdPerMTokToPico(usdPerMTok));
}

function isWholePico(usdPerMTok: number): boolean {
  try {
    usdPerMTokToPico(usdPerMTok);
    return true;
  } catch {
    return false;
  }
}

function ratioOf(factor: number): Ratio {
  const [whole = '0', fraction = ''] = String(factor).split('.');
  return { numerator: BigInt(whole + fraction), denominator: 10n ** BigInt(fraction.length) };
}
