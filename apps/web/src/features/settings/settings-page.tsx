'use client';
// Owns the settings: how the console looks here, the own sign-in, and what the server says of itself.
import { settingSectionNames } from '@crs/shared';
import { clsx } from 'clsx';
import Link from 'next/link';
import { useSearchParams } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { lazy, type ReactNode, Suspense } from 'react';
import { PageHeader } from '@/components/shell/page-header';
import { type Theme, themeIcons, themes, useThemeChoice } from '@/components/shell/preferences';
import { LinkButton } from '@/components/ui/button';
import { Panel } from '@/components/ui/panel';
import { SegmentedControl } from '@/components/ui/segmented-control';
import { Skeleton } from '@/components/ui/skeleton';
import { type Locale, localeNames, locales } from '@/i18n/locale';
import { links, paths, withQuery } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { type Density, densities, useLocaleChoice, useViewStore } from '@/lib/view-store';
import { ServerFacts } from './server-facts';

const SectionForm = lazy(() => import('./section-form'));

const ownSections = ['browser', ...settingSectionNames, 'server'] as const;
type Section = (typeof ownSections)[number];

export function SettingsPage() {
  const shell = useTranslations('shell');
  const t = useTranslations('settings');
  const wanted = useSearchParams().get('section');
  const section = ownSections.find((name) => name === wanted) ?? 'browser';
  return (
    <>
      <PageHeader title={shell('pages.settings')} description={t('description')} />
      <div className="grid max-w-[1060px] items-start gap-x-8 gap-y-4 lg:grid-cols-[190px_minmax(0,1fr)]">
        <SectionList present={section} />
        <div className="grid min-w-0 gap-4">
          <SectionContent section={section} />
        </div>
      </div>
    </>
  );
}

function SectionContent({ section }: { section: Section }) {
  const t = useTranslations('settings');
  switch (section) {
    case 'browser':
      return (
        <>
          <Appearance />
          <Account />
        </>
      );
    case 'server':
      return (
        <Panel title={t('server.title')} description={t('server.help')}>
          <ServerFacts />
        </Panel>
      );
    default:
      return (
        <Suspense fallback={<Skeleton className="h-96 w-full" />}>
          <SectionForm key={section} section={section} />
        </Suspense>
      );
  }
}

/** On a phone the line is longer than the window. */
function intoView(link: HTMLAnchorElement | null): void {
  link?.scrollIntoView({ block: 'nearest', inline: 'center' });
}

/** Beside the section on a desk, in a line above it where that is narrow. */
function SectionList({ present }: { present: Section }) {
  const t = useTranslations('settings');
  return (
    <nav
      aria-label={t('sectionsLabel')}
      className="max-lg:-mx-6 max-lg:overflow-x-auto max-lg:px-6 max-md:-mx-4 max-md:px-4"
    >
      <ul className="flex gap-0.5 lg:flex-col">
        {ownSections.map((name) => (
          <li key={name} className="shrink-0">
            <Link
              href={name === 'browser' ? paths.settings : links.settings(name)}
              scroll={false}
              aria-current={name === present ? 'page' : undefined}
              ref={name === present ? intoView : undefined}
              className={clsx(
                'flex h-8 items-center rounded-control px-2.5 text-sm transition-colors max-md:h-11',
                name === present
                  ? 'bg-accent-soft font-medium text-accent-text'
                  : 'text-text-soft hover:bg-sunken hover:text-text',
              )}
            >
              {t(`sections.${name}.title`)}
            </Link>
          </li>
        ))}
      </ul>
    </nav>
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
