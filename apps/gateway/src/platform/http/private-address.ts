// Owns what counts as a private address: whatever is not plainly on the public internet.
import ipaddr from 'ipaddr.js';

/** Resolves a host name to its addresses, as `dns.lookup` with `all` does. */
export type HostLookup = (hostname: string) => Promise<readonly string[]>;

/**
 * True for loopback, private, link-local, carrier-grade NAT, unique local, multicast, unspecified and reserved
 * addresses, also where version 6 only wraps such a version 4 address; true for what is no address at all.
 */
export function isPrivateAddress(ip: string): boolean {
  if (!ipaddr.isValid(ip)) return true;
  const address = ipaddr.parse(ip);
  const wrapped = address instanceof ipaddr.IPv6 ? wrappedIpv4(address) : null;
  return (wrapped ?? address).range() !== 'unicast';
}

/** The version 4 address inside a mapped (`::ffff:a.b.c.d`), compatible (`::a.b.c.d`) or NAT64 address. */
function wrappedIpv4(address: ipaddr.IPv6): ipaddr.IPv4 | null {
  if (address.isIPv4MappedAddress()) return address.toIPv4Address();
  const bytes = address.toByteArray();
  const prefix = bytes.slice(0, 12);
  const isCompatible = prefix.every((byte) => byte === 0) && !isReservedHead(address);
  const isNat64 = prefix.every((byte, index) => byte === NAT64_PREFIX[index]);
  return isCompatible || isNat64 ? new ipaddr.IPv4(bytes.slice(12)) : null;
}

const NAT64_PREFIX = [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0];

/** `::` and `::1` have names of their own. */
function isReservedHead(address: ipaddr.IPv6): boolean {
  const range = address.range();
  return range === 'unspecified' || range === 'loopback';
}

/**
 * Rejects where `hostname` (a name, or an address as a URL writes it) is or resolves to a private address. A name that
 * does not resolve now passes: nothing can be sent to it, and connections are checked again when they are made.
 */
export async function assertPublicHost(hostname: string, lookup: HostLookup): Promise<void> {
  const host = hostname.replace(/^\[|\]$/g, '');
  const addresses = ipaddr.isValid(host) ? [host] : await lookup(host).catch(() => []);
  const found = addresses.find(isPrivateAddress);
  if (found === undefined) return;
  throw new PrivateHostError(
    found === host
      ? `${host} is a private, loopback or link-local address`
      : `${host} resolves to ${found}, a private, loopback or link-local address`,
  );
}

export class PrivateHostError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'PrivateHostError';
  }
}
