// Owns v1's counters: hashes per key, account, model and period, in two spellings of their fields.
import { z } from 'zod';
import { integer } from './fields.ts';

const count = integer(0);
const optionalCount = z
  .string()
  .regex(/^\d*$/u, 'not a whole number')
  .optional()
  .transform((value) => (value === undefined || value === '' ? null : Number(value)));

/** Requests and tokens; `longContext…` are the share of requests beyond 200,000 input tokens. */
export interface UsageCounters {
  requests: number;
  inputTokens: number;
  outputTokens: number;
  cacheCreateTokens: number;
  cacheReadTokens: number;
  ephemeral5mTokens: number;
  ephemeral1hTokens: number;
  longContextInputTokens: number;
  longContextOutputTokens: number;
  longContextRequests: number;
  /** False for the oldest records, which knew one number only: split 30 to 70 as v1 showed them. */
  isSplitRecorded: boolean;
}

/** Share of the input in records that only know `tokens`. */
const GUESSED_INPUT_SHARE = 0.3;

/** A lifetime hash (`usage:<key>`, `account_usage:<account>`: fields `totalX`) or a bucket (fields `x`). */
export const usageCounters = z.record(z.string(), z.string()).transform((hash, context): UsageCounters => {
  const read = (name: string): number => {
    const capital = `total${name.charAt(0).toUpperCase()}${name.slice(1)}`;
    const result = count.safeParse(hash[capital] ?? hash[name]);
    if (!result.success) context.addIssue({ code: 'custom', path: [name], message: 'not a whole number' });
    return result.data ?? 0;
  };
  const counters: UsageCounters = {
    requests: read('requests'),
    inputTokens: read('inputTokens'),
    outputTokens: read('outputTokens'),
    cacheCreateTokens: read('cacheCreateTokens'),
    cacheReadTokens: read('cacheReadTokens'),
    ephemeral5mTokens: read('ephemeral5mTokens'),
    ephemeral1hTokens: read('ephemeral1hTokens'),
    longContextInputTokens: read('longContextInputTokens'),
    longContextOutputTokens: read('longContextOutputTokens'),
    longContextRequests: read('longContextRequests'),
    isSplitRecorded: true,
  };
  const tokens = read('tokens');
  if (tokens === 0 || counters.inputTokens > 0 || counters.outputTokens > 0) return counters;
  const inputTokens = Math.round(tokens * GUESSED_INPUT_SHARE);
  return { ...counters, inputTokens, outputTokens: tokens - inputTokens, isSplitRecorded: false };
});

/** What `usage:<key>:model:…` hashes hold besides their counters: integer micro-USD, null before v1 wrote them. */
export const modelCosts = z.object({
  /** What it cost by the price list. */
  realCostMicro: optionalCount,
  /** Times the service rates: what limits counted. */
  ratedCostMicro: optionalCount,
});
