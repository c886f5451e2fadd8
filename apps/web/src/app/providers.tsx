'use client';
// Owns what surrounds every page: theme, language, server state, notices. Nothing of it is drawn on a server.
import { type QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { useRouter } from 'next/navigation';
import { ThemeProvider } from 'next-themes';
import { type ReactNode, Suspense, useEffect, useState, useSyncExternalStore } from 'react';
import { Toaster } from '@/components/ui/toaster';
import { I18nProvider } from '@/i18n/provider';
import { warmApi } from '@/lib/api';
import { currentAddress, isOpenPath, paths, withQuery } from '@/lib/paths';
import { healthQueryKey } from '@/lib/health';
import { createQueryClient } from '@/lib/query';
import { sessionQueryKey } from '@/lib/session';
import { onSessionLoss, tellSessionOver } from '@/lib/session-life';
import { followOtherWindows } from '@/lib/view-store';

const never = () => () => {};

/** False while the page is made at build time and during the first render, true in the browser after it. */
function useInBrowser(): boolean {
  return useSyncExternalStore(
    never,
    () => true,
    () => false,
  );
}

function goOnce(path: string, replace: (address: string) => void): void {
  const here = currentAddress();
  if (isOpenPath(here)) return;
  if (!here.startsWith(path)) replace(withQuery(path, { next: here === paths.home ? undefined : here }));
}

function BrowserProviders({ children }: { children: ReactNode }) {
  const router = useRouter();
  const [client] = useState(() => {
    const queries: QueryClient = createQueryClient({
      onPasswordChangeRequired: () => goOnce(paths.changePassword, (address) => router.replace(address)),
      onOutage: () => void queries.invalidateQueries({ queryKey: healthQueryKey }),
    });
    return queries;
  });
  useEffect(
    () =>
      onSessionLoss(() => {
        // Whoever was at work stays where he is: nothing that was typed is lost.
        if (client.getQueryData(sessionQueryKey) !== undefined) tellSessionOver();
        else goOnce(paths.login, (address) => router.replace(address));
      }),
    [client, router],
  );
  useEffect(followOtherWindows, []);
  useEffect(warmApi, []);
  return (
    <I18nProvider>
      <QueryClientProvider client={client}>
        <Suspense>{children}</Suspense>
        <Toaster />
      </QueryClientProvider>
    </I18nProvider>
  );
}

export function Providers({ children }: { children: ReactNode }) {
  const inBrowser = useInBrowser();
  return (
    <ThemeProvider attribute="data-theme" storageKey="crs-theme" disableTransitionOnChange>
      {inBrowser && <BrowserProviders>{children}</BrowserProviders>}
    </ThemeProvider>
  );
}
