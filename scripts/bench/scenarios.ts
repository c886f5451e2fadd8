// What is measured: the kinds of load, and what the load maker is told and tells.
export interface LoadOrder {
  readonly port: number;
  readonly path: string;
  readonly key: string;
  readonly connections: number;
  readonly bodyBytes: number;
  readonly stream: boolean;
  /** Between two events of a stream; 0 = all at once. */
  readonly gapMs: number;
  readonly seconds: number;
  /** What a whole stream holds. */
  readonly streamEnd: string;
}

export interface LoadResult {
  readonly ok: number;
  /** Answers that were not 200 or not whole. */
  readonly bad: number;
  readonly perSecond: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
}

export interface Scenario {
  readonly name: string;
  readonly connections: number;
  readonly bodyBytes: number;
  readonly stream: boolean;
  readonly gapMs: number;
  /** What the project wants: CPU per request over the anchor's, at most. */
  readonly goal: number | null;
}

export const scenarios: readonly Scenario[] = [
  { name: '1 kB JSON', connections: 32, bodyBytes: 1024, stream: false, gapMs: 0, goal: 2 },
  { name: '100 kB JSON', connections: 16, bodyBytes: 100_000, stream: false, gapMs: 0, goal: 1.8 },
  { name: '1 MB JSON', connections: 8, bodyBytes: 1_000_000, stream: false, gapMs: 0, goal: 2 },
  { name: 'burst of 50 events', connections: 32, bodyBytes: 1024, stream: true, gapMs: 0, goal: 1.8 },
  { name: 'paced, 20 ms an event', connections: 100, bodyBytes: 4096, stream: true, gapMs: 20, goal: 1.4 },
  { name: 'one connection', connections: 1, bodyBytes: 1024, stream: false, gapMs: 0, goal: null },
];

/** Both by way of the gateway: a client that speaks the account's dialect, and one that speaks another. */
export const conversions: readonly Scenario[] = [
  { name: '1 kB JSON, one connection', connections: 1, bodyBytes: 1024, stream: false, gapMs: 0, goal: null },
  {
    name: '100 kB JSON, one connection',
    connections: 1,
    bodyBytes: 100_000,
    stream: false,
    gapMs: 0,
    goal: null,
  },
  { name: '1 kB JSON', connections: 32, bodyBytes: 1024, stream: false, gapMs: 0, goal: null },
  { name: 'burst of 50 events', connections: 32, bodyBytes: 1024, stream: true, gapMs: 0, goal: 4 },
];

/** Held open to weigh them. */
export const openStreams = { connections: 500, bodyBytes: 4096, gapMs: 40 };
