'use client';
// Owns the kinds of accounts as the console shows them: in the reader's language where they are known, else in the
// gateway's words.
import type { AccountKind } from '@crs/shared';
import { useQuery } from '@tanstack/react-query';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { callApi } from './api';

export function useKindTexts() {
  const t = useTranslations('kinds');
  return useMemo(() => {
    const find = (key: string) => (t.has(key as never) ? t(key as never) : null);
    return {
      /** Name of the kind. */
      label: (kind: AccountKind) => find(`${kind.kind}.label`) ?? kind.label,
      /** What the kind is for; null where only its dialects are known. */
      about: (kind: AccountKind) => find(`${kind.kind}.about`),
      /** The vendor's terms to know before such an account is added; null where there is nothing to say. */
      terms: (kind: AccountKind) =>
        kind.termsNote === null ? null : (find(`${kind.kind}.terms`) ?? kind.termsNote),
      /** Variable of the gateway's environment that its login cannot do without; null where nothing is missing. */
      missing: (kind: AccountKind) => /, set ([A-Z_]+) first\.$/.exec(kind.termsNote ?? '')?.[1] ?? null,
      setFirst: (variable: string) => t('setFirst', { variable }),
      /** A way to sign in beside the usual one. */
      mode: (kind: AccountKind, mode: string) => find(`${kind.kind}.modes.${mode}`) ?? mode,
      modeHelp: (kind: AccountKind, mode: string) => find(`${kind.kind}.modesHelp.${mode}`),
      /** What the vendor's page shows at the end of a login, and what of it to paste. */
      paste: (kind: AccountKind) => find(`${kind.kind}.paste`),
      subscription: (subscription: string) => find(`options.subscription.${subscription}`) ?? subscription,
      /** A choice of a setting in a word, where it is one with a word. */
      option: (setting: string, value: unknown) =>
        typeof value === 'string' && /^[a-z-]+$/.test(value) ? find(`options.${setting}.${value}`) : null,
      /** Label of a field of the kind. */
      field: (kind: string, name: string) => find(`${kind}.${name}`) ?? find(`fields.${name}`) ?? name,
    };
  }, [t]);
}

export interface AccountKinds {
  items: readonly AccountKind[];
  find: (kind: string) => AccountKind | undefined;
  /** Name of a kind in the reader's language; its id while the kinds are on their way. */
  label: (kind: string) => string;
  error: unknown;
  refetch: () => unknown;
}

export function useAccountKinds(): AccountKinds {
  const texts = useKindTexts();
  const { data, error, refetch } = useQuery({
    queryKey: ['account-kinds'],
    staleTime: Number.POSITIVE_INFINITY,
    queryFn: ({ signal }) => callApi((client) => client.accounts.kinds({}, { signal })),
  });
  return useMemo(() => {
    const items = data?.items ?? [];
    const find = (kind: string) => items.find((item) => item.kind === kind);
    const label = (kind: string) => {
      const found = find(kind);
      return found === undefined ? kind : texts.label(found);
    };
    return { items, find, label, error, refetch };
  }, [data, error, refetch, texts]);
}
