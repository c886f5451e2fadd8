// Owns which accounts could serve a request at all, by what is set: pure, and remembered until something that is set
// changes, so that a request costs the same with five hundred accounts as with one.
import { type Bind, clientIds } from '@crs/shared';
import { LRUCache } from 'lru-cache';
import { type LiveAccount, mappedModel } from '../modules/accounts/index.ts';
import type { KeyDocument } from '../modules/keys/index.ts';
import type { RequestRecord } from '../modules/usage/index.ts';
import { matchesAny } from '../platform/wildcard.ts';
import type { RequestFacts } from '../protocols/protocol.ts';
import { askedIn } from './asked-in.ts';

export type Verdict = RequestRecord['decision']['candidates'][number];

/** What of a key decides whom it may use. */
export type KeyScope = Pick<KeyDocument, 'permissions' | 'binds' | 'bindFallback'>;

/** What of a request decides whom it may use. */
export type PoolFacts = Pick<RequestFacts, 'dialect' | 'operation' | 'model' | 'client' | 'service'>;

/** Accounts of one priority, all of them asked in the client's own dialect or none. */
export interface Tier {
  readonly accounts: readonly LiveAccount[];
  /** Sum of the weights up to and including each account; the last one is the total. */
  readonly weightSums: readonly number[];
}

/** Accounts that come before all others, or after: those the key is bound to, those it may fall back on. */
export interface Segment {
  /** Best priority first. */
  readonly tiers: readonly Tier[];
  readonly byId: ReadonlyMap<string, LiveAccount>;
}

export interface Pool {
  /** Best first; none is empty. */
  readonly segments: readonly Segment[];
  /** Few enough for the decision record to name every account. */
  readonly isSmall: boolean;
  /** Why the others of a small pool could not serve the request. */
  readonly obstacles: readonly Verdict[];
  /** Nobody serves it because of the key's permissions alone. */
  readonly isForbidden: boolean;
  /** Accounts answer this model, but none of them such calls: no token count, no embeddings. */
  readonly isUnsupported: boolean;
  /** The key is bound as to this model. */
  readonly isBound: boolean;
  /** One of the accounts expires then. */
  readonly validUntilMs: number;
}

/** A decision record names no more accounts. */
export const SMALL_POOL = 50;
/** Pools of different models, clients and bindings that are remembered. */
const MAX_POOLS = 500;
/** A client may name a model of any length; only sensible ones are worth the memory. */
const MAX_NAME_LENGTH = 20_000;

/** Null when the account could serve the request; else why not, in words. Moments do not count here, only what is set. */
export function eligible(
  account: LiveAccount,
  facts: PoolFacts,
  permissions: 'all' | readonly string[],
  nowMs: number,
): string | null {
  const { document, provider } = account;
  const generalObstacle = outOfUse(account, nowMs);
  if (generalObstacle !== null) return generalObstacle;
  if (facts.service !== null && facts.service !== provider.service)
    return `the address asks for ${facts.service}`;
  const modelObstacle = unservedModel(account, facts.model);
  if (modelObstacle !== null) return modelObstacle;
  if (permissions !== 'all' && !permissions.includes(provider.service))
    return `the key may not use ${provider.service}`;
  const { clients } = document;
  if (clients.length > 0 && !clients.some((client) => client === facts.client)) {
    return `serves only ${clients.join(', ')}, not ${facts.client}`;
  }
  return askedIn(provider, facts) === null ? `has no ${facts.operation} for ${facts.dialect} clients` : null;
}

/** Why an account is out of use for everybody by what is set; null where it is not. */
export function outOfUse({ document }: LiveAccount, nowMs: number): string | null {
  if (!document.enabled) return 'switched off';
  return document.expiresAt !== null && Date.parse(document.expiresAt) <= nowMs ? 'expired' : null;
}

/** Null when the account answers this model, under whatever name; else why not. */
export function unservedModel(
  account: Pick<LiveAccount, 'document' | 'provider' | 'lacks'>,
  model: string,
): string | null {
  const { document, provider } = account;
  const { allow } = document.models;
  const mapped = mappedModel(document, model);
  if (mapped !== null) return account.lacks(mapped);
  if (!provider.serves(model)) return `does not serve ${model}`;
  if (allow.length > 0 && !matchesAny(allow, model)) return `${model} is not in its models`;
  return account.lacks(model);
}

/** Model to ask the upstream for. */
export function upstreamModel({ document }: LiveAccount, model: string): string {
  return mappedModel(document, model) ?? model;
}

export function poolOf(
  accounts: readonly LiveAccount[],
  facts: PoolFacts,
  scope: KeyScope,
  nowMs: number,
): Pool {
  const isSmall = accounts.length <= SMALL_POOL;
  const bound = boundAccounts(scope.binds, accounts, facts.model);
  const first: LiveAccount[] = [];
  const second: LiveAccount[] = [];
  const obstacles: Verdict[] = [];
  let isForbidden = false;
  let isUnsupported = false;
  let validUntilMs = Number.POSITIVE_INFINITY;
  for (const account of accounts) {
    const { document } = account;
    const isBound = bound?.has(document.id) === true;
    const outOfReach = isBound ? null : outsideBinds(document.shared, bound !== null, scope.bindFallback);
    const obstacle = outOfReach ?? eligible(account, facts, scope.permissions, nowMs);
    if (obstacle === null) {
      (bound === null || isBound ? first : second).push(account);
      if (document.expiresAt !== null) validUntilMs = Math.min(validUntilMs, Date.parse(document.expiresAt));
    } else {
      isForbidden ||= outOfReach === null && eligible(account, facts, 'all', nowMs) === null;
      isUnsupported ||=
        outOfReach === null &&
        askedIn(account.provider, facts) === null &&
        eligible(account, { ...facts, operation: 'generate' }, scope.permissions, nowMs) === null;
      if (isSmall) obstacles.push(verdict(account, false, obstacle, null));
    }
  }
  const segments = [first, second]
    .filter(({ length }) => length > 0)
    .map((members) => segmentOf(members, facts));
  return {
    segments,
    isSmall,
    obstacles,
    isForbidden: segments.length === 0 && isForbidden,
    isUnsupported: segments.length === 0 && isUnsupported,
    isBound: bound !== null,
    validUntilMs,
  };
}

export function outsideBinds(isShared: boolean, isKeyBound: boolean, mayFallBack: boolean): string | null {
  if (isKeyBound && !mayFallBack) return 'the key is bound to other accounts';
  return isShared ? null : 'is only for keys that are bound to it';
}

/**
 * Ids the key is bound to as to this model; null where no bind speaks of it. A bind speaks of the models that its
 * accounts' kinds serve, so a key bound to a Claude account asks the shared pool for Gemini. One whose account or
 * members are gone speaks of every model: what was bound is never widened by a deletion.
 */
export function boundAccounts(
  binds: readonly Bind[],
  accounts: readonly LiveAccount[],
  model: string,
): ReadonlySet<string> | null {
  const bound = new Set<string>();
  let isBound = false;
  for (const bind of binds) {
    const members = accounts.filter(({ document }) =>
      'groupId' in bind
        ? document.groupIds.includes(bind.groupId)
        : document.id === bind.accountId && document.kind === bind.kind,
    );
    const concerned = members.filter(
      ({ document, provider }) => provider.serves(model) || mappedModel(document, model) !== null,
    );
    if (members.length === 0 || concerned.length > 0) isBound = true;
    for (const { document } of concerned) bound.add(document.id);
  }
  return isBound ? bound : null;
}

/** At equal priority those that are asked in the client's own dialect come first: nothing is lost on the way. */
function segmentOf(accounts: readonly LiveAccount[], facts: PoolFacts): Segment {
  const isNative = ({ provider }: LiveAccount): boolean => askedIn(provider, facts) === facts.dialect;
  const priorities = [...new Set(accounts.map(({ document }) => document.priority))].sort((a, b) => a - b);
  return {
    tiers: priorities.flatMap((priority) => {
      const equals = accounts.filter(({ document }) => document.priority === priority);
      const native = equals.filter(isNative);
      const converted = equals.filter((account) => !isNative(account));
      return [native, converted].filter(({ length }) => length > 0).map(tierOf);
    }),
    byId: new Map(accounts.map((account) => [account.document.id, account])),
  };
}

function tierOf(accounts: readonly LiveAccount[]): Tier {
  let total = 0;
  const weightSums = accounts.map(({ document }) => {
    total += document.weight;
    return total;
  });
  return { accounts, weightSums };
}

export function verdict(
  { document }: LiveAccount,
  isEligible: boolean,
  reason: string,
  score: number | null,
): Verdict {
  return { accountId: document.id, accountName: document.name, eligible: isEligible, reason, score };
}

/** Pools by what they depend on; all are forgotten when an account changes. */
export class Pools {
  #accounts: readonly LiveAccount[] = [];
  #pools = new LRUCache<string, Pool>({ max: MAX_POOLS });
  /** Text of a key's scope, made once per version of the key. */
  readonly #scopes = new WeakMap<KeyScope, string>();

  /** `accounts` is the same list as long as no account changed. */
  get(accounts: readonly LiveAccount[], facts: PoolFacts, scope: KeyScope, nowMs: number): Pool {
    if (accounts !== this.#accounts) {
      this.#accounts = accounts;
      this.#pools.clear();
    }
    // Clients name themselves as they like; only those an account can be limited to make a difference.
    const client = clientIds.find((id) => id === facts.client) ?? 'another client';
    const name = `${facts.dialect}\n${facts.operation}\n${facts.service}\n${client}\n${this.#scopeName(scope)}\n${facts.model}`;
    const known = this.#pools.get(name);
    if (known !== undefined && known.validUntilMs > nowMs) return known;
    const pool = poolOf(accounts, { ...facts, client }, scope, nowMs);
    if (name.length <= MAX_NAME_LENGTH) this.#pools.set(name, pool);
    return pool;
  }

  #scopeName(scope: KeyScope): string {
    let name = this.#scopes.get(scope);
    if (name === undefined) {
      const { permissions, binds, bindFallback } = scope;
      name = JSON.stringify([permissions, binds, binds.length > 0 && bindFallback]);
      this.#scopes.set(scope, name);
    }
    return name;
  }
}
