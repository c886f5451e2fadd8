'use client';
// Owns the first stop of the Tab key on every page: past the navigation to `#main`.
import { useTranslations } from 'next-intl';

export function SkipLink() {
  const t = useTranslations('shell');
  return (
    <a
      href="#main"
      className="sr-only z-50 rounded-control bg-accent px-3 py-2 font-medium text-accent-contrast text-sm focus:not-sr-only focus:fixed focus:top-2 focus:left-2"
    >
      {t('skipToContent')}
    </a>
  );
}
