// Owns what a handler of the admin API is: a function per route of the contract, given parsed values and who asks.
import type { RouteDefinition, RouteInput, RouteOutput, RouteTree, SessionUser } from '@crs/shared';
import type { AuditEvent } from '../platform/events.ts';

/** What a handler of a public route knows of its caller. */
export interface PublicContext {
  readonly requestId: string;
  /** Of the client; of the nearest proxy where none is trusted. */
  readonly ip: string;
  /** Gives the browser this session as its cookie; null takes the cookie away. */
  readonly setSessionCookie: (session: { readonly token: string; readonly endsAtMs: number } | null) => void;
}

/** What a handler of every other route knows: the session is valid and the role may do this. */
export interface AdminContext extends PublicContext {
  readonly user: SessionUser;
  readonly session: { readonly id: string; readonly expiresAtMs: number; readonly endsAtMs: number };
  /** Notes what was done, after it was done. Secrets among `before` and `after` are never written down. */
  readonly audit: (action: string, target: AuditEvent['target'], before?: unknown, after?: unknown) => void;
}

type ContextOf<R extends RouteDefinition> = R['access'] extends 'public' ? PublicContext : AdminContext;

type Handler<R extends RouteDefinition> = (
  input: RouteInput<R>,
  context: ContextOf<R>,
) => Promise<RouteOutput<R>> | RouteOutput<R>;

/** One handler per route of a tree, in the tree's shape. */
export type Handlers<T extends RouteTree> = {
  readonly [Name in keyof T]: T[Name] extends RouteDefinition
    ? Handler<T[Name]>
    : T[Name] extends RouteTree
      ? Handlers<T[Name]>
      : never;
};
