// Owns what the relay writes down before and after each attempt, and what becomes of attempts whose process died.
import { z } from 'zod';
import { timesRate } from '@crs/shared';
import type { Limits } from '../modules/limits/index.ts';
import type { Pricing } from '../modules/pricing/index.ts';
import {
  type AttemptRecord,
  attemptRecordSchema,
  entryOf,
  type Ledger,
  type LedgerEntry,
  recordText,
  type RequestRecord,
  rowsToSettle,
  standardBasis,
} from '../modules/usage/index.ts';
import { Spool } from '../platform/spool/spool.ts';

/** The request as its earlier attempts left it, and the attempt that begins: enough for both rows if the process dies. */
const intentSchema = z.object({
  attempt: attemptRecordSchema.pick({
    id: true,
    accountId: true,
    accountName: true,
    kind: true,
    startedAtMs: true,
  }),
  request: z.unknown().transform((value, context): RequestRecord => {
    const entry = entryOf(value);
    if (entry?.type === 'request') return entry.record;
    context.addIssue('not the record of a request');
    return z.NEVER;
  }),
  inputTokensEstimate: z.int(),
  outputTokensEstimate: z.int(),
  service: z.enum(['claude', 'gemini', 'openai']),
  /** What a dollar of cost counts as for the key, and for the service. */
  rate: z.number().default(1),
  serviceRate: z.number().default(1),
  /** The price list that held. */
  priceListId: z.string().default(''),
});
export type AttemptIntent = z.output<typeof intentSchema>;

export interface JournalOptions {
  readonly dir: string;
  readonly ledger: Ledger;
  readonly limits: Pick<Limits, 'settle'>;
  readonly pricing: Pick<Pricing, 'book'>;
  readonly now: () => number;
  readonly onProblem: (message: string, error: unknown) => void;
  /** Rows reached the ledger. */
  readonly onDelivered: () => void;
}

export type Journal = Spool<AttemptIntent, LedgerEntry>;

export function createJournal(options: JournalOptions): Journal {
  return new Spool<AttemptIntent, LedgerEntry>({
    dir: options.dir,
    parseOpen: (value) => intentSchema.safeParse(value).data ?? null,
    parseRow: entryOf,
    idOf: (intent) => intent.attempt.id,
    encodeOpen: ({ request, ...intent }) =>
      `${JSON.stringify(intent).slice(0, -1)},"request":${recordText({ type: 'request', record: request })}}`,
    encodeRow: recordText,
    abandoned: (intent) => abandonedRows(intent, options.pricing),
    deliver: async (entries) => {
      await options.limits.settle(rowsToSettle(await options.ledger.append(entries)));
      options.onDelivered();
    },
    onProblem: options.onProblem,
    now: options.now,
  });
}

/** Nobody knows what the upstream generated for a process that died, so the estimate is charged and marked as such. */
function abandonedRows(intent: AttemptIntent, pricing: Pick<Pricing, 'book'>): LedgerEntry[] {
  const usage = {
    input: intent.inputTokensEstimate,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: intent.outputTokensEstimate,
  };
  const { costNanoUsd, price } = pricing.book(intent.priceListId).cost({
    service: intent.service,
    model: intent.request.model,
    servedModel: null,
    usage: { ...usage, webSearches: 0 },
    conditions: { serviceTier: null, speed: null, inferenceGeo: null },
    atMs: intent.request.atMs,
  });
  const chargedNanoUsd = timesRate(costNanoUsd, intent.rate, intent.serviceRate);
  const earlier = intent.request;
  const { id, accountId, accountName, kind, startedAtMs } = intent.attempt;
  const attempt: AttemptRecord = {
    id,
    requestId: earlier.id,
    keyId: earlier.keyId,
    userId: earlier.userId,
    accountId,
    accountName,
    kind,
    dialect: earlier.dialect,
    model: earlier.model,
    servedModel: null,
    startedAtMs,
    outcome: 'crashed',
    status: 0,
    reason: 'the gateway ended while the answer was on its way',
    upstreamRequestId: null,
    firstEventMs: null,
    durationMs: 0,
    usage,
    webSearches: 0,
    usageSource: 'estimated',
    costNanoUsd,
    chargedNanoUsd,
    counters: earlier.counters,
    price,
    basis: standardBasis(intent.rate, intent.serviceRate),
    original: null,
    cacheSavingsNanoUsd: 0,
  };
  const request: RequestRecord = {
    ...earlier,
    accountId,
    accountName,
    kind,
    servedModel: null,
    outcome: 'crashed',
    errorCode: 'crashed',
    attemptIds: [...earlier.attemptIds, id],
    usage: {
      input: earlier.usage.input + usage.input,
      cacheWrite5m: earlier.usage.cacheWrite5m,
      cacheWrite1h: earlier.usage.cacheWrite1h,
      cacheRead: earlier.usage.cacheRead,
      output: earlier.usage.output + usage.output,
    },
    usageSource: 'estimated',
    costNanoUsd: earlier.costNanoUsd + costNanoUsd,
    chargedNanoUsd: earlier.chargedNanoUsd + chargedNanoUsd,
  };
  return [
    { type: 'attempt', record: attempt },
    { type: 'request', record: request },
  ];
}
