// Owns what the tokens of a ChatGPT login say of the account. They come from the vendor over TLS and are read for their
// words only, so nobody checks their signature here.
import { z } from 'zod';
import { parseAnswer } from './judge.ts';

const claimsSchema = z.object({
  /** Epoch seconds. */
  exp: z.number().optional(),
  email: z.string().optional(),
  'https://api.openai.com/auth': z
    .object({ chatgpt_account_id: z.string().optional(), chatgpt_plan_type: z.string().optional() })
    .optional(),
});

export interface LoginClaims {
  readonly accountId: string | null;
  /** `plus`, `pro`, `team`, … */
  readonly plan: string | null;
  readonly email: string | null;
  readonly expiresAtMs: number | null;
}

/** Of a JSON web token; all null where the text is none, or says nothing. */
export function readLoginToken(token: string): LoginClaims {
  const [, payload = ''] = token.split('.');
  const claims = claimsSchema.safeParse(parseAnswer(Buffer.from(payload, 'base64url').toString('utf8'))).data;
  const account = claims?.['https://api.openai.com/auth'];
  return {
    accountId: account?.chatgpt_account_id ?? null,
    plan: account?.chatgpt_plan_type ?? null,
    email: claims?.email ?? null,
    expiresAtMs: claims?.exp === undefined ? null : claims.exp * 1000,
  };
}
