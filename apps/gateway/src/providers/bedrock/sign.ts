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

/** The headers that carry the signature, flat name/value list: date, session token, authorization. */
export function signatureHeaders(request: SignedRequest, keys: AwsKeys, scope: SignatureScope): string[] {
  const { accessKeyId, secretAccessKey, sessionToken } = keys;
  const { region, service, nowMs } = scope;
  const own = [
    'x-amz-date',
    new Date(nowMs).toISOString().replaceAll(/[-:]|\.\d{3}/g, ''),
    ...(sessionToken === undefined ? [] : ['x-amz-security-token', sessionToken]),
  ];
  const headers = Object.fromEntries(
    own.flatMap((name, index) => (index % 2 === 0 ? [[name, own[index + 1] ?? '']] : [])),
  );
  const signed = aws4.sign(
    // What else goes out is not signed, so nothing on the way can break the signature by touching it.
    { ...request, region, service, headers: { host: request.host, ...headers }, doNotModifyHeaders: false },
    { accessKeyId, secretAccessKey },
  );
  return [...own, 'authorization', String(signed.headers?.['Authorization'])];
}
