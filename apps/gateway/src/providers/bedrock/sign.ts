// Owns AWS's signature of a request (Signature Version 4).
import aws4 from 'aws4';

export interface AwsKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
}

export interface SignedRequest {
  readonly method: string;
  readonly host: string;
  /** As it goes over the wire, percent-encoded; the signature encodes it once more. */
  readonly path: string;
  readonly body: Buffer;
}

export interface SignatureScope {
  readonly region: string;
  readonly service: string;
  readonly nowMs: number;
}

/** The library's option, which its types do not know: what it would add by itself, and does not go out so. */
const UNSIGNED = { extraHeadersToIgnore: { 'content-type': true, 'content-length': true } };

/** The headers that carry the signature, flat name/value list: date, session token, authorization. */
export function signatureHeaders(request: SignedRequest, keys: AwsKeys, scope: SignatureScope): string[] {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const { region, service, nowMs } = scope;
  const date = new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, '');
  const token = sessionToken === undefined ? {} : { 'x-amz-security-token': sessionToken };
  const headers = { 'x-amz-date': date, ...token };
  const signed = aws4.sign(
    {
      ...request,
      region,
      service,
      headers: { host: request.host, ...headers },
      ...UNSIGNED,
    },
    { accessKeyId, secretAccessKey },
  );
  return [...Object.entries(headers).flat(), 'authorization', String(signed.headers?.['Authorization'])];
}
