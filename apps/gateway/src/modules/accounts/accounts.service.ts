// Owns the rules of upstream accounts and their living copies: how they are added, changed, tested, deleted.
import type {
  accountBatchUpdateBody,
  accountCreateBody,
  AccountKind,
  AccountProxy,
  AccountStatus,
  accountUpdateBody,
} from '@crs/shared';
import type { z } from 'zod';
import type { Calendar } from '../../platform/calendar.ts';
import type { Clock } from '../../platform/clock.ts';
import type { SecretBox } from '../../platform/crypto/index.ts';
import type { Events } from '../../platform/events.ts';
import type { HostLookup } from '../../platform/http/private-address.ts';
import { newId } from '../../platform/ids.ts';
import { ProblemError } from '../../platform/problem.ts';
import { DocumentStore, type RedisConnections } from '../../platform/redis/index.ts';
import { type AccountOutcome, changesOf, eachAccount, wantedOf } from './batch.ts';
import { type AccountTestResult, type SendOnce, testConnection } from './connection-test.ts';
import { DailySpend } from './daily-spend.ts';
import {
  type AccountDocument,
  accountDefaults,
  accountDocumentSchema,
  type LiveAccount,
} from './document.ts';
import type { AccountHealth } from './account-health.ts';
import { SharedHealth } from './health.ts';
import { restingFamilies } from './health-state.ts';
import { HealthRepository } from './health-repository.ts';
import { AccountHistory } from './history.ts';
import { type AccountError, type AccountPast, HistoryRepository } from './history.repository.ts';
import { describeKinds, providerOf, type Providers } from './kinds.ts';
import { type AccountFigureOf, type AccountQuery, type AccountView, pageOfAccounts } from './list.ts';
import { openCredential } from './live.ts';
import { LivingAccounts } from './living-accounts.ts';
import { Logins } from './logins.ts';
import { Memberships } from './memberships.ts';
import { pauseOf, Pauses } from './pauses.ts';
import { proxyFields } from './proxy-fields.ts';
import { loginNeeded, type Renewal, Renewals } from './renewals.ts';
import type { RestRules } from './rest-rules.ts';
import { type Fields, readSpecifics } from './specifics.ts';
import { type SendBy, vendorSender, withDiscovery } from './vendor.ts';

const MAX_TRIES = 5;
export interface AccountsDependencies {
  readonly redis: RedisConnections;
  readonly events: Events;
  readonly clock: Clock;
  readonly secrets: SecretBox;
  readonly providers: Providers;
  readonly allowPrivateUpstreams: boolean;
  readonly lookup: HostLookup;
  readonly send: SendOnce;
  readonly restRules: RestRules;
  readonly calendar: Calendar;
  /** How long a renewal is waited for whose process died; the module's own where absent. */
  readonly renewalLockMs?: number | undefined;
  /** Which of these ids are groups. */
  groupsExist(ids: readonly string[]): Promise<boolean[]>;
  /** Cost of each account today by the books, nano-USD, in the order of the ids. */
  spentToday(ids: readonly string[]): Promise<number[]>;
  /** A stored account that cannot be read, a write of health that failed. */
  readonly onError: (error: unknown) => void;
}

/** A change, for the audit log. */
export interface AccountChange {
  readonly before: AccountDocument;
  readonly after: AccountDocument;
  readonly isCredentialChanged: boolean;
}

type AccountPatch = z.output<typeof accountUpdateBody>;
/** As stored, beside what is special to the kind. */
type Plain = Omit<AccountPatch, 'version' | 'settings' | 'credential'>;

export class Accounts {
  readonly #dependencies: AccountsDependencies;
  readonly #store: DocumentStore<AccountDocument>;
  readonly #accounts: LivingAccounts;
  readonly #health: SharedHealth;
  readonly #healthRepository: HealthRepository;
  readonly #history: AccountHistory;
  readonly #pauses: Pauses;
  readonly #spend: DailySpend;
  readonly #memberships: Memberships;
  readonly #logins: Logins;
  readonly #renewals: Renewals;
  readonly #sendBy: SendBy;
  #release: (() => void) | null = null;

  constructor(dependencies: AccountsDependencies) {
    const { redis, events, clock, onError } = dependencies;
    this.#dependencies = dependencies;
    this.#store = new DocumentStore(redis, { noun: 'account', schema: accountDocumentSchema });
    this.#accounts = new LivingAccounts(this.#store, dependencies, onError);
    this.#healthRepository = new HealthRepository(redis, newId());
    this.#history = new AccountHistory(new HistoryRepository(redis), onError);
    this.#pauses = new Pauses(dependencies.calendar);
    this.#memberships = new Memberships(this.#store, this.#accounts, dependencies);
    const sendBy = vendorSender(dependencies.send);
    this.#sendBy = sendBy;
    this.#logins = new Logins({ ...dependencies, sendBy });
    this.#renewals = new Renewals({
      ...dependencies,
      store: this.#store,
      bring: (document) => this.#accounts.bring(document),
      refreshMemory: () => this.#accounts.refresh(),
      sendBy,
      lockMs: dependencies.renewalLockMs,
      onOutcome: (document, outcome) => this.#noteRenewal(document, outcome),
    });
    this.#spend = new DailySpend({
      ...dependencies,
      documents: () => this.#accounts.documents(),
    });
    this.#health = new SharedHealth({
      repository: this.#healthRepository,
      events,
      clock,
      find: (id) => this.#accounts.judged(id),
      refresh: () => this.#accounts.refresh(),
      quotaRest: (account, nowMs) => this.#spend.rest(account, nowMs),
      pauseRest: (account, nowMs) => this.#pauses.rest(account, nowMs),
      onChange: (id, change) => this.#history.changed(id, change),
      restRules: dependencies.restRules,
      onError,
    });
  }

  get health(): AccountHealth {
    return this.#health;
  }

  /** Resolves with every account and its health in memory. */
  async start(): Promise<void> {
    await this.#accounts.start();
    await this.#health.start();
    await this.#spend.start();
    // Notices may have been missed while the connection was gone.
    this.#release = this.#dependencies.redis.onReconnect(() => {
      this.#health.sync().catch(this.#dependencies.onError);
    });
  }

  /** Writes what is left to write. */
  async stop(): Promise<void> {
    this.#release?.();
    this.#accounts.stop();
    this.#spend.stop();
    await this.#renewals.settled();
    await this.#health.stop();
    await this.#history.stop();
  }

  /** All accounts of known kinds, also disabled, resting and defective ones: `health.blockedUntil` tells them apart. */
  live(): readonly LiveAccount[] {
    return this.#accounts.live();
  }

  find(id: string): LiveAccount | undefined {
    return this.#accounts.find(id);
  }

  /** Whether a request may use the account's token as it is; one that ends soon is renewed meanwhile. */
  isUsable(account: LiveAccount): boolean {
    return this.#renewals.isUsable(account);
  }

  /** The account with a new token, after it ended or the vendor refused it. Never rejects. */
  renew(account: LiveAccount): Promise<Renewal> {
    return this.#renewals.renew(account);
  }

  /** Renews the tokens that end soon, and asks vendors what was not known yet of accounts. */
  async renewDue(signal: AbortSignal): Promise<void> {
    // Where a person has to sign in, the vendor has said so.
    const able = this.live().filter(({ document }) => this.#statusOf(document) !== 'needs-login');
    await this.#renewals.renewDue(able, signal);
    for (const account of this.live()) {
      if (signal.aborted) return;
      const { document, provider, defect } = account;
      if (provider.discover === undefined || document.isDiscovered || !document.enabled || defect !== null)
        continue;
      await this.update(document.kind, document.id, { settings: {} }).catch(this.#dependencies.onError);
    }
  }

  /** A call through the account has cost that much: counts at once, where the account has a daily quota. */
  spent(document: AccountDocument, costNanoUsd: number): void {
    this.#spend.add(document, costNanoUsd, this.#dependencies.clock.now());
  }

  /** An attempt on it failed; for people to look up, whatever it means for the account's health. */
  noteError(accountId: string, error: AccountError): void {
    this.#history.failed(accountId, error);
  }

  /** Its latest failures and changes of state. */
  past(accountId: string): Promise<AccountPast> {
    return this.#history.read(accountId);
  }

  /** Whether its hours, as they are set now, leave that moment out. */
  isOffHours({ serviceHours }: AccountDocument, atMs: number): boolean {
    return pauseOf({ serviceHours, pausedUntil: null }, this.#dependencies.calendar, atMs) !== null;
  }

  /** Which of these ids are accounts, of whatever kind, and of that kind where one is named; exact after one command. */
  async exist(ids: readonly string[], kind: string | null = null): Promise<boolean[]> {
    await this.#accounts.refresh();
    const documents = this.#accounts.documents();
    return ids.map((id) =>
      documents.some((document) => document.id === id && (kind === null || document.kind === kind)),
    );
  }

  /** Accounts of these groups, of all kinds; exact after one command. */
  async membersOf(groupIds: readonly string[]): Promise<AccountDocument[]> {
    await this.#accounts.refresh();
    return this.#accounts
      .documents()
      .filter((document) => document.groupIds.some((id) => groupIds.includes(id)));
  }

  /** Takes accounts into a group, or out of it. Those that are gone are left out. */
  changeGroup(
    groupId: string,
    ids: { readonly join: readonly string[]; readonly leave: readonly string[] },
  ): Promise<void> {
    return this.#memberships.change(groupId, ids);
  }

  kinds(): AccountKind[] {
    return describeKinds(this.#dependencies.providers);
  }

  /** One page, from memory; exact after one command. A `kind` must be a known one. */
  async list(
    query: AccountQuery,
    figuresOf: AccountFigureOf = async (ids) => ids.map(() => 0),
  ): Promise<{ views: AccountView[]; total: number }> {
    if (query.kind !== undefined) providerOf(this.#dependencies.providers, query.kind);
    await this.#accounts.refresh();
    return pageOfAccounts(await this.#views(this.#accounts.documents()), query, figuresOf);
  }

  async get(kind: string, id: string): Promise<AccountView> {
    return this.view(await this.#stored(kind, id));
  }

  async view(document: AccountDocument): Promise<AccountView> {
    const [view] = await this.#views([document]);
    if (view === undefined) throw new Error('one account in, one view out');
    return view;
  }

  async create(kind: string, given: z.output<typeof accountCreateBody>): Promise<AccountDocument> {
    const { providers, clock, secrets } = this.#dependencies;
    const provider = providerOf(providers, kind);
    const { credential, settings, ...plain } = given;
    await this.#memberships.refuseUnknown(plain.groupIds);
    const specifics = await readSpecifics(
      provider,
      { settings: settings ?? {}, credential },
      { settings: {}, credential: {} },
      this.#dependencies,
    );
    const now = new Date(clock.now()).toISOString();
    const document = await this.#withDiscovery({
      ...accountDefaults,
      proxyPasswordSealed: null,
      clients: [...provider.defaultClients],
      ...normalised(plain),
      ...proxyFields(plain.proxy, null, secrets),
      name: given.name,
      settings: { ...specifics.settings },
      credentialSealed: secrets.seal(JSON.stringify(specifics.credential)),
      credentialAt: now,
      isDiscovered: false,
      kind,
      id: newId(),
      createdAt: now,
      updatedAt: now,
      version: 1,
      editVersion: 1,
    });
    const result = await this.#store.save(document, 0);
    if (result !== 'saved') throw new Error(`A new account could not be stored: ${result}`);
    await this.#accounts.refresh();
    return document;
  }

  /**
   * Merges the fields given, settings and credential too. With `version` a stale change is refused. `by` is the name of
   * who does it.
   */
  async update(
    kind: string,
    id: string,
    patch: AccountPatch,
    by: string | null = null,
  ): Promise<AccountChange> {
    const { version: seenVersion, ...fields } = patch;
    await this.#memberships.refuseUnknown(fields.groupIds);
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const before = await this.#stored(kind, id);
      // A token that was renewed meanwhile is nobody's edit.
      const isStale = seenVersion !== undefined && seenVersion < (before.editVersion || before.version);
      if (isStale || (seenVersion ?? 0) > before.version) throw changedMeanwhile();
      const after = await this.#merged(before, fields);
      const from = this.#statusOf(before);
      if ((await this.#store.save(after, before.version, before)) !== 'saved') continue;
      await this.#accounts.refresh();
      // What was learnt of the old address and credential says nothing of the new ones.
      const isRenewed = fields.settings !== undefined || fields.credential !== undefined;
      this.#health.accountChanged(this.#accounts.judge(after), from, isRenewed, by);
      return { before, after, isCredentialChanged: fields.credential !== undefined };
    }
    throw changedMeanwhile();
  }

  /** Each on its own: a refusal of one does not keep the others. In the order of the ids. */
  async updateMany(body: z.output<typeof accountBatchUpdateBody>, by: string): Promise<AccountOutcome[]> {
    const { set, addGroups = [] } = body;
    await this.#memberships.refuseUnknown(addGroups);
    const documents = await this.#store.getMany(body.ids);
    return eachAccount(body.ids, documents, async (document) => {
      const { seen, patch } = wantedOf(document, body);
      const from = this.#statusOf(document);
      const canReset = body.reset && this.#health.isResettable(document.id);
      const health = canReset ? { before: from, after: 'ready' as const } : null;
      const wanted = await this.#merged(document, patch);
      const changes = changesOf(document, wanted, set, health);
      const isEdit = changes.some(({ field }) => field !== 'health');
      if (body.dryRun || changes.length === 0) return { before: document, after: document, changes };
      const made = isEdit
        ? await this.update(document.kind, document.id, { ...patch, version: seen }, by)
        : { before: document, after: document };
      if (canReset) this.#health.reset(document.id, by);
      return { ...made, changes };
    });
  }

  /** `boundKeys`: names of the keys bound to each of the ids, in their order. */
  async removeMany(
    ids: readonly string[],
    boundKeys: readonly (readonly string[])[],
  ): Promise<AccountOutcome[]> {
    const documents = await this.#store.getMany(ids);
    return eachAccount(ids, documents, async ({ kind, id }, index) => {
      const document = await this.remove(kind, id, boundKeys[index]);
      return { before: document, after: document, changes: [] };
    });
  }

  /**
   * For good; its figures and past requests stay. Requests that run on it run to their end. `boundKeys` are the names of
   * the keys bound to it: with any of them it is refused.
   */
  async remove(kind: string, id: string, boundKeys: readonly string[] = []): Promise<AccountDocument> {
    if (boundKeys.length > 0) throw stillBound(boundKeys);
    for (let attempt = 0; attempt < MAX_TRIES; attempt += 1) {
      const document = await this.#stored(kind, id);
      if ((await this.#store.remove(document)) !== 'removed') continue;
      this.#health.forget(id);
      await this.#history.forget(id);
      await this.#accounts.refresh();
      return document;
    }
    throw changedMeanwhile();
  }

  /** The vendor's page where an operator signs in, for the one who asks. */
  beginLogin(
    kind: string,
    { mode, proxy, userId }: { mode: string | null; proxy: AccountProxy | null; userId: string },
  ): Promise<{ url: string; state: string; expiresAtMs: number }> {
    return this.#logins.begin(providerOf(this.#dependencies.providers, kind), { mode, proxy, userId });
  }

  /** The pasted code becomes an account, or renews the login of the one named. */
  async endLogin(
    kind: string,
    answer: {
      readonly state: string;
      readonly code: string;
      readonly userId: string;
      readonly username: string;
    },
    { accountId, ...fields }: Plain & { settings?: Fields | undefined; accountId?: string | undefined },
  ): Promise<{ document: AccountDocument; before: AccountDocument | null }> {
    const provider = providerOf(this.#dependencies.providers, kind);
    const known = accountId === undefined ? null : await this.#stored(kind, accountId);
    const proxy = known === null ? null : this.#accounts.bring(known).proxy;
    const login = await this.#logins.end(provider, answer, proxy);
    const settings = { ...login.settings, ...fields.settings };
    if (known !== null) {
      // A login stands alone: a refresh token of the one before is not its own.
      const credential = { ...this.#emptied(known), ...login.credential };
      const { before, after } = await this.update(
        kind,
        known.id,
        { ...fields, settings, credential },
        answer.username,
      );
      return { document: after, before };
    }
    const document = await this.create(kind, {
      ...fields,
      settings,
      credential: login.credential,
      name: fields.name ?? login.owner ?? provider.label,
      proxy: fields.proxy ?? login.proxy,
    });
    return { document, before: null };
  }

  /** What takes every field of the stored credential away. */
  #emptied(document: AccountDocument): Fields {
    const opened = openCredential(document, this.#dependencies.secrets);
    return 'defect' in opened
      ? {}
      : Object.fromEntries(Object.keys(opened.credential).map((name) => [name, null]));
  }

  /** Renews the access token now, whatever is left of it. Throws a ProblemError that says why it was not. */
  async renewNow(kind: string, id: string): Promise<AccountDocument> {
    const account = this.#accounts.bring(await this.#stored(kind, id));
    const outcome = await this.#renewals.renew(account, true);
    switch (outcome.type) {
      case 'renewed':
        return outcome.account.document;
      case 'login-needed':
        throw new ProblemError('login_failed', `The vendor wants a new login: ${outcome.reason}`);
      case 'failed':
        throw new ProblemError('login_failed', `The token could not be renewed: ${outcome.reason}`);
      case 'impossible':
        throw new ProblemError('wrong_state', 'This account has nothing to renew its token with');
    }
  }

  #noteRenewal(document: AccountDocument, outcome: Renewal): void {
    const nowMs = this.#dependencies.clock.now();
    if (outcome.type === 'login-needed') {
      this.#health.failed(document, '', loginNeeded(outcome.reason), nowMs);
    } else if (outcome.type === 'renewed' && this.#statusOf(document) === 'needs-login') {
      this.#health.reset(document.id);
    }
  }

  /** Sends one small request. A good answer ends every rest and hold; a bad one is told as it came. */
  async test(
    kind: string,
    id: string,
    model: string | null,
    by: string | null = null,
  ): Promise<{ document: AccountDocument; result: AccountTestResult }> {
    const { clock, send } = this.#dependencies;
    const document = await this.#stored(kind, id);
    const account = this.#accounts.bring(document);
    const leave = this.#health.enter(id);
    try {
      const { result, failure, windows } = await testConnection(account, model, send, clock);
      this.#health.windows(id, windows);
      if (result.ok) this.#health.reset(id, by);
      // A dead credential is dead for everybody; all else may be the test's own bad luck.
      else if (failure !== null && failure.accountState !== null) {
        this.#health.failed(document, '', { ...failure, coolDownMs: null }, clock.now());
      }
      if (failure !== null) {
        const { status, model: asked } = result;
        const { reason: code, message } = failure;
        this.noteError(id, { atMs: clock.now(), status, code, message, model: asked, requestId: null });
      }
      return { document, result };
    } finally {
      leave();
    }
  }

  /** Forgets rests, holds and failures: the account is tried again at once, by every replica. */
  async reset(kind: string, id: string, by: string | null = null): Promise<AccountDocument> {
    const document = await this.#stored(kind, id);
    this.#health.reset(id, by);
    await this.#health.flush();
    return document;
  }

  async #stored(kind: string, id: string): Promise<AccountDocument> {
    const document = await this.#store.get(id);
    if (document === null || document.kind !== kind) {
      throw new ProblemError('not_found', `There is no such account of kind "${kind}"`);
    }
    return document;
  }

  #withDiscovery(document: AccountDocument): Promise<AccountDocument> {
    return withDiscovery(document, this.#accounts.bring(document), this.#dependencies.secrets, this.#sendBy);
  }

  async #merged(before: AccountDocument, fields: Omit<AccountPatch, 'version'>): Promise<AccountDocument> {
    const { clock, providers, secrets } = this.#dependencies;
    const { settings = null, credential = null, ...plain } = fields;
    const after: AccountDocument = {
      ...before,
      ...normalised(plain),
      ...proxyFields(plain.proxy, before, secrets),
      updatedAt: new Date(clock.now()).toISOString(),
      version: before.version + 1,
      editVersion: before.version + 1,
    };
    if (settings === null && credential === null) return after;
    const opened = credential === null ? null : openCredential(before, secrets);
    const known = {
      settings: before.settings,
      credential: opened !== null && 'credential' in opened ? opened.credential : {},
    };
    const provider = providerOf(providers, before.kind);
    const next = await readSpecifics(provider, { settings, credential }, known, this.#dependencies);
    return this.#withDiscovery({
      ...after,
      isDiscovered: false,
      ...(next.settings === null ? {} : { settings: { ...next.settings } }),
      ...(next.credential === null
        ? {}
        : {
            credentialSealed: secrets.seal(JSON.stringify(next.credential)),
            credentialAt: after.updatedAt,
          }),
    });
  }

  async #views(documents: readonly AccountDocument[]): Promise<AccountView[]> {
    const nowMs = this.#dependencies.clock.now();
    const lastUses = await this.#healthRepository.lastUses(documents.map(({ id }) => id));
    return documents.map((document, index) => {
      const health = this.#health.state(document.id);
      return {
        document,
        subscription: this.#accounts.find(document.id)?.subscription ?? null,
        standing: this.#health.standing(this.#accounts.judge(document), nowMs),
        families: restingFamilies(health, nowMs),
        windows: health.windows,
        isSchedulable: this.#health.blockedUntil(document.id, '', nowMs) === null,
        inFlight: this.#health.inFlight(document.id),
        failures: health.streak,
        login: this.#loginOf(document),
        lastUsedAtMs: lastUses[index] ?? null,
      };
    });
  }

  /** Null where the kind has none. */
  #loginOf(document: AccountDocument): AccountView['login'] {
    if (this.#dependencies.providers.get(document.kind)?.expiresAtMs === undefined) return null;
    const { expiresAtMs, isRenewable } = this.#accounts.bring(document);
    return { expiresAtMs, isRenewable };
  }

  #statusOf(document: AccountDocument): AccountStatus {
    return this.#health.standing(this.#accounts.judge(document), this.#dependencies.clock.now()).status;
  }
}

/** Fields that were given, lists without doubles, times in UTC; of the proxy nothing, whose password is sealed. */
function normalised({ proxy: _proxy, ...fields }: Plain): Partial<AccountDocument> {
  const { clients, groupIds, expiresAt, pausedUntil } = fields;
  const given = {
    ...fields,
    clients: clients && [...new Set(clients)],
    groupIds: groupIds && [...new Set(groupIds)],
    expiresAt: expiresAt && new Date(expiresAt).toISOString(),
    pausedUntil: pausedUntil && new Date(pausedUntil).toISOString(),
  };
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

/** The first ten by name, the others by their number. */
function stillBound(names: readonly string[]): ProblemError {
  const shown = names.slice(0, 10).map((name) => `"${name}"`);
  const more = names.length > shown.length ? ` and ${names.length - shown.length} more` : '';
  const detail = `Keys are bound to this account: ${shown.join(', ')}${more}. Bind them elsewhere first`;
  return new ProblemError('in_use', detail);
}

function changedMeanwhile(): ProblemError {
  return new ProblemError(
    'conflict',
    'The account was changed meanwhile; read it again and repeat the change on what it is now',
  );
}
