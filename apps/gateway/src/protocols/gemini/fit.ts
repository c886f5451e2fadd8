// Owns what a request needs to go upstream in its own dialect: proofs of thoughts that Google itself made, and, where a
// stream was asked for as an array, the query that makes it events, which can be watched; it goes back as the array.
import type { Fit, RequestFacts } from '../protocol.ts';
import { withOwnSignatures } from './own-signatures.ts';
import { EventsToArray } from './stream-array.ts';

export function fit(facts: RequestFacts, body: Buffer, query: string): Fit | null {
  const fitted = withOwnSignatures(body);
  if (facts.stream && facts.streamForm === 'array') {
    const parameters = new URLSearchParams(query);
    parameters.set('alt', 'sse');
    return { body: fitted, query: `?${parameters.toString()}`, answer: () => new EventsToArray() };
  }
  return fitted === body ? null : { body: fitted, query, answer: null };
}

/** `alt=sse`, and nothing else, asks for events. */
export function streamFormOf(query: string): RequestFacts['streamForm'] {
  return new URLSearchParams(query).get('alt') === 'sse' ? 'events' : 'array';
}
