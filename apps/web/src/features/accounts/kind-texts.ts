'use client';
// Owns the words about a kind of account: in the reader's language where they are known, else the gateway's.
import type { AccountKind } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';

export function useKindTexts() {
  const t = useTranslations('kinds');
  return useMemo(() => {
    const find = (key: string) => (t.has(key as never) ? t(key as never) : null);
    return {
      /** Name of the kind. */
      label: (kind: AccountKind) => find(`${kind.kind}.label`) ?? kind.label,
      /** What the kind is for. */
      about: (kind: AccountKind) => find(`${kind.kind}.about`) ?? kind.dialects.join(', '),
      /** The vendor's terms to know before such an account is added; null where there is nothing to say. */
      terms: (kind: AccountKind) =>
        kind.termsNote === null ? null : (find(`${kind.kind}.terms`) ?? kind.termsNote),
      /** Label of a field of the kind. */
      field: (kind: string, name: string) => find(`${kind}.${name}`) ?? find(`fields.${name}`) ?? name,
    };
  }, [t]);
}
