// Owns the shape of a contract: one value per endpoint, read by the gateway (validation), the console (typed
// client) and the OpenAPI document.
import type { z } from 'zod';

export type HttpMethod = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export const roles = ['admin', 'operator', 'viewer', 'user'] as const;
export type Role = (typeof roles)[number];

/**
 * Who may call a route. `public` needs no session, `session` any signed-in user (also one who still has to
 * change the password), a list names the roles. There is no default: a route that does not say is a type error.
 */
export type Access = 'public' | 'session' | readonly Role[];

type Schema = z.ZodType;

export interface RouteDefinition {
  readonly method: HttpMethod;
  /** Below `/api/v2`, parameters written as `:name`. */
  readonly path: string;
  readonly access: Access;
  readonly summary: string;
  readonly description?: string;
  readonly params?: Schema;
  readonly query?: Schema;
  readonly body?: Schema;
  /** Absent: the answer has no body (204), or is a file. */
  readonly response?: Schema;
  /** Media types of the file that is answered in the place of JSON. */
  readonly file?: readonly [string, ...string[]];
  /** Success status, 200 unless given; 204 where there is no response schema. */
  readonly status?: number;
}

/** Keeps the literal types of a route, so that handlers and clients are typed from it. */
export function defineRoute<const R extends RouteDefinition>(route: R): R {
  return route;
}

type OutputOf<S> = S extends Schema ? z.output<S> : undefined;
type InputOf<S> = S extends Schema ? z.input<S> : undefined;

/** What a handler receives: parsed values. */
export interface RouteInput<R extends RouteDefinition> {
  params: OutputOf<R['params']>;
  query: OutputOf<R['query']>;
  body: OutputOf<R['body']>;
}

/** A file as a handler answers it: sent piece by piece, as fast as the client takes it. */
export interface FileAnswer {
  /** Letters, digits, `-`, `_` and `.`: what the browser saves it as. */
  readonly name: string;
  /** One of the route's media types. */
  readonly type: string;
  readonly pieces: AsyncIterable<string | Uint8Array>;
}

/** What a handler returns; the response schema strips what it does not name. */
export type RouteOutput<R extends RouteDefinition> = R['file'] extends readonly string[]
  ? FileAnswer
  : R['response'] extends Schema
    ? z.input<R['response']>
    : void;

/** What a caller gets; of a file its bytes. */
export type RouteResult<R extends RouteDefinition> = R['file'] extends readonly string[]
  ? Blob
  : R['response'] extends Schema
    ? z.output<R['response']>
    : void;

type Part<Name extends string, S> = S extends Schema
  ? undefined extends InputOf<S>
    ? { [K in Name]?: InputOf<S> }
    : Record<string, never> extends InputOf<S>
      ? { [K in Name]?: InputOf<S> }
      : { [K in Name]: InputOf<S> }
  : unknown;

/** What a caller passes: only the parts the route has, required where a part has required fields. */
export type RouteCall<R extends RouteDefinition> = Part<'params', R['params']> &
  Part<'query', R['query']> &
  Part<'body', R['body']>;

export type RouteTree = { readonly [name: string]: RouteDefinition | RouteTree };

/** Tells a leaf of a route tree from a branch. */
export function isRoute(node: RouteDefinition | RouteTree): node is RouteDefinition {
  return typeof node['method'] === 'string' && typeof node['path'] === 'string';
}

/** All routes of a tree in declaration order, each with its dotted name (`keys.list`). */
export function listRoutes(tree: RouteTree, prefix = ''): { name: string; route: RouteDefinition }[] {
  return Object.entries(tree).flatMap(([name, node]) =>
    isRoute(node) ? [{ name: prefix + name, route: node }] : listRoutes(node, `${prefix}${name}.`),
  );
}
