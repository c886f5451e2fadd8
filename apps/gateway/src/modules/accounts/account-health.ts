// Owns what the rest of the gateway may ask and tell of an account's health.
import type { AccountStatus } from '@crs/shared';
import type { AccountWindow, UpstreamFailure } from '../../providers/provider.ts';
import type { AccountDocument } from './document.ts';
import type { AccountLoad } from './load.ts';

export interface AccountHealth {
  /**
   * Why the account may not be tried for that model now; null = it may. `untilMs` null: until somebody acts. Without
   * `model` only the family counts.
   */
  blockedUntil(
    accountId: string,
    family: string,
    nowMs: number,
    model?: string,
  ): { untilMs: number | null; status: AccountStatus; reason: string } | null;
  /** `status` is the upstream's, 0 where it did not answer. */
  failed(
    account: Pick<AccountDocument, 'id'>,
    family: string,
    failure: UpstreamFailure,
    nowMs: number,
    status?: number,
  ): void;
  delivered(accountId: string, family: string, nowMs: number): void;
  /** The account refused a model that another one then answered: it has no right to it. */
  modelRefused(accountId: string, model: string, reason: string, nowMs: number): void;
  /** It failed until it was rested, and nothing was delivered since: one request at a time may try it. */
  isHalfOpen(accountId: string, nowMs: number): boolean;
  /** Asks to be that request, of all replicas. Null: another one is. The answer ends the probe, whatever came of it. */
  probe(accountId: string, nowMs: number): Promise<(() => void) | null>;
  /** What the vendor's headers said of its own quota; an empty list says nothing. */
  windows(accountId: string, windows: readonly AccountWindow[]): void;
  /** Requests this process has open on the account. */
  inFlight(accountId: string): number;
  /** The same, and how many began lately. */
  load(accountId: string, nowMs: number): AccountLoad;
  /** Counts one more; the answer takes it back, once. */
  enter(accountId: string): () => void;
}
