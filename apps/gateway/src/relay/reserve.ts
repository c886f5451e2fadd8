// Owns how much a request reserves before it runs: the most it can cost, or what such requests have cost lately.
import { type Service, services, timesRate } from '@crs/shared';
import { z } from 'zod';
import type { KeyDocument } from '../modules/keys/index.ts';
import type { Amounts, Claim } from '../modules/limits/index.ts';
import type { RequestFacts } from '../protocols/protocol.ts';
import type { Market } from '../providers/provider.ts';
import { type Pool, upstreamModel } from './pool.ts';
import { CRASH_OUTPUT_TOKENS } from './records.ts';
import type { PriceBook } from '../modules/pricing/index.ts';
import type { RelayServices } from './services.ts';

/** Kept with a reservation: what the rows of a request say whose process and journal are lost. */
export const heldFactsSchema = z.object({
  keyId: z.string(),
  keyName: z.string(),
  userId: z.string().nullable(),
  dialect: z.string(),
  operation: z.string(),
  model: z.string(),
  stream: z.boolean(),
  client: z.string(),
  atMs: z.int(),
  inputTokens: z.int(),
  outputTokens: z.int(),
  /** Of the accounts that could answer; null where there were none. */
  service: z.enum(services).nullable(),
  /** What a dollar of cost counts as: the key's rate, and that of the service. */
  rate: z.number(),
  serviceRate: z.number().default(1),
  /** The price list that held. */
  priceListId: z.string().default(''),
  /** Charged at most, nano-USD; 0 where nothing limits the money. */
  reservedNanoUsd: z.int(),
  counters: z.array(z.string()),
});
export type HeldFacts = z.output<typeof heldFactsSchema>;

interface ClaimInput {
  readonly id: string;
  readonly receivedAtMs: number;
  readonly facts: RequestFacts;
  /** Those that its settlement will use. */
  readonly prices: PriceBook;
}

type ReserveServices = Pick<RelayServices, 'accounts' | 'clock' | 'limits' | 'pools'>;

/** What the request takes of the limits of its key. */
export function claimOf(key: KeyDocument, input: ClaimInput, relay: ReserveServices): Claim {
  const { facts, prices } = input;
  const { accounts, clock, pools } = relay;
  const answers = answersOf(pools.get(accounts.live(), facts, key, clock.now()), facts.model);
  const reserve = hasMoneyLimits(key) ? amountsOf(key, input, answers, relay.limits) : { usd: 0, tokens: 0 };
  const service = answers[0]?.service ?? null;
  const rate = service === null ? 1 : (key.rates[service] ?? 1);
  return {
    requestId: input.id,
    atMs: input.receivedAtMs,
    model: facts.model,
    mode: key.budgetMode,
    reserve,
    facts: (counters) =>
      JSON.stringify({
        keyId: key.id,
        keyName: key.name,
        userId: key.userId,
        dialect: facts.dialect,
        operation: facts.operation,
        model: facts.model,
        stream: facts.stream,
        client: facts.client,
        atMs: input.receivedAtMs,
        inputTokens: facts.inputTokensEstimate,
        outputTokens: likelyOutput(facts),
        service,
        rate,
        serviceRate: service === null ? 1 : prices.rate(service),
        priceListId: prices.id,
        reservedNanoUsd: reserve.usd,
        counters: [...counters],
      } satisfies HeldFacts),
  };
}

/** Of a user's limits the process knows nothing here, so they are always reserved for. */
function hasMoneyLimits(key: KeyDocument): boolean {
  return (
    key.userId !== null ||
    key.budgets.length > 0 ||
    key.windows.some(({ usd, tokens }) => usd !== undefined || tokens !== undefined)
  );
}

function amountsOf(
  key: KeyDocument,
  input: ClaimInput,
  answers: readonly PossibleAnswer[],
  limits: ReserveServices['limits'],
): Amounts {
  const { facts, prices } = input;
  const expected = key.budgetMode === 'strict' ? null : limits.expectations.of(key.id, facts.model);
  if (expected !== null) return expected;
  const amounts = answers.map((answer) => {
    const { usd, tokens } = key.budgetMode === 'strict' ? worstCase(input, answer) : likely(input, answer);
    const rates = [key.rates[answer.service] ?? 1, prices.rate(answer.service)];
    return { usd: timesRate(usd, ...rates), tokens };
  });
  return {
    usd: Math.max(0, ...amounts.map(({ usd }) => usd)),
    tokens: Math.max(0, ...amounts.map(({ tokens }) => tokens)),
  };
}

interface PossibleAnswer {
  readonly service: Service;
  readonly model: string;
  readonly market: Market | null;
}

const possible = new WeakMap<Pool, PossibleAnswer[]>();

/** Under which names, and at whose prices, accounts of the pool would answer. */
function answersOf(pool: Pool, model: string): readonly PossibleAnswer[] {
  const known = possible.get(pool);
  if (known !== undefined) return known;
  const answers = new Map<string, PossibleAnswer>();
  for (const { byId } of pool.segments) {
    for (const account of byId.values()) {
      const asked = upstreamModel(account, model);
      const market = account.market(asked);
      const answer = { service: account.provider.service, model: asked, market };
      answers.set(`${answer.service} ${asked} ${market?.list} ${market?.isRegional}`, answer);
    }
  }
  const list = [...answers.values()];
  possible.set(pool, list);
  return list;
}

/** Everything that is read is written to the cache at the dearest kind, and read as often as tools can make it. */
function worstCase(
  { facts, prices, receivedAtMs }: ClaimInput,
  { service, model, market }: PossibleAnswer,
): Amounts {
  const { ceiling } = facts;
  const { contextTokens, outputTokens } = prices.capacity(service, model);
  const perPass = Math.min(ceiling.inputTokens ?? contextTokens, contextTokens);
  const input = perPass * ceiling.passes;
  const output = facts.maxOutputTokens ?? outputTokens;
  const kinds = ['input', 'cacheWrite5m', 'cacheWrite1h'] as const;
  const costs = kinds.map((kind) => {
    const usage = { input: 0, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output, webSearches: 0 };
    usage[kind] = input;
    usage.webSearches = ceiling.webSearches;
    return prices.cost({
      service,
      model: facts.model,
      servedModel: model,
      usage,
      conditions: ceiling.conditions,
      market,
      atMs: receivedAtMs,
    }).costNanoUsd;
  });
  return { usd: Math.max(...costs), tokens: input + output };
}

function likely(
  { facts, prices, receivedAtMs }: ClaimInput,
  { service, model, market }: PossibleAnswer,
): Amounts {
  const input = facts.inputTokensEstimate;
  const output = likelyOutput(facts);
  const { costNanoUsd } = prices.cost({
    service,
    model: facts.model,
    servedModel: model,
    usage: { input, cacheWrite5m: 0, cacheWrite1h: 0, cacheRead: 0, output, webSearches: 0 },
    conditions: facts.ceiling.conditions,
    market,
    atMs: receivedAtMs,
  });
  return { usd: costNanoUsd, tokens: input + output };
}

function likelyOutput({ maxOutputTokens }: RequestFacts): number {
  return Math.min(maxOutputTokens ?? CRASH_OUTPUT_TOKENS, CRASH_OUTPUT_TOKENS);
}
