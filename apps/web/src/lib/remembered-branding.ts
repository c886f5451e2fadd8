// Owns what was last seen of this installation in this browser, among it the language it prefers.
import type { Branding } from '@crs/shared';
import { type Locale, locales } from '@/i18n/locale';

const STORAGE_KEY = 'crs-branding';

export const noBranding: Branding = {
  name: '',
  logo: null,
  accent: null,
  announcement: '',
  contact: '',
  language: 'auto',
};

export function rememberedBranding(): Branding {
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? '{}') as Partial<Branding>;
    return { ...noBranding, ...stored };
  } catch {
    return noBranding;
  }
}

export function rememberBranding(branding: Branding): void {
  try {
    localStorage.setItem(STORAGE_KEY, JSON.stringify(branding));
  } catch {
    // A full or forbidden storage: the next page asks again.
  }
}

/** The language that the installation prefers; null where it leaves it to the browser. Browser only. */
export function preferredLocale(): Locale | null {
  const { language } = rememberedBranding();
  return locales.find((locale) => locale === language) ?? null;
}
