// Owns the account kinds as the admin API shows them.
import type { AccountKind } from '@crs/shared';
import { z } from 'zod';
import { ProblemError } from '../../platform/problem.ts';
import type { AnyProvider } from '../../providers/provider.ts';

export type Providers = ReadonlyMap<string, AnyProvider>;

export function describeKinds(providers: Providers): AccountKind[] {
  return [...providers.values()].map((provider) => ({
    kind: provider.kind,
    label: provider.label,
    service: provider.service,
    dialects: [...(provider.speaks.generate ?? [])],
    defaultClients: [...provider.defaultClients],
    termsNote: provider.termsNote,
    settingsSchema: describe(provider.account.settings),
    credentialSchema: describe(provider.account.credential),
    login: provider.login === undefined ? null : { modes: [...provider.login.modes] },
  }));
}

/** What may be sent, so that a field with a default is not required. */
function describe(schema: z.ZodType): Record<string, unknown> {
  const { $schema: _dialect, ...described } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' });
  return described;
}

/** The provider of a kind; the refusal names the kinds there are. */
export function providerOf(providers: Providers, kind: string): AnyProvider {
  const provider = providers.get(kind);
  if (provider !== undefined) return provider;
  throw new ProblemError(
    'not_found',
    `There is no account kind "${kind}"; there are ${[...providers.keys()].join(', ')}`,
  );
}
