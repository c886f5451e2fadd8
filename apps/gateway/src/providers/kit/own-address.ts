// Owns keeping a gateway from being its own upstream, as far as it knows where it listens.

const LOOPBACK = new Set(['localhost', '127.0.0.1', '[::1]']);

/** `url` leads to the gateway that listens there. */
export function isOwnAddress(
  url: string,
  own: { readonly bindHost: string; readonly port: number },
): boolean {
  const parsed = URL.parse(url);
  if (parsed === null) return false;
  const port = parsed.port === '' ? (parsed.protocol === 'https:' ? 443 : 80) : Number(parsed.port);
  return port === own.port && (LOOPBACK.has(parsed.hostname) || parsed.hostname === own.bindHost);
}
