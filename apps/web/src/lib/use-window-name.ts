'use client';
// Owns the words for vendors' quota windows.
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { readWindowName } from './window-name';

/** In the reader's language where the name is known or says how long it is, else the vendor's. */
export function useWindowName(): (name: string) => string {
  const t = useTranslations('accounts.window');
  return useMemo(
    () => (name) => {
      if (t.has(`named.${name}` as never)) return t(`named.${name}` as never);
      const { length, scope } = readWindowName(name);
      if (length === null) return scope ?? name;
      const span = t(`span.${length.unit}`, { count: length.count });
      return scope === null ? span : t('scoped', { span, scope });
    },
    [t],
  );
}
