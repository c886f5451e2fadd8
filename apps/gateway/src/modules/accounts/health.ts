// Owns the health of all accounts in this process: answered from memory, written to Redis in the background, kept in
// step with the other replicas by notices and a regular full read.
import type { AccountStatus } from '@crs/shared';
import type { Clock } from '../../platform/clock.ts';
import type { Events } from '../../platform/events.ts';
import type { AccountWindow, UpstreamFailure } from '../../providers/provider.ts';
import type { AccountHealth } from './account-health.ts';
import type { AccountDocument } from './document.ts';
import {
  type HealthChanges,
  changesBetween,
  type HealthRepository,
  splitField,
  statesOf,
  windowsChange,
  withPart,
} from './health-repository.ts';
import type { AccountStatusChange } from './history.repository.ts';
import {
  countsAgainst,
  familyRefusal,
  type HealthResult,
  type HealthState,
  healthyState,
  isHalfOpen,
  type JudgedAccount,
  nextHealth,
  type Rest,
  type Standing,
  standing,
  streakHeard,
} from './health-state.ts';
import { FailureRate } from './failure-rate.ts';
import { HealthWriter } from './health-writer.ts';
import { type AccountLoad, Load } from './load.ts';
import { Probes } from './probes.ts';
import { type RestRules, ruledRestMs } from './rest-rules.ts';

const SYNC_EVERY_MS = 10_000;
/** Quota headers come with every answer: they are written at most that often. */
const WINDOWS_EVERY_MS = 2_000;
/** A probe mostly ends soon: whoever asks meanwhile is sent back no longer than this. */
const PROBE_TOLD_MS = 2_000;
/** Ended rests are kept this long, so that a replica with a slow clock does not lose one that still runs. */
const KEEP_ENDED_MS = 60_000;

export interface SharedHealthOptions {
  readonly repository: HealthRepository;
  readonly events: Events;
  readonly clock: Clock;
  /** The account as it is in memory; undefined = gone. */
  find(accountId: string): JudgedAccount | undefined;
  /** Learns of accounts that were added elsewhere. */
  refresh(): Promise<void>;
  /** The rest of the day for an account whose daily quota is used up, null for all others. */
  quotaRest(account: AccountDocument, nowMs: number): Rest | null;
  /** While it does not serve by its administrator's wish; null = it does. */
  pauseRest(account: AccountDocument, nowMs: number): Rest | null;
  /** Told once over all replicas. */
  onChange(accountId: string, change: AccountStatusChange): void;
  readonly restRules: RestRules;
  readonly onError: (error: unknown) => void;
}

export class SharedHealth implements AccountHealth {
  readonly #options: SharedHealthOptions;
  #states = new Map<string, HealthState>();
  readonly #load = new Load();
  readonly #rate = new FailureRate();
  readonly #probes: Probes;
  readonly #writer: HealthWriter;
  /** What changed while a full read is under way, and therefore may be missing from it; null = no read runs. */
  #changedDuringSync: Map<string, string | null> | null = null;
  /** Status this process has told of, for accounts it saw in trouble. */
  readonly #announced = new Map<string, AccountStatus>();
  /** Accounts whose windows are newer here than in Redis. */
  readonly #newWindows = new Set<string>();
  #windowsTimer: NodeJS.Timeout | null = null;
  #syncTimer: NodeJS.Timeout | null = null;
  #unsubscribe: (() => void) | null = null;

  constructor(options: SharedHealthOptions) {
    this.#options = options;
    this.#writer = new HealthWriter(options.repository, options.onError);
    this.#probes = new Probes(options.repository, options.onError);
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#options.repository.subscribe((changes) => this.#apply(changes));
    await this.sync();
    const look = (): void => void this.sync().catch(this.#options.onError);
    this.#syncTimer = setInterval(look, SYNC_EVERY_MS).unref();
  }

  async stop(): Promise<void> {
    if (this.#syncTimer !== null) clearInterval(this.#syncTimer);
    this.#unsubscribe?.();
    this.#saveWindows();
    await this.#writer.stop();
  }

  state(accountId: string): HealthState {
    return this.#states.get(accountId) ?? healthyState;
  }

  standing(account: JudgedAccount, nowMs: number): Standing {
    const known = standing(account, this.state(account.document.id), nowMs);
    if (lasts(known.status)) return known;
    const pause = this.#options.pauseRest(account.document, nowMs);
    if (pause !== null) return { status: 'disabled', ...pause };
    if (known.status !== 'ready') return known;
    const quota = this.#options.quotaRest(account.document, nowMs);
    return quota === null ? known : { status: 'limited', ...quota };
  }

  blockedUntil(
    accountId: string,
    family: string,
    nowMs: number,
    model: string = family,
  ): (Standing & { reason: string }) | null {
    const account = this.#options.find(accountId);
    if (account === undefined)
      return { status: 'disabled', reason: 'The account was deleted', untilMs: null };
    const refused = familyRefusal(account, this.state(accountId), family, nowMs, model);
    if (refused !== null && lasts(refused.status)) return refused;
    const pause = this.#options.pauseRest(account.document, nowMs);
    if (pause !== null) return { status: 'disabled', ...pause };
    if (refused !== null) return refused;
    const quota = this.#options.quotaRest(account.document, nowMs);
    if (quota !== null) return { status: 'limited', ...quota };
    const probeEndsAtMs = this.isHalfOpen(accountId, nowMs) ? this.#probes.endsAtMs(accountId, nowMs) : null;
    if (probeEndsAtMs === null) return null;
    return {
      status: 'cooling',
      reason: 'one request is trying whether it is back',
      untilMs: Math.min(probeEndsAtMs, nowMs + PROBE_TOLD_MS),
    };
  }

  failed(
    account: Pick<AccountDocument, 'id'>,
    family: string,
    failure: UpstreamFailure,
    nowMs: number,
    status = 0,
  ): void {
    const { id } = account;
    const isFailingOften = countsAgainst(failure) && this.#rate.note(id, true, nowMs);
    const ruled = ruledRestMs(this.#options.restRules, failure, status);
    this.#take(id, { type: 'failed', family, failure, isFailingOften, ruledRestMs: ruled }, nowMs);
    // What came before the rest says nothing of the time after it.
    if (isFailingOften) this.#rate.forget(id);
  }

  delivered(accountId: string, family: string, nowMs: number): void {
    this.#rate.note(accountId, false, nowMs);
    this.#take(accountId, { type: 'delivered', family }, nowMs);
  }

  modelRefused(accountId: string, model: string, reason: string, nowMs: number): void {
    this.#take(accountId, { type: 'model_refused', model, reason }, nowMs);
  }

  isHalfOpen(accountId: string, nowMs: number): boolean {
    return isHalfOpen(this.state(accountId), nowMs);
  }

  probe(accountId: string, nowMs: number): Promise<(() => void) | null> {
    return this.#probes.begin(accountId, nowMs);
  }

  windows(accountId: string, windows: readonly AccountWindow[]): void {
    if (windows.length === 0) return;
    const nowMs = this.#options.clock.now();
    const current = this.state(accountId);
    const next = nextHealth(current, { type: 'windows', windows }, nowMs);
    const account = next === current ? undefined : this.#options.find(accountId);
    if (account === undefined) return;
    const from = this.#announced.get(accountId) ?? standing(account, current, nowMs).status;
    this.#states.set(accountId, next);
    this.#newWindows.add(accountId);
    this.#windowsTimer ??= setTimeout(() => this.#saveWindows(), WINDOWS_EVERY_MS).unref();
    this.#announce(account, from, nowMs);
  }

  /** Forgets rests, holds and failures. `by` is the name of who asked for it; null: nobody did. */
  reset(accountId: string, by: string | null = null): void {
    this.#rate.forget(accountId);
    this.#take(accountId, { type: 'reset' }, this.#options.clock.now(), by);
  }

  /** There is something to forget. */
  isResettable(accountId: string): boolean {
    const { hold, rest, streak, families } = this.state(accountId);
    return hold !== null || rest !== null || streak > 0 || Object.keys(families).length > 0;
  }

  /** Forgets a deleted account altogether. */
  forget(accountId: string): void {
    const current = this.#states.get(accountId);
    this.#states.delete(accountId);
    this.#rate.forget(accountId);
    this.#load.forget(accountId);
    this.#probes.forget(accountId);
    this.#announced.delete(accountId);
    this.#newWindows.delete(accountId);
    if (current !== undefined) this.#save(changesBetween(accountId, current, healthyState));
  }

  inFlight(accountId: string): number {
    return this.#load.of(accountId);
  }

  load(accountId: string, nowMs: number): AccountLoad {
    return this.#load.at(accountId, nowMs);
  }

  enter(accountId: string): () => void {
    return this.#load.enter(accountId, this.#options.clock.now());
  }

  /** After an administrator changed the account, which had the status `from`; `isRenewed`: what was learnt is void. */
  accountChanged(
    account: JudgedAccount,
    from: AccountStatus,
    isRenewed: boolean,
    by: string | null = null,
  ): void {
    const nowMs = this.#options.clock.now();
    const { id } = account.document;
    if (isRenewed) this.#put(id, nextHealth(this.state(id), { type: 'reset' }, nowMs));
    this.#announce(account, from, nowMs, by);
  }

  /** Reads the whole shared state; what could not be written yet stays on top. */
  async sync(): Promise<void> {
    if (this.#changedDuringSync !== null) return;
    const newer = this.#writer.unwritten();
    this.#changedDuringSync = newer;
    try {
      const states = statesOf(Object.entries(await this.#options.repository.readAll()));
      for (const [field, json] of newer) applyField(states, field, json);
      for (const id of this.#newWindows) {
        states.set(id, { ...(states.get(id) ?? healthyState), windows: this.state(id).windows });
      }
      this.#states = states;
    } finally {
      this.#changedDuringSync = null;
    }
    await this.#clearAway();
  }

  /** After a full read: forgets what is over, and tells how accounts in trouble fare. */
  async #clearAway(): Promise<void> {
    const isUnknown = (id: string): boolean => this.#options.find(id) === undefined;
    // An account that is not known may be new, and not deleted.
    if ([...this.#states.keys()].some(isUnknown)) await this.#options.refresh();
    const nowMs = this.#options.clock.now();
    for (const id of this.#states.keys()) {
      if (isUnknown(id)) this.forget(id);
      else this.#take(id, { type: 'tidy', endedBeforeMs: nowMs - KEEP_ENDED_MS }, nowMs);
    }
    // Whoever told of the trouble tells of its end, so that every change is told once over all replicas.
    for (const [id, status] of this.#announced) {
      const account = this.#options.find(id);
      if (account === undefined) this.#announced.delete(id);
      else this.#announce(account, status, nowMs);
    }
  }

  /** Writes what is not in Redis yet; never rejects, what fails is tried again. */
  flush(): Promise<void> {
    return this.#writer.flush();
  }

  #take(accountId: string, result: HealthResult, nowMs: number, by: string | null = null): void {
    const current = this.state(accountId);
    const next = nextHealth(current, result, nowMs);
    if (next === current) return;
    const account = this.#options.find(accountId);
    if (account === undefined) return;
    const from = this.#announced.get(accountId) ?? standing(account, current, nowMs).status;
    this.#put(accountId, next);
    if (result.type !== 'tidy') this.#announce(account, from, nowMs, by);
  }

  #put(accountId: string, next: HealthState): void {
    const changes = changesBetween(accountId, this.state(accountId), next);
    this.#states.set(accountId, next);
    this.#save(changes);
  }

  /** Tells of a change of status since `from`, and remembers accounts in trouble, to tell of its end. */
  #announce(account: JudgedAccount, from: AccountStatus, nowMs: number, by: string | null = null): void {
    const { id, name, kind } = account.document;
    const { status, reason, untilMs } = this.standing(account, nowMs);
    if (status === 'ready') this.#announced.delete(id);
    else this.#announced.set(id, status);
    if (status === from) return;
    this.#options.onChange(id, { atMs: nowMs, from, to: status, reason, by, untilMs });
    this.#options.events.emit('account.status', { accountId: id, name, kind, from, to: status, reason });
  }

  #saveWindows(): void {
    if (this.#windowsTimer !== null) clearTimeout(this.#windowsTimer);
    this.#windowsTimer = null;
    for (const accountId of this.#newWindows) this.#save(windowsChange(accountId, this.state(accountId)));
    this.#newWindows.clear();
  }

  #apply(changes: HealthChanges): void {
    for (const [field, heard] of changes) {
      const { accountId, part } = splitField(field);
      const isStreak = part === 'streak';
      const json =
        isStreak && heard !== null ? String(streakHeard(this.state(accountId).streak, Number(heard))) : heard;
      applyField(this.#states, field, json);
      // Another replica's probe has ended, one way or the other.
      if (isStreak) this.#probes.forget(accountId);
      this.#changedDuringSync?.set(field, json);
    }
  }

  #save(changes: HealthChanges): void {
    for (const [field, json] of changes) this.#changedDuringSync?.set(field, json);
    this.#writer.save(changes);
  }
}

/** Until a person does something about it, whatever was wished for besides. */
function lasts(status: AccountStatus): boolean {
  return status === 'needs-login' || status === 'blocked' || status === 'disabled';
}

function applyField(states: Map<string, HealthState>, field: string, json: string | null): void {
  const { accountId, part } = splitField(field);
  states.set(accountId, withPart(states.get(accountId) ?? healthyState, part, json));
}
