'use client';
// Owns the frame of the pages before the console: the mark, one form, the switches for language and theme.
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { LogoMark } from '@/components/shell/logo';
import { useWindowTitle } from '@/components/shell/page-header';
import { LanguageMenu, ThemeMenu } from '@/components/shell/preferences';
import { SkipLink } from '@/components/shell/skip-link';
import { Alert } from '@/components/ui/alert';
import { StatusText } from '@/components/ui/badge';
import { useBranding, useInstallation, useProductName } from '@/lib/branding';
import { useHealth } from '@/lib/health';

interface EntryFrameProps {
  title: string;
  description?: ReactNode;
  children: ReactNode;
}

export function EntryFrame({ title, description, children }: EntryFrameProps) {
  const product = useProductName();
  const { announcement, contact } = useBranding();
  useInstallation();
  useWindowTitle(title);
  return (
    <div className="flex min-h-dvh flex-col">
      <SkipLink />
      <header className="flex h-14 items-center justify-end gap-0.5 px-4 max-sm:px-1">
        <LanguageMenu />
        <ThemeMenu />
      </header>
      <main
        id="main"
        tabIndex={-1}
        className="flex flex-1 flex-col items-center px-4 pt-[max(2vh,8px)] outline-none sm:pt-[9vh]"
      >
        <div className="mb-6 flex items-center gap-2.5">
          <LogoMark className="size-8" />
          <span className="font-semibold text-lg">{product}</span>
        </div>
        {announcement !== '' && (
          <Alert tone="info" className="mb-4 w-full max-w-[400px]">
            <p className="whitespace-pre-line">{announcement}</p>
          </Alert>
        )}
        <section className="w-full max-w-[400px] rounded-dialog border border-line bg-surface px-8 pt-7 pb-8 max-sm:px-5">
          <h1 className="font-semibold text-xl">{title}</h1>
          {description !== undefined && <p className="mt-1 text-muted text-sm">{description}</p>}
          <div className="mt-6">{children}</div>
        </section>
        {contact !== '' && <p className="mt-4 max-w-[400px] text-center text-muted text-sm">{contact}</p>}
      </main>
      <GatewayLine />
    </div>
  );
}

/** Whether the gateway answers, and as what: the first thing to know when signing in does not work. */
function GatewayLine() {
  const t = useTranslations('shell.health');
  const { data, isError } = useHealth();
  const state = isError ? 'unreachable' : (data?.status ?? 'unknown');
  const tones = { healthy: 'ok', unhealthy: 'bad', unreachable: 'bad', unknown: 'neutral' } as const;
  return (
    <footer className="flex h-14 items-center justify-center gap-2 text-muted text-xs">
      <StatusText tone={tones[state]}>{`${t('title')} · ${t(`states.${state}`)}`}</StatusText>
      {data !== undefined && data.version !== '' && <span>{`v${data.version}`}</span>}
    </footer>
  );
}
