// Owns in which dialect an upstream kind is asked: the client's own where it speaks it, else one it can be converted to.
import { canConvert } from '../protocols/bridge.ts';
import type { DialectId, RequestFacts } from '../protocols/protocol.ts';
import { protocols } from '../protocols/registry.ts';
import type { AnyProvider } from '../providers/provider.ts';

/** Null where accounts of the kind cannot answer such a call. */
export function askedIn(
  provider: Pick<AnyProvider, 'speaks'>,
  { dialect, operation }: Pick<RequestFacts, 'dialect' | 'operation'>,
): DialectId | null {
  const spoken = provider.speaks[operation] ?? [];
  if (spoken.includes(dialect)) return dialect;
  const client = protocols[dialect];
  return spoken.find((target) => canConvert(client, protocols[target], operation)) ?? null;
}
