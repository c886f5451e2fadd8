'use client';
// Owns the switches for language and theme, as they stand in the top bar and on the sign-in page.
import { Languages, Monitor, Moon, Sun } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useTheme } from 'next-themes';
import { localeNames, locales } from '@/i18n/locale';
import { useLocaleChoice, useViewStore } from '@/lib/view-store';
import { IconButton } from '../ui/button';
import { Menu } from '../ui/menu';

export const themes = ['system', 'light', 'dark'] as const;
export type Theme = (typeof themes)[number];

export const themeIcons = { system: Monitor, light: Sun, dark: Moon } as const;

/** The chosen theme, which may be the system's. */
export function useThemeChoice(): [Theme, (theme: Theme) => void] {
  const { theme, setTheme } = useTheme();
  return [themes.find((known) => known === theme) ?? 'system', setTheme];
}

export function LanguageMenu() {
  const t = useTranslations('shell');
  const locale = useLocaleChoice();
  const setLocale = useViewStore((state) => state.setLocale);
  return (
    <Menu
      trigger={<IconButton label={t('language')} icon={<Languages />} />}
      entries={[
        {
          type: 'choice',
          label: t('language'),
          value: locale,
          options: locales.map((value) => ({ value, label: localeNames[value] })),
          onChange: (value) => {
            const chosen = locales.find((known) => known === value);
            if (chosen !== undefined) setLocale(chosen);
          },
        },
      ]}
    />
  );
}

export function ThemeMenu() {
  const t = useTranslations('shell');
  const [theme, setTheme] = useThemeChoice();
  const { resolvedTheme } = useTheme();
  const Icon = resolvedTheme === 'dark' ? Moon : Sun;
  return (
    <Menu
      trigger={<IconButton label={t('theme')} icon={<Icon />} />}
      entries={[
        {
          type: 'choice',
          label: t('theme'),
          value: theme,
          options: themes.map((value) => {
            const ThemeIcon = themeIcons[value];
            return { value, label: t(`themes.${value}`), icon: <ThemeIcon aria-hidden /> };
          }),
          onChange: (value) => {
            const chosen = themes.find((known) => known === value);
            if (chosen !== undefined) setTheme(chosen);
          },
        },
      ]}
    />
  );
}
