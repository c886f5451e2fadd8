// The simulator as a value: started, asked, told to fail, closed.
import { randomBytes } from 'node:crypto';
import { type Server, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { handleControl, isControl } from './control.ts';
import { readFaultRule } from './fault-spec.ts';
import { FaultBoard, type FaultRule } from './faults.ts';
import { type SimulatorState, handleRequest } from './handle-request.ts';
import { type LoggedRequest, RequestLog } from './request-log.ts';
import { type CountFilter, Tally, type TallyRow } from './tally.ts';
import { type LoginRenewal, TokenBook } from './vendors/oauth/token-book.ts';
import { VendorRegistry } from './vendors/registry.ts';

export interface SimulatorOptions {
  /** 0 or absent takes a free port. */
  port?: number;
  /** 127.0.0.1 if absent. */
  host?: string;
  /** The only keys and tokens accepted; any if absent. */
  keys?: readonly string[];
  /** Pause between pieces of content unless the prompt or a fault says otherwise; 0 if absent. */
  paceMs?: number;
  /** Of the access tokens that logins give, unless a marker says it; each vendor's own if absent. */
  tokenLifetimeSeconds?: number;
  /**
   * So long a used refresh token of a login that rotates them is answered with what it gave before; afterwards it is
   * refused and ends its login. If absent, it is refused and the login goes on.
   */
  refreshGraceSeconds?: number;
  /** The secret key of every AWS access key id; that of AWS's documentation if absent. */
  awsSecretKey?: string;
  /** Bounds of the log; the counters have none. */
  maxLoggedRequests?: number;
  maxLoggedBytes?: number;
}

export interface Simulator {
  readonly url: string;
  readonly port: number;
  /** What arrived, newest last; bounded. */
  readonly requests: readonly LoggedRequest[];
  /** Exact number of requests that arrived since the start or `reset`, whatever the log still holds. */
  count(filter?: CountFilter): number;
  /** Questions with refresh tokens, newest last. */
  readonly renewals: readonly LoginRenewal[];
  /** Ends every access token that a login gave. */
  endTokens(): void;
  /** The counters behind `count`, with the usage that clients were told. */
  stats(): TallyRow[];
  /** Strikes the next request that it matches, once unless it says `times`. */
  enqueue(fault: FaultRule): void;
  /** In force until replaced, cleared or spent; a rule with the same match replaces the earlier one. */
  setFault(rule: FaultRule): void;
  clearFaults(): void;
  /** Forgets requests, counters, faults and prompt caches. */
  reset(): void;
  close(): Promise<void>;
}

const BACKLOG = 8192;
const MAX_LOGGED_REQUESTS = 5000;
const MAX_LOGGED_BYTES = 64 * 1024 * 1024;
const KEEP_ALIVE_MS = 75_000;

/** Rejects if the port is taken. */
export async function startSimulator(options: SimulatorOptions = {}): Promise<Simulator> {
  const host = options.host ?? '127.0.0.1';
  const tokens = new TokenBook();
  const state: SimulatorState = {
    vendors: new VendorRegistry({
      keys: options.keys === undefined ? undefined : new Set(options.keys),
      tokens,
      awsSecretKey: options.awsSecretKey,
      tokenLifetimeSeconds: options.tokenLifetimeSeconds,
      refreshGraceSeconds: options.refreshGraceSeconds,
      paceMs: options.paceMs ?? 0,
    }),
    faults: new FaultBoard(),
    log: new RequestLog(
      options.maxLoggedRequests ?? MAX_LOGGED_REQUESTS,
      options.maxLoggedBytes ?? MAX_LOGGED_BYTES,
    ),
    tally: new Tally(),
    nextRequestId: requestIds(),
  };
  const server = createServer({ noDelay: true, keepAliveTimeout: KEEP_ALIVE_MS, requestTimeout: 0 });
  const simulator = new RunningSimulator(state, tokens, server, host);
  server.on('request', (request, response) => {
    if (isControl(request.url ?? '')) {
      void handleControl(state, () => simulator.reset(), request, response);
    } else handleRequest(state, request, response);
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port: options.port ?? 0, host, backlog: BACKLOG }, resolve);
  });
  return simulator;
}

class RunningSimulator implements Simulator {
  readonly #state: SimulatorState;
  readonly #tokens: TokenBook;
  readonly #server: Server;
  readonly #host: string;

  constructor(state: SimulatorState, tokens: TokenBook, server: Server, host: string) {
    this.#state = state;
    this.#tokens = tokens;
    this.#server = server;
    this.#host = host;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo | null)?.port ?? 0;
  }

  get url(): string {
    const host = this.#host === '0.0.0.0' || this.#host === '::' ? '127.0.0.1' : this.#host;
    return `http://${host.includes(':') ? `[${host}]` : host}:${this.port}`;
  }

  get requests(): readonly LoggedRequest[] {
    return this.#state.log.entries;
  }

  get renewals(): readonly LoginRenewal[] {
    return this.#tokens.renewals;
  }

  endTokens(): void {
    this.#tokens.endAll();
  }

  count(filter?: CountFilter): number {
    return this.#state.tally.count(filter);
  }

  stats(): TallyRow[] {
    return this.#state.tally.rows();
  }

  enqueue(fault: FaultRule): void {
    this.#state.faults.enqueue(readFaultRule(fault));
  }

  setFault(rule: FaultRule): void {
    this.#state.faults.set(readFaultRule(rule));
  }

  clearFaults(): void {
    this.#state.faults.clear();
  }

  reset(): void {
    this.#state.faults.clear();
    this.#state.log.clear();
    this.#state.tally.clear();
    this.#state.vendors.reset();
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
    });
    this.#server.closeAllConnections();
    await closed;
  }
}

function requestIds(): () => string {
  const start = randomBytes(5).toString('hex');
  let count = 0;
  return () => {
    count += 1;
    return `req_011C${start}${count.toString(36).padStart(10, '0')}`;
  };
}
