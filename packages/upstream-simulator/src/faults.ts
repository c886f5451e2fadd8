// What can go wrong on demand, for whom, how often; every vendor is behind it.
import { isBelow } from './paths.ts';
import { digest, seededRandom } from './seed.ts';

export type Chunking = 'whole' | 'per-event' | `bytes:${number}` | `plan:${string}`;

/**
 * Counts of events are events sent whole before the fault. Of a JSON answer, a stop at 0 events sends nothing and any
 * other stop half of the body.
 */
export interface Fault {
  /** Answer this status, with the vendor's own error body unless `body` or `html` says otherwise. */
  status?: number;
  errorType?: string;
  message?: string;
  body?: string;
  /** A page as a proxy in front of the vendor shows it. */
  html?: boolean;
  /** Set on any answer, good ones too; an empty value removes the header. */
  headers?: Record<string, string>;
  /** Seconds or an HTTP date, sent as `retry-after`. */
  retryAfter?: number | string;
  /** Sent as `x-should-retry`. */
  shouldRetry?: boolean;
  /** Before the headers. */
  delayMs?: number;
  /** After the headers, before the first byte of the body. */
  firstEventDelayMs?: number;
  /** Between pieces of content, or between chunks if `chunking` says so. */
  paceMs?: number;
  /** Accept the request and never answer. */
  hang?: boolean;
  /** Reset the connection before answering. */
  reset?: boolean;
  /** After this many events send nothing more and keep the connection open. */
  stall?: number;
  /** After this many events destroy the connection. */
  cut?: number;
  /** After this many bytes of body destroy the connection. */
  cutBytes?: number;
  /** After this many events end the body as if all were well. */
  cleanEnd?: number;
  /** At this index send the vendor's error event and end; 0 is the first event. JSON answers are left alone. */
  errorEvent?: number;
  /** A JSON error with status 200. */
  jsonErrorIn200?: boolean;
  chunking?: Chunking;
  /** Exclusive ends of the chunks, in bytes; overrides `chunking`. */
  offsets?: number[];
  /** CRLF line ends in streams. */
  crlf?: boolean;
  /** A comment line before every event of a stream. */
  comments?: boolean;
  /** Answer with this recording and its headers. */
  replay?: string;
  /** gzip, whatever `accept-encoding` says. */
  gzip?: boolean;
}

export interface FaultMatch {
  apiKey?: string;
  /** The name in an `/as/<name>` prefix. */
  account?: string;
  /** This path or below it, with or without the `/as/<name>` prefix. */
  path?: string;
  model?: string;
}

export interface FaultRule extends Fault {
  match?: FaultMatch;
  /** Probability, 0..1. */
  rate?: number;
  /** Off after this many hits. */
  times?: number;
  /** Of the probability's sequence. */
  seed?: number;
}

/** What a rule can be matched against. */
export interface FaultTarget {
  apiKey: string | null;
  account: string | null;
  /** As it arrived, without the query. */
  fullPath: string;
  path: string;
  model: string;
}

const MATCH_ONLY: ReadonlySet<string> = new Set(['match', 'rate', 'times', 'seed']);
const MAX_SCOPES = 10_000;

class ArmedRule {
  readonly rule: FaultRule;
  #left: number;
  readonly #random: () => number;

  constructor(rule: FaultRule) {
    this.rule = rule;
    this.#left = rule.times ?? Number.POSITIVE_INFINITY;
    this.#random = seededRandom(rule.seed ?? Number.parseInt(digest(JSON.stringify(rule)).slice(0, 8), 16));
  }

  get spent(): boolean {
    return this.#left <= 0;
  }

  /** The fault, if this rule strikes now. */
  strike(): Fault | null {
    if (this.spent) return null;
    if (this.rule.rate !== undefined && this.#random() >= this.rule.rate) return null;
    this.#left -= 1;
    return this.rule;
  }
}

/** The faults in force: those queued strike first, each once; then the rules, in the order they were set. */
export class FaultBoard {
  #queue: ArmedRule[] = [];
  #rules: ArmedRule[] = [];
  readonly #scoped = new Map<string, ArmedRule>();

  enqueue(rule: FaultRule): void {
    this.#queue.push(new ArmedRule({ ...rule, times: rule.times ?? 1 }));
  }

  /** Replaces the rule with the same match; a rule that says nothing but its match removes it. */
  set(rule: FaultRule): void {
    const key = matchKey(rule);
    this.#rules = this.#rules.filter((armed) => matchKey(armed.rule) !== key);
    if (Object.keys(rule).some((name) => !MATCH_ONLY.has(name))) this.add(rule);
  }

  add(rule: FaultRule): void {
    this.#rules.push(new ArmedRule(rule));
  }

  list(): FaultRule[] {
    return [...this.#queue, ...this.#rules].filter((armed) => !armed.spent).map((armed) => armed.rule);
  }

  clear(): void {
    this.#queue = [];
    this.#rules = [];
    this.#scoped.clear();
  }

  pick(target: FaultTarget): Fault | null {
    if (this.#queue.length > 0) {
      this.#queue = this.#queue.filter((armed) => !armed.spent);
      const found = firstStrike(this.#queue, target);
      if (found !== null) return found;
    }
    return this.#rules.length === 0 ? null : firstStrike(this.#rules, target);
  }

  /** A fault that came with the request itself; `scope` says which requests share its count and probability. */
  pickScoped(scope: string, rule: FaultRule): Fault | null {
    if (rule.times === undefined && rule.rate === undefined) return rule;
    let armed = this.#scoped.get(scope);
    if (armed === undefined) {
      armed = new ArmedRule(rule);
      this.#scoped.set(scope, armed);
      if (this.#scoped.size > MAX_SCOPES) {
        for (const oldest of this.#scoped.keys()) {
          this.#scoped.delete(oldest);
          break;
        }
      }
    }
    return armed.strike();
  }
}

function firstStrike(rules: readonly ArmedRule[], target: FaultTarget): Fault | null {
  for (const armed of rules) {
    if (!matches(armed.rule.match, target)) continue;
    const fault = armed.strike();
    if (fault !== null) return fault;
  }
  return null;
}

function matches(match: FaultMatch | undefined, target: FaultTarget): boolean {
  if (match === undefined) return true;
  return (
    (match.apiKey === undefined || match.apiKey === target.apiKey) &&
    (match.account === undefined || match.account === target.account) &&
    (match.model === undefined || match.model === target.model) &&
    (match.path === undefined || isBelow(target.path, match.path) || isBelow(target.fullPath, match.path))
  );
}

function matchKey({ match = {} }: FaultRule): string {
  return JSON.stringify([match.apiKey, match.account, match.path, match.model]);
}
