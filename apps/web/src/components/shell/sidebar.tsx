'use client';
// Owns the navigation: full with words, narrow with icons, and inside the drawer of a phone.
import { clsx } from 'clsx';
import { PanelLeftClose, PanelLeftOpen } from 'lucide-react';
import Link from 'next/link';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { useProductName } from '@/lib/branding';
import { paths } from '@/lib/paths';
import { useViewStore } from '@/lib/view-store';
import { IconButton } from '../ui/button';
import { LogoMark } from './logo';
import { locate, navigation } from './navigation';

export function Sidebar() {
  const t = useTranslations('shell');
  const collapsed = useViewStore((state) => state.sidebarCollapsed);
  const toggle = useViewStore((state) => state.toggleSidebar);
  return (
    <aside
      className={clsx(
        'sticky top-0 hidden h-dvh shrink-0 flex-col border-line border-r bg-canvas transition-[width] duration-150 md:flex',
        collapsed ? 'w-14' : 'w-(--sidebar-width)',
      )}
    >
      <Brand collapsed={collapsed} />
      <NavigationList collapsed={collapsed} />
      <div className={clsx('mt-auto p-2', collapsed && 'grid justify-center')}>
        <IconButton
          label={collapsed ? t('expandSidebar') : t('collapseSidebar')}
          aria-expanded={!collapsed}
          icon={collapsed ? <PanelLeftOpen /> : <PanelLeftClose />}
          onClick={toggle}
        />
      </div>
    </aside>
  );
}

export function Brand({ collapsed = false }: { collapsed?: boolean }) {
  const product = useProductName();
  return (
    <div className="flex h-(--topbar-height) shrink-0 items-center px-2">
      <Link
        href={paths.dashboard}
        aria-label={product}
        className="flex h-9 min-w-0 items-center gap-2 rounded-control px-2 font-semibold text-sm"
      >
        <LogoMark />
        {!collapsed && <span className="truncate">{product}</span>}
      </Link>
    </div>
  );
}

interface NavigationListProps {
  collapsed?: boolean;
  /** Called after a choice, to close the drawer. */
  onNavigate?: () => void;
}

export function NavigationList({ collapsed = false, onNavigate }: NavigationListProps) {
  const t = useTranslations('shell');
  const present = locate(usePathname())?.page;
  return (
    <nav aria-label={t('mainNavigation')} className="flex flex-col gap-3 overflow-y-auto px-2 py-2">
      {navigation.map((group) => (
        <div key={group.id} role="group" aria-label={t(`groups.${group.id}`)}>
          {collapsed ? (
            <span aria-hidden className="mx-2 block border-line border-t pb-1.5" />
          ) : (
            <p aria-hidden className="px-2 pb-1 text-muted text-xs">
              {t(`groups.${group.id}`)}
            </p>
          )}
          <ul className="flex flex-col gap-0.5">
            {group.items.map(({ id, href, icon: Icon, keys }) => {
              const active = id === present;
              const name = t(`pages.${id}`);
              return (
                <li key={id}>
                  <Link
                    href={href}
                    prefetch={false}
                    aria-current={active ? 'page' : undefined}
                    aria-label={collapsed ? name : undefined}
                    title={collapsed ? `${name} (${keys})` : keys}
                    onClick={() => onNavigate?.()}
                    className={clsx(
                      'flex h-8 items-center gap-2.5 rounded-control px-2 text-sm transition-colors max-md:h-11 max-md:text-base',
                      active
                        ? 'bg-accent-soft font-medium text-accent-text'
                        : 'text-text-soft hover:bg-sunken hover:text-text',
                      collapsed && 'w-10 justify-center',
                    )}
                  >
                    <Icon aria-hidden className="size-4 shrink-0" />
                    {!collapsed && <span className="truncate">{name}</span>}
                  </Link>
                </li>
              );
            })}
          </ul>
        </div>
      ))}
    </nav>
  );
}
