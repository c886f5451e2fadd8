// Owns what an account of the kind `codex` is made of.
import { isoTimeSchema } from '@crs/shared';
import { z } from 'zod';
import { readLoginToken } from '../kit/id-token.ts';
import { secretSchema } from '../kit/secret.ts';

export interface CodexSettings {
  readonly subscription?: string | undefined;
}

export interface CodexCredential {
  readonly accessToken: string;
  readonly refreshToken?: string | undefined;
  readonly expiresAt?: string | null | undefined;
  readonly accountId?: string | undefined;
}

export const codexAccount = {
  settings: z.strictObject({
    subscription: z
      .string()
      .max(50)
      .optional()
      .meta({ title: 'Plan', description: 'The ChatGPT plan: plus, pro, team. Found out after a login.' }),
  }),
  credential: z
    .strictObject({
      accessToken: secretSchema('Access token', 'tokens.access_token of Codex’s auth.json.'),
      refreshToken: secretSchema(
        'Refresh token',
        'tokens.refresh_token. It serves once: whoever else uses it ends the login.',
      ).optional(),
      expiresAt: isoTimeSchema.nullish().meta({
        title: 'Expires at',
        description: 'When the access token ends, ISO 8601; left empty, the token says it.',
      }),
      accountId: secretSchema(
        'Account id',
        'tokens.account_id; left empty, the access token says it.',
      ).optional(),
    })
    .refine((credential) => accountIdOf(credential) !== null, {
      path: ['accountId'],
      error: 'give the account id: this access token does not say it',
    }),
};

/** Whose limits and workspace the calls count in; null where neither the account nor its token says. */
export function accountIdOf({ accountId, accessToken }: CodexCredential): string | null {
  return accountId ?? readLoginToken(accessToken).accountId;
}

export function expiryMsOf({ expiresAt, accessToken }: CodexCredential): number | null {
  return expiresAt === null || expiresAt === undefined
    ? readLoginToken(accessToken).expiresAtMs
    : Date.parse(expiresAt);
}
