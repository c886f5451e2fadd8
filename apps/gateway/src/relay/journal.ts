// Owns what the relay writes down before and after each attempt, and what becomes of attempts whose process died.
import { z } from 'zod';
import { timesRate } from '@crs/shared';
import type { Limits } from '../modules/limits/index.ts';
import type { Pricing } from '../modules/pricing/index.ts';
import {
  type AttemptRecord,
  attemptRecordSchema,
  type Ledger,
  type LedgerEntry,
  recordJson,
  type RequestRecord,
  requestRecordSchema,
} from '../modules/usage/index.ts';
import { countedRows } from './counted-rows.ts';
import { Spool } from '../platform/spool/spool.ts';

/** Both rows as they would be if the process died now; usage is filled in from the estimate when it has. */
const intentSchema = z.object({
  attempt: attemptRecordSchema,
  request: requestRecordSchema,
  inputTokensEstimate: z.int(),
  outputTokensEstimate: z.int(),
  service: z.enum(['claude', 'gemini', 'openai']),
  /** What a dollar of cost counts as for the key. */
  rate: z.number().default(1),
});
export type AttemptIntent = z.output<typeof intentSchema>;

const entrySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('attempt'), record: attemptRecordSchema }),
  z.object({ type: z.literal('request'), record: requestRecordSchema }),
]);

export interface JournalOptions {
  readonly dir: string;
  readonly ledger: Ledger;
  readonly limits: Pick<Limits, 'settle'>;
  readonly pricing: Pricing;
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
    parseRow: (value) => entrySchema.safeParse(value).data ?? null,
    idOf: (intent) => intent.attempt.id,
    encodeRow: (entry) => `{"type":"${entry.type}","record":${recordJson(entry)}}`,
    abandoned: (intent) => abandonedRows(intent, options.pricing),
    deliver: async (entries) => {
      await options.limits.settle(countedRows(await options.ledger.append(entries)));
      options.onDelivered();
    },
    onProblem: options.onProblem,
    now: options.now,
  });
}

/** Nobody knows what the upstream generated for a process that died, so the estimate is charged and marked as such. */
function abandonedRows(intent: AttemptIntent, pricing: Pricing): LedgerEntry[] {
  const usage = {
    input: intent.inputTokensEstimate,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: intent.outputTokensEstimate,
  };
  const { costNanoUsd, price } = pricing.cost({
    service: intent.service,
    model: intent.attempt.model,
    servedModel: null,
    usage: { ...usage, webSearches: 0 },
    conditions: { serviceTier: null, speed: null, inferenceGeo: null },
    atMs: intent.attempt.startedAtMs,
  });
  const chargedNanoUsd = timesRate(costNanoUsd, intent.rate);
  const money = { costNanoUsd, chargedNanoUsd };
  const attempt: AttemptRecord = {
    ...intent.attempt,
    ...money,
    outcome: 'crashed',
    reason: 'the gateway ended while the answer was on its way',
    usage,
    usageSource: 'estimated',
    price,
  };
  const earlier = intent.request;
  const request: RequestRecord = {
    ...earlier,
    outcome: 'crashed',
    errorCode: 'crashed',
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
