// Owns how settings reach what rests accounts and what keeps sessions with them: read anew at each use.
import type { Settings } from '../settings/index.ts';
import type { RestRules } from './rest-rules.ts';
import type { StickyRules } from './sticky-sessions.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Rests after upstream errors, as the accounts call them. */
export function restRulesOf(settings: Settings): RestRules {
  const restMs = (name: keyof ReturnType<typeof settings.values<'cool-downs'>>): number | null => {
    const seconds = settings.values('cool-downs')[name];
    return seconds === null ? null : seconds * 1000;
  };
  return {
    get unavailableMs() {
      return restMs('unavailableSeconds');
    },
    get serverErrorMs() {
      return restMs('serverErrorSeconds');
    },
    get overloadMs() {
      return restMs('overloadSeconds');
    },
    get authMs() {
      return restMs('authSeconds');
    },
    get timeoutMs() {
      return restMs('timeoutSeconds');
    },
    get maxAskedMs() {
      return restMs('maximumAskedSeconds');
    },
  };
}

/** How long a client's session stays with its account. */
export function stickyRulesOf(settings: Settings): StickyRules {
  return {
    get ttlMs() {
      return Math.round(settings.values('stickiness').sessionHours * HOUR_MS);
    },
    get renewalThresholdMs() {
      return settings.values('stickiness').renewalThresholdMinutes * MINUTE_MS;
    },
  };
}
