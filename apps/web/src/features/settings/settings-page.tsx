'use client';
// Owns the settings: how the console looks here, the own sign-in, and what the server says of itself.
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { type Theme, themeIcons, themes, useThemeChoice } from '@/components/shell/preferences';
import { LinkButton } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { type Locale, localeNames, locales } from '@/i18n/locale';
import { paths, withQuery } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { type Density, densities, useLocaleChoice, useViewStore } from '@/lib/view-store';
import { ServerFacts } from './server-facts';

export function SettingsPage() {
  const t = useTranslations('settings');
  const shell = useTranslations('shell');
  return (
    <>
      <PageHeader title={shell('pages.settings')} />
      <div className="grid max-w-[860px] gap-4">
        <Appearance />
        <Account />
        <Panel title={t('server.title')} description={t('server.help')}>
          <ServerFacts />
        </Panel>
      </div>
    </>
  );
}

function Appearance() {
  const t = useTranslations('settings.appearance');
  const shell = useTranslations('shell');
  const locale = useLocaleChoice();
  const density = useViewStore((state) => state.density);
  const setLocale = useViewStore((state) => state.setLocale);
  const setDensity = useViewStore((state) => state.setDensity);
  const [theme, setTheme] = useThemeChoice();
  return (
    <Panel title={t('title')} description={t('help')}>
      <div className="divide-y divide-line">
        <Row label={shell('language')}>
          <SegmentedControl<Locale>
            label={shell('language')}
            value={locale}
            options={locales.map((value) => ({ value, label: localeNames[value] }))}
            onChange={setLocale}
          />
        </Row>
        <Row label={shell('theme')}>
          <SegmentedControl<Theme>
            label={shell('theme')}
            value={theme}
            options={themes.map((value) => {
              const Icon = themeIcons[value];
              return { value, label: shell(`themes.${value}`), icon: <Icon aria-hidden /> };
            })}
            onChange={setTheme}
          />
        </Row>
        <Row label={t('density')} help={t('densityHelp')}>
          <SegmentedControl<Density>
            label={t('density')}
            value={density}
            options={densities.map((value) => ({ value, label: t(`densities.${value}`) }))}
            onChange={setDensity}
          />
        </Row>
      </div>
    </Panel>
  );
}

function Account() {
  const t = useTranslations('settings.account');
  const shell = useTranslations('shell');
  const { data } = useSession();
  return (
    <Panel title={t('title')}>
      <div className="divide-y divide-line">
        <Row label={t('user')}>
          <span>{data?.user.username}</span>
          {data !== undefined && (
            <span className="text-muted">{` · ${shell(`roles.${data.user.role}`)}`}</span>
          )}
        </Row>
        <Row label={t('password')} help={t('passwordHelp')}>
          <LinkButton href={withQuery(paths.changePassword, { next: paths.settings })}>
            {shell('changePassword')}
          </LinkButton>
        </Row>
      </div>
    </Panel>
  );
}

function Row({ label, help, children }: { label: string; help?: string; children: ReactNode }) {
  return (
    <div className="flex min-h-12 flex-wrap items-center justify-between gap-x-6 gap-y-2 py-2 first:pt-0 last:pb-0">
      <div className="min-w-0">
        <p className="text-sm">{label}</p>
        {help !== undefined && <p className="text-muted text-xs">{help}</p>}
      </div>
      <div className="text-sm">{children}</div>
    </div>
  );
}
