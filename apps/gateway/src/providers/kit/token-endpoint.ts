// Owns talking to a vendor's token endpoint: what is asked, and what its answers and refusals mean.
import { z } from 'zod';
import { isJsonObject, type JsonObject } from '../../platform/json.ts';
import { LoginExpired, type Send } from '../provider.ts';
import { askJson } from './ask-json.ts';

export interface TokenRequest {
  readonly url: string;
  readonly fields: Readonly<Record<string, string | number>>;
  /** Of the body. */
  readonly encoding: 'json' | 'form';
  /** Flat name/value list. */
  readonly headers?: readonly string[];
}

const tokensSchema = z.looseObject({
  access_token: z.string().min(1),
  refresh_token: z.string().min(1).nullish(),
  /** Seconds. */
  expires_in: z.number().nonnegative().nullish(),
});
export type Tokens = z.output<typeof tokensSchema>;

/** Errors by which a vendor says that a refresh token is good no more. */
const DEAD = new Set([
  'invalid_grant',
  'refresh_token_reused',
  'refresh_token_expired',
  'refresh_token_invalidated',
]);

/** The tokens for a code. Rejects with what the vendor said. */
export async function exchangeCode(request: TokenRequest, send: Send): Promise<Tokens> {
  const answer = await ask(request, send);
  if ('tokens' in answer) return answer.tokens;
  throw new Error(`The vendor did not accept the code: ${answer.words}`);
}

/** New tokens for a refresh token. Rejects with LoginExpired where the vendor takes it no more. */
export async function refreshTokens(request: TokenRequest, send: Send): Promise<Tokens> {
  const answer = await ask(request, send);
  if ('tokens' in answer) return answer.tokens;
  const { status, isVendorsWord, code, words } = answer;
  const isDead = isVendorsWord && (status === 401 || status === 403 || (status === 400 && DEAD.has(code)));
  if (isDead) throw new LoginExpired(`The vendor did not renew the login: ${words}`);
  throw new Error(`The login could not be renewed: ${words}`);
}

/** When an access token ends, as credentials keep it; null where the vendor does not say. */
export function expiryOf({ expires_in: seconds }: Tokens, nowMs: number): string | null {
  return seconds === null || seconds === undefined ? null : new Date(nowMs + seconds * 1000).toISOString();
}

type TokenAnswer =
  | { readonly tokens: Tokens }
  | {
      readonly status: number;
      /** A page comes from what stands in front of the vendor, which knows nothing of tokens. */
      readonly isVendorsWord: boolean;
      readonly code: string;
      readonly words: string;
    };

async function ask({ url, fields, encoding, headers = [] }: TokenRequest, send: Send): Promise<TokenAnswer> {
  const body =
    encoding === 'json'
      ? { type: 'application/json', text: JSON.stringify(fields) }
      : { type: 'application/x-www-form-urlencoded', text: formOf(fields) };
  const { status, json } = await askJson({ method: 'POST', url, headers, body }, send);
  const tokens = tokensSchema.safeParse(json);
  if (status === 200 && tokens.success) return { tokens: tokens.data };
  const isVendorsWord = isJsonObject(json);
  const { code, message } = errorOf(isVendorsWord ? json : {});
  const words = message === '' ? `HTTP ${status}` : `${message} (HTTP ${status})`;
  return { status, isVendorsWord, code, words };
}

function formOf(fields: TokenRequest['fields']): string {
  const form = new URLSearchParams();
  for (const [name, value] of Object.entries(fields)) form.set(name, String(value));
  return form.toString();
}

/** `{error, error_description}` as OAuth has it, or a vendor's own `{error: {type|code, message}}`. */
function errorOf({ error, error_description: description }: JsonObject): { code: string; message: string } {
  if (isJsonObject(error)) {
    const code = textOf(error['code']) || textOf(error['type']);
    return { code, message: textOf(error['message']) || code };
  }
  const code = textOf(error);
  return { code, message: [code, textOf(description)].filter((text) => text !== '').join(': ') };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value.slice(0, 300) : '';
}
