'use client';
// Owns the short names of what can fail at a vendor.
import { useTranslations } from 'next-intl';
import { useCallback } from 'react';

/** The code itself where it has no name. */
export function useFailureName(): (code: string) => string {
  const t = useTranslations('accounts');
  return useCallback(
    (code) => {
      const known = `failure.${code}`;
      return t.has(known as never) ? t(`failure.${code}` as never) : code;
    },
    [t],
  );
}
