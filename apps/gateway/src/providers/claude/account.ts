// Owns what a Claude account is made of, and what the vendor knows of it.
import { isoTimeSchema } from '@crs/shared';
import { z } from 'zod';
import { askJson } from '../kit/ask-json.ts';
import { addressOf } from '../kit/base-url.ts';
import { secretSchema } from '../kit/secret.ts';
import type { Send } from '../provider.ts';
import { type Subscription, subscriptions } from './subscription.ts';

/** Without it the API refuses login tokens. */
export const OAUTH_BETA = 'oauth-2025-04-20';

export interface ClaudeSettings {
  readonly subscription?: Subscription | undefined;
}

export interface ClaudeCredential {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt?: string | null | undefined;
}

export const claudeAccount = {
  settings: z.strictObject({
    subscription: z.enum(subscriptions).optional().meta({
      title: 'Subscription',
      description:
        'Decides which Opus models the account is asked for: none for free, 4.5 and later for pro. Found out after a login; left empty, it is tried.',
    }),
  }),
  credential: z.strictObject({
    accessToken: secretSchema('Access token', 'sk-ant-oat01-…, of a login or a setup token.'),
    refreshToken: secretSchema('Refresh token', 'sk-ant-ort01-…; a setup token has none.').optional(),
    expiresAt: isoTimeSchema
      .nullish()
      .meta({ title: 'Expires at', description: 'When the access token ends, ISO 8601.' }),
  }),
};

const profileSchema = z.object({
  account: z
    .object({ has_claude_max: z.boolean().optional(), has_claude_pro: z.boolean().optional() })
    .optional(),
  /** `claude_max`, `claude_team`, … */
  organization: z.object({ organization_type: z.string().nullish() }).optional(),
});

/** The settings with the subscription, where the vendor tells: setup tokens may not ask. */
export async function discoverClaude(
  { accessToken }: ClaudeCredential,
  settings: ClaudeSettings,
  apiUrl: string,
  send: Send,
): Promise<ClaudeSettings> {
  const headers = ['authorization', `Bearer ${accessToken}`, 'anthropic-beta', OAUTH_BETA];
  const { origin, basePath } = addressOf(apiUrl);
  const url = `${origin}${basePath}/api/oauth/profile`;
  const { status, json } = await askJson({ method: 'GET', url, headers }, send);
  if (status === 403) return settings;
  const profile = profileSchema.safeParse(json);
  if (status !== 200 || !profile.success) {
    throw new Error(`The vendor did not say what subscription the account has (HTTP ${status}).`);
  }
  const subscription = subscriptionOf(profile.data);
  return subscription === null ? settings : { ...settings, subscription };
}

function subscriptionOf({ account, organization }: z.output<typeof profileSchema>): Subscription | null {
  const type = organization?.organization_type ?? null;
  const named = subscriptions.find((subscription) => type === `claude_${subscription}`);
  if (named !== undefined) return named;
  if (account?.has_claude_max === true) return 'max';
  if (account?.has_claude_pro === true) return 'pro';
  // An organization of another type may have rights that are not known here.
  return type === null && account !== undefined ? 'free' : null;
}
