// Owns keeping a gateway from being its own upstream, as far as it can know: by its address, and by counting how many
// relays a request has come through.

/** Relays add to it, one by one; vendors never see it. */
export const HOPS_HEADER = 'x-relay-hops';
/** Relays behind relays are meant now and then; more of them are a circle. */
export const MAX_HOPS = 3;

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

/** How many relays a request has come through, by the value of its header. */
export function readHops(value: string | string[] | undefined): number {
  const text = Array.isArray(value) ? value.join(',') : (value ?? '');
  if (text === '') return 0;
  // What cannot be read was not written by a relay like this one: too much rather than too little.
  return /^\d{1,3}$/.test(text) ? Number(text) : MAX_HOPS + 1;
}
