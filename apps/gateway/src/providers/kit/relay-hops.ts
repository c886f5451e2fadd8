// Owns counting the relays a request has come through, so that relays that are each other's upstream end it.

/** A relay tells the next one; no vendor sees it. */
export const HOPS_HEADER = 'x-relay-hops';
/** A relay behind a relay is meant now and then; more of them are a circle. */
const MAX_HOPS = 3;

/** Flat name/value list in; 0 where no relay has added to it. */
export function relayHops(headers: readonly string[]): number {
  const index = headers.findIndex((name, at) => at % 2 === 0 && name.toLowerCase() === HOPS_HEADER);
  if (index === -1) return 0;
  const text = headers[index + 1] ?? '';
  // What cannot be read no relay has written: rather too many than too few.
  return /^\d{1,3}$/.test(text) ? Number(text) : MAX_HOPS + 1;
}

/** It goes round in circles, and every round would cost. */
export function isCircling(headers: readonly string[]): boolean {
  return relayHops(headers) > MAX_HOPS;
}
