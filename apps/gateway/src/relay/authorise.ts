// Stage 2: may this key do this? Models, clients and addresses; pure.
import ipaddr from 'ipaddr.js';
import type { KeyDocument } from '../modules/keys/index.ts';
import { matchesAny } from '../platform/wildcard.ts';
import type { RequestFacts } from '../protocols/protocol.ts';
import { refusals } from './refusal.ts';

/** Throws a Refusal that names what is not allowed. */
export function authorise(key: KeyDocument, facts: RequestFacts, address: string): void {
  authoriseAddress(key, address);
  if (!isModelAllowed(key, facts.model)) throw refusals.modelNotAllowed(facts.model);
  if (key.clients.length > 0 && !key.clients.some((client) => client === facts.client)) {
    throw refusals.clientNotAllowed(facts.client, key.clients);
  }
}

export function authoriseAddress(key: KeyDocument, address: string): void {
  if (key.ipAllow.length > 0 && !isAddressIn(key.ipAllow, address)) throw refusals.addressNotAllowed(address);
}

export function isModelAllowed(key: KeyDocument, model: string): boolean {
  const { mode, list } = key.models;
  return mode === 'deny' ? !matchesAny(list, model) : list.length === 0 || matchesAny(list, model);
}

function isAddressIn(ranges: readonly string[], address: string): boolean {
  if (!ipaddr.isValid(address)) return false;
  const parsed = ipaddr.process(address);
  return ranges.some((range) => {
    const [base, length] = range.includes('/') ? ipaddr.parseCIDR(range) : [ipaddr.parse(range), null];
    if (base.kind() !== parsed.kind()) return false;
    return parsed.match(base, length ?? (base.kind() === 'ipv4' ? 32 : 128));
  });
}
