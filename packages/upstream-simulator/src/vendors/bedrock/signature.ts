// Signature Version 4 as AWS checks it: the path encoded once more, the body's own hash, a clock that agrees.
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Call, Failure } from '../vendor.ts';

/** The secret key of AWS's own documentation, and of every access key id here unless the options name another. */
export const EXAMPLE_SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';

const ALGORITHM = 'AWS4-HMAC-SHA256';
const SERVICE = 'bedrock';
const MAX_SKEW_MS = 5 * 60_000;
const AUTHORIZATION =
  /^AWS4-HMAC-SHA256 +Credential=([^/,]+)\/(\d{8})\/([^/,]+)\/([^/,]+)\/aws4_request, *SignedHeaders=([^,]+), *Signature=([0-9a-f]{64})$/u;

interface Signed {
  accessKeyId: string;
  date: string;
  region: string;
  service: string;
  signedHeaders: string[];
  signature: string;
}

export function accessKeyIdOf(headers: IncomingHttpHeaders): string | null {
  return parse(headers)?.accessKeyId ?? null;
}

/** `null` if the signature is good. */
export function checkSignature(call: Call, secretKey: string, nowMs: number): Failure | null {
  const signed = parse(call.headers);
  if (signed === null) return { status: 403, type: 'MissingAuthenticationTokenException' };
  if (signed.service !== SERVICE) {
    return mismatch(`Credential should be scoped to correct service: '${SERVICE}'. `);
  }
  const time = String(call.headers['x-amz-date'] ?? '');
  const timeMs = Date.parse(time.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/u, '$1-$2-$3T$4:$5:$6Z'));
  if (Number.isNaN(timeMs) || !time.startsWith(signed.date)) {
    return mismatch(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date: ${time}`,
    );
  }
  if (Math.abs(nowMs - timeMs) > MAX_SKEW_MS) {
    return mismatch(`Signature expired: ${time} is too far from now (5 min.)`);
  }
  const needed = ['host', 'x-amz-date', 'x-amz-security-token'].filter((name) => name in call.headers);
  const missing = needed.find((name) => !signed.signedHeaders.includes(name));
  if (missing !== undefined)
    return mismatch(`'${missing}' must be a 'SignedHeader' in the AWS Authorization.`);
  const bodyHash = sha256(call.rawBody);
  const claimed = call.headers['x-amz-content-sha256'];
  if (claimed !== undefined && claimed !== bodyHash) {
    return mismatch('The provided x-amz-content-sha256 header does not match what was computed.');
  }
  const expected = signatureOf(call, signed, time, bodyHash, secretKey);
  return timingSafeEqual(Buffer.from(expected), Buffer.from(signed.signature))
    ? null
    : mismatch(
        'The request signature we calculated does not match the signature you provided. Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
      );
}

function mismatch(message: string): Failure {
  return { status: 403, type: 'InvalidSignatureException', message };
}

function parse(headers: IncomingHttpHeaders): Signed | null {
  const match = AUTHORIZATION.exec(headers.authorization ?? '');
  if (match === null) return null;
  const [, accessKeyId = '', date = '', region = '', service = '', names = '', signature = ''] = match;
  return { accessKeyId, date, region, service, signedHeaders: names.split(';'), signature };
}

function signatureOf(call: Call, signed: Signed, time: string, bodyHash: string, secretKey: string): string {
  const { date, region, service } = signed;
  const scope = `${date}/${region}/${service}/aws4_request`;
  const request = canonicalRequest(call, signed.signedHeaders, bodyHash);
  const toSign = [ALGORITHM, time, scope, sha256(request)].join('\n');
  const key = [date, region, service, 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
  return hmac(key, toSign).toString('hex');
}

function canonicalRequest(call: Call, signedHeaders: readonly string[], bodyHash: string): string {
  const mark = call.url.indexOf('?');
  const path = mark === -1 ? call.url : call.url.slice(0, mark);
  const headers = signedHeaders.map((name) => {
    const value = call.headers[name];
    const text = Array.isArray(value) ? value.join(',') : (value ?? '');
    return `${name}:${text.trim().replaceAll(/ +/gu, ' ')}\n`;
  });
  return [
    call.method,
    // What is on the wire is encoded already; every service but S3 signs it encoded again.
    path.split('/').map(encode).join('/'),
    canonicalQuery(call.query),
    headers.join(''),
    signedHeaders.join(';'),
    bodyHash,
  ].join('\n');
}

function canonicalQuery(query: string): string {
  return [...new URLSearchParams(query)]
    .map(([name, value]) => `${encode(name)}=${encode(value)}`)
    .toSorted()
    .join('&');
}

function encode(text: string): string {
  return encodeURIComponent(text).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

function sha256(data: string | Buffer): string {
  return createHash('sha256').update(data).digest('hex');
}

function hmac(key: string | Buffer, data: string): Buffer {
  return createHmac('sha256', key).update(data).digest();
}
