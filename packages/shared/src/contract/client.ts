// Owns the typed client: the same route values the gateway mounts, turned into functions over fetch.
import { ApiError, problemSchema } from '../errors.ts';
import { isRoute, type RouteCall, type RouteDefinition, type RouteResult, type RouteTree } from './route.ts';

export interface ClientOptions {
  /** Origin and prefix, e.g. `https://relay.example/api/v2`; may be relative in a browser. */
  readonly baseUrl: string;
  readonly fetch?: typeof fetch;
  /** Sent as bearer; browsers rely on the session cookie instead. */
  readonly token?: () => string | undefined;
}

export interface CallOptions {
  readonly signal?: AbortSignal;
}

type ClientFunction<R extends RouteDefinition> =
  Record<string, never> extends RouteCall<R>
    ? (call?: RouteCall<R>, options?: CallOptions) => Promise<RouteResult<R>>
    : (call: RouteCall<R>, options?: CallOptions) => Promise<RouteResult<R>>;

export type Client<T extends RouteTree> = {
  readonly [K in keyof T]: T[K] extends RouteDefinition
    ? ClientFunction<T[K]>
    : T[K] extends RouteTree
      ? Client<T[K]>
      : never;
};

type QueryValue = string | number | boolean | null | undefined;

interface LooseCall {
  params?: Record<string, string>;
  query?: Record<string, QueryValue | readonly QueryValue[]>;
  body?: unknown;
}

/** Address of a route: parameters filled in and escaped, undefined query fields left out, arrays repeated. */
export function buildPath(route: RouteDefinition, call: LooseCall): string {
  const path = route.path.replaceAll(/:(\w+)/g, (_, name: string) =>
    encodeURIComponent(call.params?.[name] ?? ''),
  );
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(call.query ?? {})) {
    for (const item of [value].flat()) {
      if (item !== undefined && item !== null) search.append(name, String(item));
    }
  }
  const query = search.toString();
  return query === '' ? path : `${path}?${query}`;
}

function readRetryAfter(response: Response): number | null {
  const text = response.headers.get('retry-after');
  return text !== null && /^\d{1,9}$/.test(text) ? Number(text) : null;
}

async function readError(response: Response): Promise<ApiError> {
  const text = await response.text();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = undefined;
  }
  const problem = problemSchema.safeParse(parsed);
  if (problem.success) return new ApiError(problem.data, readRetryAfter(response));
  return new ApiError(
    {
      type: 'about:blank',
      title: response.statusText || 'Request failed',
      status: response.status,
      code: 'unexpected_answer',
      detail: text.slice(0, 300) || `The server answered ${response.status} without a body.`,
      requestId: response.headers.get('x-request-id') ?? '',
    },
    readRetryAfter(response),
  );
}

/** A client for a route tree. Answers are parsed by the route's schema; failures are `ApiError`. */
export function createClient<T extends RouteTree>(tree: T, options: ClientOptions): Client<T> {
  const send = options.fetch ?? ((input, init) => fetch(input, init));

  async function request(route: RouteDefinition, call: LooseCall, signal?: AbortSignal): Promise<unknown> {
    const headers: Record<string, string> = { accept: route.file?.join(', ') ?? 'application/json' };
    const token = options.token?.();
    if (token !== undefined) headers['authorization'] = `Bearer ${token}`;
    const init: RequestInit = { method: route.method, headers, credentials: 'same-origin' };
    if (signal !== undefined) init.signal = signal;
    if (route.body !== undefined) {
      headers['content-type'] = 'application/json';
      init.body = JSON.stringify(call.body ?? {});
    }
    const response = await send(options.baseUrl + buildPath(route, call), init);
    if (!response.ok) throw await readError(response);
    if (route.file !== undefined) return response.blob();
    if (route.response === undefined) return undefined;
    return route.response.parse(await response.json());
  }

  function build(node: RouteTree): unknown {
    return Object.fromEntries(
      Object.entries(node).map(([name, child]) => [
        name,
        isRoute(child)
          ? (call: LooseCall = {}, callOptions: CallOptions = {}) => request(child, call, callOptions.signal)
          : build(child),
      ]),
    );
  }
  return build(tree) as Client<T>;
}
