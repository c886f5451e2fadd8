'use client';
// Owns the words for why an account is not simply ready.
import { useTranslations } from 'next-intl';
import { useMemo } from 'react';
import { readReason } from './account-reasons';
import { useFormat } from './use-format';
import { useWindowName } from './use-window-name';

interface ReasonWords {
  /** In the reader's language; null where the gateway only hands on what the vendor said. */
  text: string | null;
  /** The vendor's words. */
  quote: string | null;
}

export function useAccountReason(): (reason: string) => ReasonWords {
  const t = useTranslations('accounts');
  const format = useFormat();
  const windowName = useWindowName();
  return useMemo(
    () => (reason) => {
      const { name, value, quote } = readReason(reason);
      if (name === null) return { text: null, quote };
      const shown =
        name === 'expired' ? format.exactTime(value) : name === 'window' ? windowName(value) : value;
      return { text: t(`reasons.${name}`, { value: shown, count: Number(value) }), quote };
    },
    [t, format, windowName],
  );
}
