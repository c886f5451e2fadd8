// Owns what an upstream kind is. A provider is a value without state: it prepares requests and reads answers; sending,
// health, accounts and accounting are not its business.
import type { ClientId, Service } from '@crs/shared';
import type { z } from 'zod';
import type { DialectId, Operation, RequestFacts } from '../protocols/protocol.ts';

/** An account as a provider sees it: settings already parsed by the kind's schema. */
interface ProviderAccount<Settings = unknown> {
  readonly id: string;
  readonly settings: Settings;
}

export interface UpstreamCall {
  readonly dialect: DialectId;
  readonly operation: Operation;
  readonly method: string;
  /** Below the route's prefix: `/v1/messages`. */
  readonly path: string;
  /** With its question mark, relay keys already removed; empty where there is none. */
  readonly query: string;
  /** The client's headers, flat name/value list as Node's `rawHeaders`, credentials and hop-by-hop ones removed. */
  readonly headers: readonly string[];
  /** The client's own bytes. */
  readonly body: Buffer;
  readonly facts: RequestFacts;
  /** What to ask the upstream for; differs from `facts.model` only where the account maps it. */
  readonly upstreamModel: string;
}

export interface PreparedRequest {
  readonly method: string;
  /** `https://host:port`. */
  readonly origin: string;
  /** Path with query. */
  readonly path: string;
  /** Flat name/value list. */
  readonly headers: string[];
  readonly body: Buffer;
}

/** What went wrong with one attempt, before anybody judged it. */
export type FailedResponse =
  | {
      readonly type: 'status';
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      /** First 64 KiB, as text. */
      readonly body: string;
    }
  | {
      readonly type: 'error-event';
      readonly headers: Readonly<Record<string, string>>;
      /** JSON text of the error event inside a stream with status 200. */
      readonly body: string;
    }
  | { readonly type: 'unreachable'; readonly code: string; readonly message: string }
  | {
      readonly type: 'timeout';
      readonly stage: 'connect' | 'first-event' | 'idle' | 'total';
      readonly timeoutMs: number;
    }
  | { readonly type: 'cut'; readonly message: string };

type FailureReason =
  | 'invalid_request'
  | 'too_large'
  | 'not_found'
  | 'conflict'
  | 'permission_denied'
  | 'credential_rejected'
  | 'billing'
  | 'rate_limited'
  | 'overloaded'
  | 'server_error'
  | 'unreachable'
  | 'timeout'
  | 'cut';

/** A judged failure: whose fault, what to do next, how long to leave whom alone. */
export interface UpstreamFailure {
  readonly reason: FailureReason;
  readonly fault: 'client' | 'account' | 'service' | 'network';
  readonly retry: 'same' | 'other' | 'never';
  /** Rests the account (or only the model family) this long; null = it may go on. */
  readonly coolDownMs: number | null;
  readonly coolDownScope: 'account' | 'family';
  /** `login`: the credential is dead. `blocked`: the vendor holds the account. null: it recovers by itself. */
  readonly accountState: 'needs-login' | 'blocked' | null;
  /** The account has no such model, or no right to it; another may have. */
  readonly deniesModel?: boolean;
  /** For the operator, in words: the vendor's own message where there is one. */
  readonly message: string;
}

/** One of the vendor's own quota windows. */
export interface AccountWindow {
  readonly name: string;
  /** 0..1+, null where unknown. */
  readonly utilization: number | null;
  readonly resetsAtMs: number | null;
}

export interface Provider<Settings = unknown, Credential = unknown> {
  readonly kind: string;
  /** Name for people. */
  readonly label: string;
  readonly service: Service;
  /** Native dialects: bytes pass untouched. */
  readonly speaks: readonly DialectId[];
  /** Clients an account of this kind serves unless it says otherwise; empty = all. */
  readonly defaultClients: readonly ClientId[];
  /** Vendor terms the operator should know; shown where such an account is added. */
  readonly termsNote: string | null;
  readonly account: { readonly settings: z.ZodType<Settings>; readonly credential: z.ZodType<Credential> };
  /** Address the account's requests go to, for the private-address rule. */
  baseUrl(settings: Settings): string;
  /** Whether the kind can answer this model at all (a Claude kind: `claude-*`), before any account's own list. */
  serves(model: string): boolean;
  /** What the vendor sells such an account as, where its settings tell. */
  subscription?(settings: Settings): string | null;
  /** Why an account with these settings may not use a model that its kind serves; null where nothing speaks against it. */
  lacks?(model: string, settings: Settings): string | null;
  /** Pure. */
  prepare(call: UpstreamCall, account: ProviderAccount<Settings>, credential: Credential): PreparedRequest;
  /** Pure; sole reader of upstream error text. `nowMs` for reset headers. */
  classify(failure: FailedResponse, facts: RequestFacts, nowMs: number): UpstreamFailure;
  /** What the vendor's headers say of the account's own quota; empty where they say nothing. */
  limits(headers: Readonly<Record<string, string>>): AccountWindow[];
  /** The smallest real call, for the connection test. */
  testCall(model: string | null): { call: UpstreamCall; model: string };
}

/** A provider whose settings and credential types are not known where it is used; the account carries parsed ones. */
export type AnyProvider = Provider;
