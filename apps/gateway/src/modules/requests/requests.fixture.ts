// Owns requests as tests have them: on a Redis of the test's own, with the ledger that fills it.
import { createCalendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import { SecretBox } from '../../platform/crypto/index.ts';
import type { RedisConnections } from '../../platform/redis/index.ts';
import { createUsage, type LedgerEntry } from '../usage/index.ts';
import { captureRulesOf, createRequests, type RequestsDependencies, type RequestServices } from './index.ts';

export const builtInCaptureRules = captureRulesOf({
  bodies: 'allowed',
  retentionHours: 24,
  maximumBodyKilobytes: 256,
  maximumTotalMegabytes: 128,
  redactPatterns: '',
});

export interface TestRequests extends RequestServices {
  readonly clock: Clock;
  /** What went wrong in the background. */
  readonly problems: unknown[];
  /** Writes rows into the ledger, and rolls them up. */
  append(entries: readonly LedgerEntry[]): Promise<void>;
}

export function testRequests(
  redis: RedisConnections,
  clock: Clock,
  overrides: Partial<RequestsDependencies> = {},
): TestRequests {
  const problems: unknown[] = [];
  const onProblem = (message: string, error: unknown): void => void problems.push(message, error);
  const calendar = createCalendar({ type: 'offset', offsetMinutes: 0 });
  const { ledger, roller } = createUsage({ redis, calendar, clock, retentionDays: () => 30, onProblem });
  const services = createRequests({
    redis,
    clock,
    ledger,
    secrets: new SecretBox('a key for the bodies of tests, long enough'),
    retentionDays: () => 30,
    captureRules: () => builtInCaptureRules,
    priceLines: ({ usage, costNanoUsd }) => [
      { bucket: 'output', tokens: usage.output, usdPerMTok: '25', costNanoUsd },
    ],
    onProblem,
    ...overrides,
  });
  return {
    ...services,
    clock,
    problems,
    append: async (entries) => {
      await ledger.append(entries);
      await roller.caughtUp();
    },
  };
}
