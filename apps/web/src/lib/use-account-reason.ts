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

const moments: ReadonlySet<string> = new Set(['expired', 'paused', 'offHours']);

/** `families` names what may stand before a reason: a family of models that rests on its own. */
export function useAccountReason(): (reason: string, families?: readonly string[]) => ReasonWords {
  const t = useTranslations('accounts');
  const format = useFormat();
  const windowName = useWindowName();
  return useMemo(
    () =>
      (told, families = []) => {
        const family = families.find((name) => told.startsWith(`${name}: `));
        const reason = family === undefined ? told : told.slice(family.length + 2);
        const { name, value, quote } = readReason(reason);
        const before = family === undefined ? null : t('reasons.family', { value: family });
        if (name === null) return { text: before, quote };
        const shown = moments.has(name)
          ? format.dateTime(value)
          : name === 'window'
            ? windowName(value)
            : value;
        const text = t(`reasons.${name}`, { value: shown, count: Number(value) });
        return { text: before === null ? text : `${before} ${text}`, quote };
      },
    [t, format, windowName],
  );
}
