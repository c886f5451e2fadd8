'use client';
// Owns the words for why an account is not simply ready.
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { readReason } from './account-reasons';
import { useFormat } from './use-format';

interface ReasonWords {
  /** In the reader's language; null where the gateway only hands on what the vendor said. */
  text: string | null;
  /** The vendor's words. */
  quote: string | null;
}

export function useAccountReason(): (reason: string) => ReasonWords {
  const t = useTranslations('accounts');
  const format = useFormat();
  return useMemo(
    () => (reason) => {
      const { name, value, quote } = readReason(reason);
      if (name === null) return { text: null, quote };
      const shown =
        name === 'expired'
          ? format.exactTime(value)
          : name === 'window' && t.has(`window.${value}` as never)
            ? t(`window.${value}` as never)
            : value;
      return { text: t(`reasons.${name}`, { value: shown, count: Number(value) }), quote };
    },
    [t, format],
  );
}
