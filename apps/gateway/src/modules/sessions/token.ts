// Owns session tokens: JWTs that name a session and its user. Whether the session still lives is for Redis to say.
import { createSigner, createVerifier } from 'fast-jwt';
import { z } from 'zod';

const ISSUER = 'crs';

const claimsSchema = z.object({ jti: z.string(), sub: z.string(), exp: z.number() });

interface TokenClaims {
  readonly sessionId: string;
  readonly userId: string;
  /** The session ends then at the latest, epoch ms. */
  readonly endsAtMs: number;
}

export interface Tokens {
  sign(claims: TokenClaims): string;
  /** null for whatever this gateway did not sign. Time is not judged here. */
  read(token: string): TokenClaims | null;
}

export function createTokens(secret: string): Tokens {
  const sign = createSigner({ key: secret, algorithm: 'HS256', iss: ISSUER });
  const verify = createVerifier({
    key: secret,
    algorithms: ['HS256'],
    allowedIss: ISSUER,
    ignoreExpiration: true,
  });
  return {
    sign: ({ sessionId, userId, endsAtMs }) =>
      sign({ jti: sessionId, sub: userId, exp: Math.floor(endsAtMs / 1000) }),
    read: (token) => {
      const claims = claimsSchema.safeParse(verified(verify, token));
      if (!claims.success) return null;
      const { jti, sub, exp } = claims.data;
      return { sessionId: jti, userId: sub, endsAtMs: exp * 1000 };
    },
  };
}

function verified(verify: (token: string) => unknown, token: string): unknown {
  try {
    return verify(token);
  } catch {
    return null;
  }
}
