// Owns what counts as one address when attempts are counted.
import ipaddr from 'ipaddr.js';

/** A version 4 address as it is; of version 6 the /64, which one machine has to itself. */
export function throttleKey(ip: string): string {
  if (!ipaddr.isValid(ip)) return ip;
  const address = ipaddr.process(ip);
  if (!(address instanceof ipaddr.IPv6)) return address.toString();
  return `${address.parts
    .slice(0, 4)
    .map((part) => part.toString(16))
    .join(':')}::/64`;
}
