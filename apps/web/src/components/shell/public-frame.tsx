'use client';
// Owns the frame of pages for everybody: the mark, the way to the other such pages and to the sign-in, the switches.
import { clsx } from 'clsx';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { useBranding, useInstallation, useProductName } from '@/lib/branding';
import { paths } from '@/lib/paths';
import { Announcement } from './announcement';
import { LogoMark } from './logo';
import { LanguageMenu, ThemeMenu } from './preferences';
import { SkipLink } from './skip-link';

const pages = [
  { id: 'setup', href: paths.setup },
  { id: 'keyStatus', href: paths.keyStatus },
] as const;

export function PublicFrame({ children }: { children: ReactNode }) {
  const t = useTranslations('shell');
  const product = useProductName();
  const { contact } = useBranding();
  const present = usePathname();
  useInstallation();
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="flex min-h-(--topbar-height) flex-wrap items-center gap-x-4 border-line border-b px-6 max-md:px-4">
        <span className="flex min-w-0 items-center gap-2 py-2 font-semibold text-sm">
          <LogoMark />
          <span className="truncate">{product}</span>
        </span>
        <nav
          aria-label={t('mainNavigation')}
          className="flex items-center gap-1 max-sm:order-last max-sm:w-full"
        >
          {pages.map(({ id, href }) => (
            <Link
              key={id}
              href={href}
              prefetch={false}
              aria-current={present.startsWith(href) ? 'page' : undefined}
              className={clsx(
                'inline-flex h-8 items-center rounded-control px-2.5 text-sm max-sm:h-11',
                present.startsWith(href)
                  ? 'bg-accent-soft font-medium text-accent-text'
                  : 'text-text-soft hover:bg-sunken hover:text-text',
              )}
            >
              {t(`pages.${id}`)}
            </Link>
          ))}
        </nav>
        <div className="ml-auto flex items-center gap-0.5">
          <Link
            href={paths.login}
            prefetch={false}
            className="inline-flex h-8 items-center rounded-control px-2.5 text-sm text-text-soft hover:bg-sunken hover:text-text max-sm:h-11"
          >
            {t('signIn')}
          </Link>
          <LanguageMenu />
          <ThemeMenu />
        </div>
      </header>
      <Announcement />
      <main
        id="main"
        tabIndex={-1}
        className="mx-auto w-full min-w-0 max-w-[1600px] flex-1 px-6 pt-4 pb-12 outline-none max-md:px-4"
      >
        {children}
      </main>
      {contact !== '' && (
        <footer className="border-line border-t px-6 py-3 text-muted text-sm max-md:px-4">{contact}</footer>
      )}
    </div>
  );
}
