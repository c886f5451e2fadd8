'use client';
// Owns the bar above the page: where one is, the palette, the gateway's health, language, theme, user.
import { Menu as MenuIcon, Search } from 'lucide-react';
import { usePathname } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { IconButton } from '../ui/button';
import { HealthDot } from './health-dot';
import { LogoMark } from './logo';
import { locate } from './navigation';
import { LanguageMenu, ThemeMenu } from './preferences';
import { UserMenu } from './user-menu';

interface TopBarProps {
  onMenu: () => void;
  onPalette: () => void;
  onShortcuts: () => void;
}

export function TopBar({ onMenu, onPalette, onShortcuts }: TopBarProps) {
  const t = useTranslations('shell');
  const place = locate(usePathname());
  return (
    <header className="sticky top-0 z-30 flex h-(--topbar-height) items-center gap-1 border-line border-b bg-canvas px-4 max-md:px-1">
      <IconButton
        label={t('openNavigation')}
        aria-haspopup="dialog"
        icon={<MenuIcon />}
        onClick={onMenu}
        className="md:hidden"
      />
      <LogoMark className="mr-1 md:hidden" />
      {place !== null && (
        <nav aria-label={t('breadcrumb')} className="min-w-0 max-md:hidden">
          <ol className="flex items-center gap-1.5 truncate text-sm">
            <li className="text-muted">{t(`groups.${place.group}`)}</li>
            <li aria-hidden className="text-muted">
              {'/'}
            </li>
            <li aria-current="page">{t(`pages.${place.page}`)}</li>
          </ol>
        </nav>
      )}
      <div className="ml-auto flex items-center gap-0.5">
        <button
          type="button"
          aria-haspopup="dialog"
          onClick={onPalette}
          className="mr-1 flex h-8 w-52 items-center gap-2 rounded-control border border-line-strong bg-surface px-2.5 text-muted text-sm transition-colors hover:text-text max-lg:w-auto max-sm:size-11 max-sm:justify-center max-sm:border-transparent max-sm:bg-transparent"
        >
          <Search aria-hidden className="size-4 shrink-0" />
          <span className="flex-1 text-left max-lg:sr-only">{t('palette.open')}</span>
          <kbd aria-hidden className="font-sans text-xs max-lg:hidden">
            {'Ctrl K'}
          </kbd>
        </button>
        <HealthDot />
        <LanguageMenu />
        <ThemeMenu />
        <UserMenu onShortcuts={onShortcuts} />
      </div>
    </header>
  );
}
