// Owns what the relay needs of the rest of the house.
import type { Accounts, StickySessions } from '../modules/accounts/index.ts';
import type { Keys } from '../modules/keys/index.ts';
import type { Limits } from '../modules/limits/index.ts';
import type { Pricing } from '../modules/pricing/index.ts';
import type { Clock } from '../platform/clock.ts';
import type { UpstreamClient } from '../platform/http/upstream-client.ts';
import type { Metrics } from '../platform/metrics.ts';
import type { AttemptTimeouts } from './attempt.ts';
import type { Journal } from './journal.ts';
import type { OpenCalls } from './open-calls.ts';
import type { Pools } from './pool.ts';
import type { RetryBudget } from './retry-budget.ts';

export interface RelayServices {
  readonly keys: Keys;
  readonly accounts: Accounts;
  readonly sticky: StickySessions;
  readonly pools: Pools;
  readonly retryBudget: RetryBudget;
  readonly limits: Limits;
  readonly pricing: Pricing;
  readonly upstream: UpstreamClient;
  readonly journal: Journal;
  readonly openCalls: OpenCalls;
  readonly metrics: Metrics;
  readonly clock: Clock;
  /** 0..1. */
  readonly random: () => number;
  readonly timeouts: AttemptTimeouts;
  readonly maxAttempts: number;
  /** So long a session waits for its account before it moves. */
  readonly sessionWaitMs: () => number;
  /** One line per finished or refused request. */
  readonly logRequest: (line: Readonly<Record<string, unknown>>) => void;
  readonly onProblem: (message: string, error: unknown) => void;
}
