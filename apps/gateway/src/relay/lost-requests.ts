// Owns the requests of hosts that never come back, nor their journals: when their reservations have long run out, they
// are written into the ledger as crashed and charged by what they had reserved.
import type { Limits } from '../modules/limits/index.ts';
import type { Pricing } from '../modules/pricing/index.ts';
import {
  type AttemptRecord,
  type Ledger,
  type LedgerEntry,
  type RequestRecord,
  rowsToSettle,
  standardBasis,
} from '../modules/usage/index.ts';
import { timesRate } from '@crs/shared';
import type { Journal } from './journal.ts';
import { type HeldFacts, heldFactsSchema } from './reserve.ts';

export interface LostRequestsDependencies {
  readonly limits: Pick<Limits, 'lostHolds' | 'settle'>;
  readonly ledger: Ledger;
  readonly journal: Pick<Journal, 'close'>;
  readonly pricing: Pick<Pricing, 'book'>;
  readonly onProblem: (message: string, error: unknown) => void;
}

/** Answers how many requests were given up. */
export async function chargeLostRequests(dependencies: LostRequestsDependencies): Promise<number> {
  const { limits, ledger, journal, pricing, onProblem } = dependencies;
  let charged = 0;
  for (const { requestId, facts } of await limits.lostHolds()) {
    const held = readFacts(facts);
    if (held === null) {
      onProblem(`what is held for ${requestId} cannot be read`, facts);
      continue;
    }
    const known = await ledger.ofRequest(requestId);
    if (known.some(({ type }) => type === 'request')) {
      // Its rows are on the books, its process died before they were counted.
      await limits.settle(rowsToSettle(inOrder(known).map((entry) => ({ entry, isNew: false }))));
    } else {
      charged += 1;
      journal.close(null, crashedRows(requestId, held, known, pricing));
    }
  }
  return charged;
}

function readFacts(text: string): HeldFacts | null {
  try {
    return heldFactsSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch {
    return null;
  }
}

/** The end of a request comes after its attempts. */
function inOrder(entries: readonly LedgerEntry[]): LedgerEntry[] {
  return [
    ...entries.filter(({ type }) => type === 'attempt'),
    ...entries.filter(({ type }) => type === 'request'),
  ];
}

/** Which account it was is lost with the journal. */
function crashedRows(
  requestId: string,
  held: HeldFacts,
  known: readonly LedgerEntry[],
  pricing: Pick<Pricing, 'book'>,
): LedgerEntry[] {
  const earlier = known.flatMap((entry) => (entry.type === 'attempt' ? [entry.record] : []));
  const lost = lostAttempt(requestId, held, earlier, pricing);
  const attempts = [...earlier, lost];
  const sum = (read: (attempt: AttemptRecord) => number): number =>
    attempts.reduce((total, attempt) => total + read(attempt), 0);
  const request: RequestRecord = {
    id: requestId,
    atMs: held.atMs,
    keyId: held.keyId,
    keyName: held.keyName,
    userId: held.userId,
    accountId: null,
    accountName: null,
    kind: null,
    dialect: held.dialect,
    operation: held.operation,
    model: held.model,
    servedModel: null,
    stream: held.stream,
    status: 0,
    outcome: 'crashed',
    errorCode: 'crashed',
    client: held.client,
    usage: {
      input: sum(({ usage }) => usage.input),
      cacheWrite5m: sum(({ usage }) => usage.cacheWrite5m),
      cacheWrite1h: sum(({ usage }) => usage.cacheWrite1h),
      cacheRead: sum(({ usage }) => usage.cacheRead),
      output: sum(({ usage }) => usage.output),
    },
    usageSource: 'estimated',
    costNanoUsd: sum(({ costNanoUsd }) => costNanoUsd),
    chargedNanoUsd: sum(({ chargedNanoUsd }) => chargedNanoUsd),
    counters: held.counters,
    firstEventMs: null,
    durationMs: 0,
    timeline: [],
    attemptIds: attempts.map(({ id }) => id),
    decision: { candidates: [], chosen: null },
  };
  return [
    { type: 'attempt', record: lost },
    { type: 'request', record: request },
  ];
}

function lostAttempt(
  requestId: string,
  held: HeldFacts,
  earlier: readonly AttemptRecord[],
  pricing: Pick<Pricing, 'book'>,
): AttemptRecord {
  const usage = {
    input: held.inputTokens,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: held.outputTokens,
  };
  return {
    id: `${requestId}.${earlier.length + 1}`,
    requestId,
    keyId: held.keyId,
    userId: held.userId,
    accountId: '',
    accountName: '',
    kind: '',
    dialect: held.dialect,
    model: held.model,
    servedModel: null,
    startedAtMs: held.atMs,
    outcome: 'crashed',
    status: 0,
    reason: 'the gateway that relayed it was lost with its journal',
    upstreamRequestId: null,
    firstEventMs: null,
    durationMs: 0,
    usage,
    webSearches: 0,
    usageSource: 'estimated',
    counters: held.counters,
    basis: standardBasis(held.rate, held.serviceRate),
    original: null,
    cacheSavingsNanoUsd: 0,
    ...moneyOf(held, usage, pricing),
  };
}

/** What was reserved is charged; where nothing was, what such a request costs by estimate. */
function moneyOf(
  held: HeldFacts,
  usage: AttemptRecord['usage'],
  pricing: Pick<Pricing, 'book'>,
): Pick<AttemptRecord, 'costNanoUsd' | 'chargedNanoUsd' | 'price'> {
  const { service, rate, serviceRate, reservedNanoUsd } = held;
  const prices = pricing.book(held.priceListId);
  const noPrice = { packId: prices.id, row: null, isFallback: false, multipliers: [] };
  if (reservedNanoUsd > 0) {
    const factor = rate * serviceRate;
    const costNanoUsd = factor > 0 ? Math.round(reservedNanoUsd / factor) : reservedNanoUsd;
    return { costNanoUsd, chargedNanoUsd: reservedNanoUsd, price: noPrice };
  }
  if (service === null) return { costNanoUsd: 0, chargedNanoUsd: 0, price: noPrice };
  const { costNanoUsd, price } = prices.cost({
    service,
    model: held.model,
    servedModel: null,
    usage: { ...usage, webSearches: 0 },
    conditions: { serviceTier: null, speed: null, inferenceGeo: null },
    atMs: held.atMs,
  });
  return { costNanoUsd, chargedNanoUsd: timesRate(costNanoUsd, rate, serviceRate), price };
}
