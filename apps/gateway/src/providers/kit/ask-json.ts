// Owns one question to a vendor that is answered with JSON, outside of relayed calls: logins, what it knows of an
// account.
import type { Send } from '../provider.ts';

export interface JsonQuestion {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  /** Flat name/value list, without content type and length. */
  readonly headers: readonly string[];
  readonly body?: { readonly type: string; readonly text: string };
}

export interface JsonAnswer {
  readonly status: number;
  /** Undefined where the answer is no JSON. */
  readonly json: unknown;
}

export async function askJson({ method, url, headers, body }: JsonQuestion, send: Send): Promise<JsonAnswer> {
  const { origin, pathname, search } = new URL(url);
  const bytes = Buffer.from(body?.text ?? '');
  const answer = await send({
    method,
    origin,
    path: `${pathname}${search}`,
    headers: [
      ...headers,
      'accept',
      'application/json',
      ...(body === undefined ? [] : ['content-type', body.type, 'content-length', String(bytes.length)]),
    ],
    body: bytes,
  });
  return { status: answer.status, json: parse(answer.body) };
}

function parse(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString('utf8'));
  } catch {
    return undefined;
  }
}
