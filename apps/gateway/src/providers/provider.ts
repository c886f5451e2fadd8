// Owns what an upstream kind is. A provider is a value without state: it prepares requests and reads answers; sending,
// health, accounts and accounting are not its business.
import type { ClientId, Service } from '@crs/shared';
import type { z } from 'zod';
import type { AnswerConverter, DialectId, Operation, RequestFacts } from '../protocols/protocol.ts';

/** An account as a provider sees it: settings already parsed by the kind's schema. */
interface ProviderAccount<Settings = unknown> {
  readonly id: string;
  readonly settings: Settings;
}

export interface UpstreamCall {
  /** Of the body and the path: one the provider speaks. */
  readonly dialect: DialectId;
  readonly operation: Operation;
  readonly method: string;
  /** As the dialect's own vendor has it: `/v1/messages`, `/v1/chat/completions`, `/v1beta/models/m:generateContent`. */
  readonly path: string;
  /** With its question mark, relay keys already removed; empty where there is none. */
  readonly query: string;
  /** The client's headers, flat name/value list as Node's `rawHeaders`, credentials and hop-by-hop ones removed. */
  readonly headers: readonly string[];
  /** The client's own bytes, or the request as it was converted. */
  readonly body: Buffer;
  /** The answer is wanted as a stream. */
  readonly stream: boolean;
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
  /** A code that clients of other dialects branch on, where the vendor only has words for it. */
  readonly code?: 'context_length_exceeded';
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
  /**
   * Native dialects of each operation, the preferred first: their bytes pass untouched, all others are converted to the
   * first. An operation that is not here cannot be served.
   */
  readonly speaks: Readonly<Partial<Record<Operation, readonly DialectId[]>>>;
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
  /** Absent: the price list of the model's own vendor holds. */
  market?(settings: Settings, upstreamModel: string): Market;
  /** Why an account with these settings may not use a model that its kind serves; null where nothing speaks against it. */
  lacks?(model: string, settings: Settings): string | null;
  /** Pure but for the time, which a signature carries. */
  prepare(call: UpstreamCall, account: ProviderAccount<Settings>, credential: Credential): PreparedRequest;
  /** Pure; sole reader of upstream error text. `nowMs` for reset headers. */
  classify(failure: FailedResponse, facts: RequestFacts, nowMs: number): UpstreamFailure;
  /** What the vendor's headers say of the account's own quota; empty where they say nothing. */
  limits(headers: Readonly<Record<string, string>>): AccountWindow[];
  /** The smallest real call, for the connection test. */
  testCall(model: string | null): { call: UpstreamCall; model: string };
  /** Content type of the vendor's streams; `text/event-stream` where absent. */
  readonly streamContentType?: string;
  /** The vendor only streams: whole answers are made of its streams. */
  readonly onlyStreams?: boolean;
  /** Error answers are not in the dialect's form, so they are worded anew for the client. */
  readonly hasForeignErrors?: boolean;
  /** Takes the vendor's frames off an answer, so that the bytes of the dialect are left; null: there are none. */
  unframe?(answer: 'stream' | 'json', call: UpstreamCall): AnswerConverter | null;
  /** The vendor's login in a browser, where there is one. */
  readonly login?: LoginFlow<Settings, Credential>;
  /** When the credential ends; null where it does not, or does not say. */
  expiresAtMs?(credential: Credential): number | null;
  /**
   * A new credential for one that ends. Rejects with LoginExpired where only a new login helps, with any other error
   * where a later try may.
   */
  refresh?(credential: Credential, settings: Settings, send: Send): Promise<Credential>;
  /** What the vendor knows of the account and its calls need (subscription, project): the settings with it. */
  discover?(credential: Credential, settings: Settings, send: Send): Promise<Settings>;
}

/** Sends one request and collects its answer; rejects with an error that carries `code` where there is none. */
export type Send = (request: PreparedRequest) => Promise<{
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}>;

/** The vendor takes this credential no more; a person has to sign in again. */
export class LoginExpired extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'LoginExpired';
  }
}

/** OAuth 2.0 with PKCE, by a page of the vendor that shows a code to paste, or an address to copy. */
export interface LoginFlow<Settings, Credential> {
  /** Other ways to sign in that the vendor offers, beside the usual one: `setup-token`. */
  readonly modes: readonly string[];
  /** Pure. */
  authorizeUrl(request: {
    readonly state: string;
    readonly codeChallenge: string;
    readonly mode: string | null;
  }): string;
  /** Rejects with an error whose message an operator understands. */
  exchange(
    answer: {
      readonly code: string;
      readonly state: string;
      readonly codeVerifier: string;
      readonly mode: string | null;
    },
    send: Send,
  ): Promise<{
    readonly credential: Credential;
    readonly settings: Settings;
    /** Whose account it is, to name it by. */
    readonly owner: string | null;
  }>;
}

/** Where a call is sold, where that is another price list than the model's own vendor's. */
export interface Market {
  readonly list: 'azure' | 'bedrock';
  /** Answered within one part of the world, for which some models cost more. */
  readonly isRegional: boolean;
}

/** A provider whose settings and credential types are not known where it is used; the account carries parsed ones. */
export type AnyProvider = Provider;
