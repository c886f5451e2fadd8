// Owns asking for the usage of a stream that its client did not want to see: without it a stream could only be charged
// by estimate. It is written into the client's own bytes.
import { isJsonObject } from '../../platform/json.ts';
import { membersOf, memberValue, withMembers } from '../../platform/json-members.ts';
import type { Fit, RequestFacts } from '../protocol.ts';
import { HiddenUsage } from './hidden-usage.ts';

const WISH = { include_usage: 'true' } as const;

/** Null where the client asked itself, or the answer is no stream. */
export function fitUsage(facts: RequestFacts, body: Buffer, query: string): Fit | null {
  if (!facts.stream || facts.wantsUsage === true) return null;
  return { body: askUsage(body), query, answer: () => new HiddenUsage() };
}

function askUsage(body: Buffer): Buffer {
  const members = membersOf(body);
  const options = members.findLast(({ name }) => name === 'stream_options');
  const isObject = isJsonObject(memberValue(body, members, 'stream_options'));
  const own =
    options === undefined || !isObject
      ? Buffer.from('{}')
      : body.subarray(options.valueStart, options.valueEnd);
  return withMembers(body, { stream_options: withMembers(own, WISH).toString() }, members);
}
