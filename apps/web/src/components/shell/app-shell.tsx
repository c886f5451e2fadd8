'use client';
// Owns the frame of every signed-in page: skip link, navigation, top bar, page, and what opens above them.
import { useRouter } from 'next/navigation';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useInstallation } from '@/lib/branding';
import { useShortcut } from '@/lib/shortcuts';
import { Announcement } from './announcement';
import { GatewayNotice } from './gateway-notice';
import { NavigationShortcuts } from './navigation-shortcuts';
import { SessionWatch } from './session-watch';
import { Sidebar } from './sidebar';
import { SkipLink } from './skip-link';
import { TopBar } from './top-bar';

const CommandPalette = lazy(() => import('./command-palette'));
const ShortcutList = lazy(() => import('./shortcut-list'));
const NavigationDrawer = lazy(() => import('./navigation-drawer'));

type Above = 'palette' | 'shortcuts' | 'drawer' | null;

export function AppShell({ children }: { children: ReactNode }) {
  const router = useRouter();
  useInstallation();
  const [above, setAbove] = useState<Above>(null);
  const close = () => setAbove(null);

  useShortcut('mod+k', 'palette', () => setAbove((now) => (now === 'palette' ? null : 'palette')));
  useShortcut('?', 'help', () => setAbove('shortcuts'));
  useShortcut('/', 'search', () => {
    const field = document.querySelector<HTMLInputElement>('[data-page-search]');
    if (field === null) setAbove('palette');
    else field.focus();
  });

  return (
    <>
      <SkipLink />
      <NavigationShortcuts />
      <div className="flex min-h-dvh">
        <Sidebar />
        <div className="flex min-w-0 flex-1 flex-col">
          <TopBar
            onMenu={() => setAbove('drawer')}
            onPalette={() => setAbove('palette')}
            onShortcuts={() => setAbove('shortcuts')}
          />
          <Announcement />
          <GatewayNotice />
          <main
            id="main"
            tabIndex={-1}
            className="mx-auto w-full min-w-0 max-w-[1920px] flex-1 px-6 pt-4 pb-12 outline-none max-md:px-4"
          >
            {children}
          </main>
        </div>
      </div>
      <Suspense>
        {above === 'palette' && (
          <CommandPalette
            onClose={close}
            onGo={(href) => router.push(href)}
            onShortcuts={() => setAbove('shortcuts')}
          />
        )}
        {above === 'shortcuts' && <ShortcutList onClose={close} />}
        {above === 'drawer' && <NavigationDrawer onClose={close} />}
      </Suspense>
      <SessionWatch />
    </>
  );
}
