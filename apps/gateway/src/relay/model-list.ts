// Owns which models a key can reach: what its client sees when it asks for the list.
import type { Service } from '@crs/shared';
import type { LiveAccount } from '../modules/accounts/index.ts';
import type { PriceBook } from '../modules/pricing/index.ts';
import type { ModelInfo } from '../protocols/protocol.ts';
import { boundAccounts, type KeyScope, outOfUse, outsideBinds, unservedModel } from './pool.ts';

interface Asking {
  readonly scope: KeyScope;
  readonly client: string;
  /** Only models of this vendor; null: of any. */
  readonly service: Service | null;
}

/** Those of the price list, newest first, then what accounts name beside them. */
export function reachableModels(
  accounts: readonly LiveAccount[],
  prices: Pick<PriceBook, 'models'>,
  asking: Asking,
  nowMs: number,
): ModelInfo[] {
  const usable = accounts.filter((account) => mayServe(account, asking, nowMs));
  const services = [...new Set(usable.map(({ provider }) => provider.service))];
  const listed = services.flatMap((service) => prices.models(service, nowMs));
  const known = new Set(listed.map(({ id }) => id));
  const named = [...new Set(usable.flatMap(namesOf))].filter((id) => !known.has(id));
  return [...listed, ...named.map(unlisted)].filter(({ id }) => isReachable(usable, id, asking));
}

function mayServe(account: LiveAccount, { scope, client, service }: Asking, nowMs: number): boolean {
  const { document, provider } = account;
  const { clients } = document;
  return (
    outOfUse(account, nowMs) === null &&
    (service === null || provider.service === service) &&
    (scope.permissions === 'all' || scope.permissions.includes(provider.service)) &&
    (clients.length === 0 || clients.some((served) => served === client))
  );
}

function isReachable(accounts: readonly LiveAccount[], model: string, { scope }: Asking): boolean {
  const bound = boundAccounts(scope.binds, accounts, model);
  return accounts.some(
    (account) =>
      (bound?.has(account.document.id) === true ||
        outsideBinds(account.document.shared, bound !== null, scope.bindFallback) === null) &&
      unservedModel(account, model) === null,
  );
}

/** Models that the account allows or maps by name. */
function namesOf({ document: { models } }: LiveAccount): string[] {
  return [...models.allow, ...Object.keys(models.map)].filter((name) => !name.includes('*'));
}

function unlisted(id: string): ModelInfo {
  return {
    id,
    displayName: id,
    createdAt: '1970-01-01T00:00:00Z',
    maxInputTokens: null,
    maxOutputTokens: null,
  };
}
