// What the relay uses of the kit; providers import its files.
export { forwardableHeaders, forwardableResponseHeaders } from './headers.ts';
export { isCircling } from './relay-hops.ts';
export { withoutKeyQuery } from './query.ts';
