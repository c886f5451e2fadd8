// Owns reading an account's own quota out of OpenAI's headers: limits of a key by minute, and those of a ChatGPT plan.
import type { AccountWindow } from '../provider.ts';

type Headers = Readonly<Record<string, string>>;

const RATE = /^x-ratelimit-(?:limit|remaining)-(.+)$/;
/** Plans with limits of single models name those in between: `x-codex-other-primary-used-percent`. */
const PLAN = /^x-codex-(?:(.+)-)?(primary|secondary)-used-percent$/;
const SECOND_MS = 1000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;
const DURATION_PART =
  /(\d+(?:\.\d+)?)\s*(ms|milliseconds?|s|seconds?|m|minutes?|h|hours?|d|days?)(?![a-z])/gi;

/** Windows of an API key: requests and tokens a minute, and whatever others the host names. */
export function rateWindows(headers: Headers, nowMs: number): AccountWindow[] {
  return namesIn(headers, RATE).flatMap(([name = '']) => {
    const limit = number(headers[`x-ratelimit-limit-${name}`]);
    const remaining = number(headers[`x-ratelimit-remaining-${name}`]);
    const resetMs = durationMs(headers[`x-ratelimit-reset-${name}`] ?? '');
    const window = {
      name,
      utilization: shareUsed(limit, remaining),
      resetsAtMs: resetMs === null ? null : nowMs + resetMs,
    };
    return window.utilization === null && window.resetsAtMs === null ? [] : [window];
  });
}

/** Windows of a ChatGPT plan, by their length: `5h`, `7d`. */
export function planWindows(headers: Headers, nowMs: number): AccountWindow[] {
  return namesIn(headers, PLAN).flatMap(([limit, place = '']) => {
    const prefix = `x-codex-${limit === undefined ? '' : `${limit}-`}${place}`;
    const minutes = number(headers[`${prefix}-window-minutes`]);
    const percent = number(headers[`${prefix}-used-percent`]);
    // A plan without a second window says so by one that lasts no time.
    if (minutes === 0 || percent === null) return [];
    const length = minutes === null ? place : lengthName(minutes);
    return [
      {
        name: limit === undefined ? length : `${limit} ${length}`,
        utilization: percent / 100,
        resetsAtMs: resetOf(headers, prefix, nowMs),
      },
    ];
  });
}

/** How long until the windows that are used up are open again, the latest of them; null where none says. */
export function exhaustedMs(headers: Headers, nowMs: number): number | null {
  const resets = [...rateWindows(headers, nowMs), ...planWindows(headers, nowMs)].flatMap(
    ({ utilization, resetsAtMs }) =>
      utilization !== null && utilization >= 1 && resetsAtMs !== null ? [resetsAtMs - nowMs] : [],
  );
  return resets.length === 0 ? null : Math.max(0, ...resets);
}

/** `6ms`, `1m30s`, `26 seconds`; a bare number means seconds. Null where the text is no duration. */
export function durationMs(text: string): number | null {
  const trimmed = text.trim();
  const seconds = number(trimmed);
  if (seconds !== null) return seconds < 0 ? null : Math.ceil(seconds * SECOND_MS);
  let totalMs = 0;
  const rest = trimmed.replaceAll(DURATION_PART, (_, amount: string, unit: string) => {
    totalMs += Number(amount) * unitMs(unit.toLowerCase());
    return '';
  });
  return trimmed === '' || rest.trim() !== '' ? null : Math.ceil(totalMs);
}

function unitMs(unit: string): number {
  if (unit === 'ms' || unit.startsWith('milli')) return 1;
  switch (unit[0]) {
    case 's':
      return SECOND_MS;
    case 'm':
      return MINUTE_MS;
    case 'h':
      return HOUR_MS;
    default:
      return DAY_MS;
  }
}

/** Captured groups of every header that the pattern fits, each once. */
function namesIn(headers: Headers, pattern: RegExp): (string | undefined)[][] {
  const found = new Map<string, (string | undefined)[]>();
  for (const header of Object.keys(headers)) {
    const groups = pattern.exec(header)?.slice(1);
    if (groups !== undefined) found.set(JSON.stringify(groups), groups);
  }
  return [...found.values()];
}

/** Some hosts tell what is left and not of how much: then only nothing left is known. */
function shareUsed(limit: number | null, remaining: number | null): number | null {
  if (remaining === null) return null;
  if (limit === null || limit <= 0) return remaining <= 0 ? 1 : null;
  return 1 - remaining / limit;
}

function lengthName(minutes: number): string {
  if (minutes % 1440 === 0) return `${minutes / 1440}d`;
  return minutes % 60 === 0 ? `${minutes / 60}h` : `${minutes}m`;
}

function resetOf(headers: Headers, prefix: string, nowMs: number): number | null {
  const at = number(headers[`${prefix}-reset-at`]);
  if (at !== null && at > 0) return at * SECOND_MS;
  const after = number(headers[`${prefix}-reset-after-seconds`]);
  return after === null ? null : nowMs + after * SECOND_MS;
}

function number(text: string | undefined): number | null {
  if (text === undefined || text.trim() === '') return null;
  const value = Number(text);
  return Number.isFinite(value) ? value : null;
}
