// What a Claude account says of itself: who it is, whose organization it is in, how much it used.
import type { JsonObject } from '../../json.ts';
import { seededUuid } from '../../seed.ts';
import {
  FIVE_HOURS_SECONDS,
  SEVEN_DAYS_SECONDS,
  startUtilization,
  windowEndSeconds,
} from '../anthropic/subscription.ts';
import type { TokenHolder } from './token-book.ts';

export function profile(holder: TokenHolder): JsonObject {
  const [name = 'user'] = holder.email.split('@');
  return {
    account: {
      uuid: accountOf(holder),
      full_name: name,
      display_name: name,
      email: holder.email,
      has_claude_max: true,
      has_claude_pro: false,
      created_at: '2025-03-01T09:00:00.000000Z',
    },
    organization: {
      uuid: organizationOf(holder),
      name: organizationName(holder),
      organization_type: 'claude_max',
      billing_type: 'stripe_subscription',
      rate_limit_tier: 'default_claude_max_20x',
      has_extra_usage_enabled: false,
    },
    application: { uuid: '9d1c250a-e61b-44d9-88ed-5944d1962f5e', name: 'Claude Code', slug: 'claude-code' },
  };
}

export function organizationOf({ email }: TokenHolder): string {
  return seededUuid(`organization of ${email}`);
}

export function accountOf({ email }: TokenHolder): string {
  return seededUuid(`account of ${email}`);
}

export function organizationName({ email }: TokenHolder): string {
  return `${email}'s Organization`;
}

/** Percent of each window, in whole numbers. */
export function usage(id: string, nowMs: number): JsonObject {
  const used = 100 * startUtilization(id);
  const window = (utilization: number, seconds: number): JsonObject => ({
    utilization: Math.round(utilization),
    resets_at: new Date(1000 * windowEndSeconds(nowMs, seconds)).toISOString(),
  });
  return {
    five_hour: window(used, FIVE_HOURS_SECONDS),
    seven_day: window(used / 4, SEVEN_DAYS_SECONDS),
    seven_day_oauth_apps: null,
    seven_day_opus: window(used / 8, SEVEN_DAYS_SECONDS),
    seven_day_sonnet: window(used / 8, SEVEN_DAYS_SECONDS),
    extra_usage: { is_enabled: false, monthly_limit: null, used_credits: null, utilization: null },
  };
}
