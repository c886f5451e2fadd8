// Owns figures as they are kept: integers and two histograms, packed as text in one hash field. Every addition is exact or
// says that it is not: a sum that would leave the safe integers stays at their end instead of going quietly wrong.
import type { Figures, Percentiles, StatsFigures } from '@crs/shared';
import { LatencyHistogram } from './latency-histogram.ts';

const sumFields = [
  'requests',
  'attempts',
  /** Requests that ended failed or crashed. */
  'failedRequests',
  'failedAttempts',
  'input',
  'cacheWrite5m',
  'cacheWrite1h',
  'cacheRead',
  'output',
  'costNanoUsd',
  'chargedNanoUsd',
  'cacheSavingsNanoUsd',
  /** Of those that failed: status 429, another below 500, from 500 on. The rest had no whole answer. */
  'rateLimitedRequests',
  'clientErrorRequests',
  'serverErrorRequests',
  'rateLimitedAttempts',
  'clientErrorAttempts',
  'serverErrorAttempts',
] as const;

type SumField = (typeof sumFields)[number];

export interface Sums extends Record<SumField, number> {
  /** Of requests that were answered; null where there is none. */
  durations: LatencyHistogram | null;
  firstEvents: LatencyHistogram | null;
}

export function emptySums(): Sums {
  return {
    requests: 0,
    attempts: 0,
    failedRequests: 0,
    failedAttempts: 0,
    input: 0,
    cacheWrite5m: 0,
    cacheWrite1h: 0,
    cacheRead: 0,
    output: 0,
    costNanoUsd: 0,
    chargedNanoUsd: 0,
    cacheSavingsNanoUsd: 0,
    rateLimitedRequests: 0,
    clientErrorRequests: 0,
    serverErrorRequests: 0,
    rateLimitedAttempts: 0,
    clientErrorAttempts: 0,
    serverErrorAttempts: 0,
    durations: null,
    firstEvents: null,
  };
}

/** Adds `more` to `target` in place; false when a sum had to stop at 2^53 - 1 (USD 9 million of nano-USD). */
export function addSums(target: Sums, more: Readonly<Sums>): boolean {
  let isExact = true;
  for (const field of sumFields) if (!addTo(target, field, more[field])) isExact = false;
  if (more.durations !== null) (target.durations ??= new LatencyHistogram()).addAll(more.durations);
  if (more.firstEvents !== null) (target.firstEvents ??= new LatencyHistogram()).addAll(more.firstEvents);
  return isExact;
}

/** Takes away from `target` in place what was added to it before. */
export function subtractSums(target: Sums, less: Readonly<Sums>): void {
  for (const field of sumFields) addTo(target, field, -less[field]);
  if (less.durations !== null) target.durations?.addAll(less.durations, -1);
  if (less.firstEvents !== null) target.firstEvents?.addAll(less.firstEvents, -1);
}

/** One of them, in the same way. */
export function addTo(target: Sums, field: SumField, more: number): boolean {
  const sum = target[field] + more;
  const isExact = Number.isSafeInteger(sum);
  target[field] = isExact ? sum : sum < 0 ? Number.MIN_SAFE_INTEGER : Number.MAX_SAFE_INTEGER;
  return isExact;
}

/** Without the times: totals of all time are not asked for them. */
export function withoutLatency(sums: Readonly<Sums>): Sums {
  return { ...sums, durations: null, firstEvents: null };
}

/** `3,4,0,1,…`, zeros at the end are left away; where there are times, `;` and how long they were, twice. */
export function packSums(sums: Readonly<Sums>): string {
  const numbers = sumFields
    .map((field) => sums[field])
    .join(',')
    .replace(/(?:,0)+$/, '');
  const durations = sums.durations?.text() ?? '';
  const firstEvents = sums.firstEvents?.text() ?? '';
  return durations === '' && firstEvents === '' ? numbers : `${numbers};${durations};${firstEvents}`;
}

/** Null (no such field) is nothing counted. Throws on text that `packSums` did not write. */
export function unpackSums(text: string | null | undefined): Sums {
  const sums = emptySums();
  if (text !== null && text !== undefined) addPacked(sums, text);
  return sums;
}

/** Adds what `packSums` wrote to `target`: a page may read tens of thousands. Throws on any other text. */
export function addPacked(target: Sums, text: string): void {
  let end = text.indexOf(';');
  if (end === -1) end = text.length;
  let [at, index] = [0, 0];
  while (at <= end) {
    const isNegative = text.charCodeAt(at) === MINUS;
    if (isNegative) at += 1;
    const from = at;
    let value = 0;
    for (let code = text.charCodeAt(at); at < end && code >= ZERO && code <= NINE; ) {
      value = value * 10 + (code - ZERO);
      at += 1;
      code = text.charCodeAt(at);
    }
    const field = sumFields[index];
    const isWhole = at === end || text.charCodeAt(at) === COMMA;
    if (field === undefined || at === from || !isWhole || value > Number.MAX_SAFE_INTEGER)
      throw notPacked(text);
    addTo(target, field, isNegative ? -value : value);
    index += 1;
    at += 1;
  }
  if (end < text.length) addPackedTimes(target, text, end + 1);
}

const [MINUS, COMMA, ZERO, NINE] = [45, 44, 48, 57];

function addPackedTimes(target: Sums, text: string, from: number): void {
  const middle = text.indexOf(';', from);
  if (middle === -1) throw notPacked(text);
  const durations = (target.durations ??= new LatencyHistogram());
  if (!durations.addText(text, from, middle)) throw notPacked(text);
  if (middle + 1 === text.length) return;
  const firstEvents = (target.firstEvents ??= new LatencyHistogram());
  if (!firstEvents.addText(text, middle + 1, text.length)) throw notPacked(text);
}

function notPacked(text: string): Error {
  return new Error(`not packed figures: ${text}`);
}

/** `errors` counts requests, or attempts where figures are about accounts: a retried request has failed there. */
export function toFigures(sums: Readonly<Sums>, errorsOf: 'requests' | 'attempts'): Figures {
  return {
    requests: sums.requests,
    attempts: sums.attempts,
    errors: errorsOf === 'requests' ? sums.failedRequests : sums.failedAttempts,
    input: sums.input,
    cacheWrite5m: sums.cacheWrite5m,
    cacheWrite1h: sums.cacheWrite1h,
    cacheRead: sums.cacheRead,
    output: sums.output,
    costNanoUsd: sums.costNanoUsd,
    chargedNanoUsd: sums.chargedNanoUsd,
  };
}

/** With what statistics say beside. */
export function toStatsFigures(sums: Readonly<Sums>, errorsOf: 'requests' | 'attempts'): StatsFigures {
  const figures = toFigures(sums, errorsOf);
  const [rateLimited, clientError, serverError] =
    errorsOf === 'requests'
      ? [sums.rateLimitedRequests, sums.clientErrorRequests, sums.serverErrorRequests]
      : [sums.rateLimitedAttempts, sums.clientErrorAttempts, sums.serverErrorAttempts];
  return {
    ...figures,
    cacheSavingsNanoUsd: sums.cacheSavingsNanoUsd,
    errorsByClass: {
      rateLimited,
      clientError,
      serverError,
      noAnswer: Math.max(0, figures.errors - rateLimited - clientError - serverError),
    },
    latency: {
      requests: sums.durations?.total ?? 0,
      durationMs: percentilesOf(sums.durations),
      firstEventMs: percentilesOf(sums.firstEvents),
    },
  };
}

function percentilesOf(histogram: LatencyHistogram | null): Percentiles | null {
  const [p50, p95, p99] = histogram?.quantiles([0.5, 0.95, 0.99]) ?? [];
  return p50 === undefined || p95 === undefined || p99 === undefined ? null : { p50, p95, p99 };
}
