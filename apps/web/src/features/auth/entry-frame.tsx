'use client';
// Owns the frame of the pages before the console: the mark, one form, the switches for language and theme.
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LogoMark } from '@/components/shell/logo';
import { useWindowTitle } from '@/components/shell/page-header';
import { LanguageMenu, ThemeMenu } from '@/components/shell/preferences';

interface EntryFrameProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

export function EntryFrame({ title, description, children }: EntryFrameProps) {
  const t = useTranslations('shell');
  useWindowTitle(title);
  return (
    <div className="flex min-h-dvh flex-col">
      <header className="flex h-14 items-center gap-2 px-5 max-sm:px-3">
        <LogoMark />
        <span className="min-w-0 flex-1 truncate font-semibold text-sm">{t('product')}</span>
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main className="flex flex-1 justify-center px-4 pt-[max(4vh,16px)] pb-12 sm:pt-[14vh]">
        <div className="w-full max-w-[360px]">
          <h1 className="mb-1 font-semibold text-xl">{title}</h1>
          {description !== undefined && <p className="text-muted text-sm">{description}</p>}
          <div className="mt-6">{children}</div>
        </div>
      </main>
    </div>
  );
}
