'use client';
// Owns the language of the page: loads its messages, then shows the children; nothing flashes in the wrong one.
import { NextIntlClientProvider } from 'next-intl';
import { type ReactNode, useEffect, useState } from 'react';
import { useLocaleChoice } from '@/lib/view-store';
import type { Locale } from './locale';
import { fallbackMessages, loadMessages, type Messages } from './messages';

interface Loaded {
  locale: Locale;
  messages: Messages;
}

const timeZone = Intl.DateTimeFormat().resolvedOptions().timeZone;

/** Browser only: reads the stored choice and the browser's languages. */
export function I18nProvider({ children }: { children: ReactNode }) {
  const locale = useLocaleChoice();
  const [loaded, setLoaded] = useState<Loaded | null>(null);

  useEffect(() => {
    let current = true;
    loadMessages(locale).then(
      (messages) => current && setLoaded({ locale, messages }),
      // The chunk did not arrive: the shell still speaks English.
      () => current && setLoaded((before) => before ?? { locale: 'en', messages: fallbackMessages }),
    );
    return () => {
      current = false;
    };
  }, [locale]);

  useEffect(() => {
    if (loaded !== null) document.documentElement.lang = loaded.locale;
  }, [loaded]);

  if (loaded === null) return null;
  return (
    <NextIntlClientProvider locale={loaded.locale} messages={loaded.messages} timeZone={timeZone}>
      {children}
    </NextIntlClientProvider>
  );
}
