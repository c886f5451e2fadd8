// Owns how a stream that was asked for as an array goes upstream: as events, which can be watched, and back as the array.
import type { Fit, RequestFacts } from '../protocol.ts';
import { EventsToArray } from './stream-array.ts';

export function fit(facts: RequestFacts, body: Buffer, query: string): Fit | null {
  if (!facts.stream || facts.streamForm === 'events') return null;
  const parameters = new URLSearchParams(query);
  parameters.set('alt', 'sse');
  return { body, query: `?${parameters.toString()}`, answer: () => new EventsToArray() };
}

/** `alt=sse`, and nothing else, asks for events. */
export function streamFormOf(query: string): RequestFacts['streamForm'] {
  return new URLSearchParams(query).get('alt') === 'sse' ? 'events' : 'array';
}
