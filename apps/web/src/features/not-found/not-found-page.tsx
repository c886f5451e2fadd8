'use client';
// Owns what is said at an address that leads nowhere.
import { useTranslations } from 'next-intl';
import { LogoMark } from '@/components/shell/logo';
import { useWindowTitle } from '@/components/shell/page-header';
import { LinkButton } from '@/components/ui/button';
import { paths } from '@/lib/paths';

export function NotFoundPage() {
  const t = useTranslations('shell.notFound');
  useWindowTitle(t('title'));
  return (
    <main className="grid min-h-dvh place-items-center px-6">
      <div className="max-w-[44ch]">
        <LogoMark className="mb-6 size-8" />
        <p className="font-mono text-muted text-sm">{'404'}</p>
        <h1 className="mt-1 mb-2 font-semibold text-xl">{t('title')}</h1>
        <p className="mb-6 text-muted">{t('help')}</p>
        <LinkButton href={paths.dashboard} variant="primary" size="lg">
          {t('action')}
        </LinkButton>
      </div>
    </main>
  );
}
