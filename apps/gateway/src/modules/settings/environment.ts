// Owns what the environment says in the place of built-in defaults.
import type { EnvironmentDefaults } from './settings.ts';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** The part of the configuration that has become the default of settings. */
interface GivenByEnvironment {
  readonly requestRetentionDays: number;
  readonly stickySession: { readonly ttlMs: number; readonly renewalThresholdMs: number };
  readonly relay: {
    /** null = not set. */
    readonly upstreamErrorTtlSeconds: {
      readonly unavailable: number | null;
      readonly serverError: number | null;
      readonly overload: number | null;
      readonly timeout: number | null;
      readonly auth: number | null;
      readonly maxCustom: number | null;
    };
  };
}

export function environmentDefaults(given: GivenByEnvironment): EnvironmentDefaults {
  const { ttlMs, renewalThresholdMs } = given.stickySession;
  const rests = given.relay.upstreamErrorTtlSeconds;
  return {
    retention: { requestDays: given.requestRetentionDays },
    stickiness: { sessionHours: ttlMs / HOUR_MS, renewalThresholdMinutes: renewalThresholdMs / MINUTE_MS },
    'cool-downs': {
      unavailableSeconds: rests.unavailable,
      serverErrorSeconds: rests.serverError,
      overloadSeconds: rests.overload,
      timeoutSeconds: rests.timeout,
      authSeconds: rests.auth,
      maximumAskedSeconds: rests.maxCustom,
    },
  };
}
