'use client';
// Owns the command palette: pages, actions, sections of the settings and help by their first letters, and what is found
// on the gateway; a chunk of its own.
import { Dialog as Base } from '@base-ui/react/dialog';
import { Command } from 'cmdk';
import {
  BookText,
  Gauge,
  Keyboard,
  KeyRound,
  Languages,
  LockKeyhole,
  LogOut,
  Server,
  Settings,
} from 'lucide-react';
import { settingSectionNames } from '@crs/shared';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { localeNames, locales } from '@/i18n/locale';
import { API_DOCUMENT, links, paths } from '@/lib/paths';
import { useCanManage } from '@/lib/session';
import { useSignOut } from '@/lib/use-sign-out';
import { useLocaleChoice, useViewStore } from '@/lib/view-store';
import { navigation } from './navigation';
import { Entry, groupLook } from './palette-entry';
import { matchScore } from './palette-match';
import { FoundEntries } from './palette-search';
import { themeIcons, themes, useThemeChoice } from './preferences';

interface CommandPaletteProps {
  onClose: () => void;
  onGo: (href: string) => void;
  onShortcuts: () => void;
}

export default function CommandPalette({ onClose, onGo, onShortcuts }: CommandPaletteProps) {
  const t = useTranslations('shell');
  const settings = useTranslations('settings.sections');
  const locale = useLocaleChoice();
  const setLocale = useViewStore((state) => state.setLocale);
  const [theme, setTheme] = useThemeChoice();
  const signOut = useSignOut();
  const canManage = useCanManage();
  const [text, setText] = useState('');
  const then = (run: () => void) => () => {
    onClose();
    run();
  };
  return (
    <Base.Root open onOpenChange={onClose}>
      <Base.Portal>
        <Base.Backdrop className="fixed inset-0 z-40 bg-overlay" />
        <Base.Popup
          aria-label={t('palette.title')}
          className="fixed inset-x-4 top-[12vh] z-50 mx-auto max-w-[560px] overflow-hidden rounded-dialog border border-line-strong bg-surface text-text shadow-float outline-none"
        >
          <Command label={t('palette.title')} loop filter={matchScore}>
            <Command.Input
              value={text}
              onValueChange={setText}
              placeholder={t('palette.placeholder')}
              className="h-12 w-full border-line border-b bg-transparent px-4 text-base outline-none"
            />
            <Command.List className="max-h-[min(420px,60vh)] overflow-y-auto p-2">
              <Command.Empty className="px-2 py-8 text-center text-muted text-sm">
                {t('palette.empty')}
              </Command.Empty>
              <Command.Group heading={t('palette.pages')} className={groupLook}>
                {navigation.flatMap((group) =>
                  group.items.map(({ id, href, icon: Icon, keys }) => (
                    <Entry
                      key={id}
                      icon={<Icon aria-hidden />}
                      keys={keys}
                      keywords={[id]}
                      onSelect={then(() => onGo(href))}
                    >
                      {t(`pages.${id}`)}
                    </Entry>
                  )),
                )}
              </Command.Group>
              <FoundEntries text={text} onGo={(href) => then(() => onGo(href))()} />
              <Command.Group heading={t('palette.actions')} className={groupLook}>
                {canManage && (
                  <>
                    <Entry
                      icon={<KeyRound aria-hidden />}
                      keywords={['new key', 'create']}
                      onSelect={then(() => onGo(links.newKey))}
                    >
                      {t('palette.newKey')}
                    </Entry>
                    <Entry
                      icon={<Server aria-hidden />}
                      keywords={['new account', 'add', 'create']}
                      onSelect={then(() => onGo(links.newAccount))}
                    >
                      {t('palette.newAccount')}
                    </Entry>
                  </>
                )}
                {themes
                  .filter((value) => value !== theme)
                  .map((value) => {
                    const Icon = themeIcons[value];
                    return (
                      <Entry
                        key={value}
                        icon={<Icon aria-hidden />}
                        keywords={['theme', value]}
                        onSelect={then(() => setTheme(value))}
                      >
                        {t('palette.useTheme', { theme: t(`themes.${value}`) })}
                      </Entry>
                    );
                  })}
                {locales
                  .filter((value) => value !== locale)
                  .map((value) => (
                    <Entry
                      key={value}
                      icon={<Languages aria-hidden />}
                      keywords={['language', value]}
                      onSelect={then(() => setLocale(value))}
                    >
                      {t('palette.useLanguage', { language: localeNames[value] })}
                    </Entry>
                  ))}
                <Entry
                  icon={<LockKeyhole aria-hidden />}
                  keywords={['password']}
                  onSelect={then(() => onGo(paths.changePassword))}
                >
                  {t('changePassword')}
                </Entry>
                <Entry
                  icon={<LogOut aria-hidden />}
                  keywords={['sign out', 'logout']}
                  onSelect={then(signOut)}
                >
                  {t('signOut')}
                </Entry>
              </Command.Group>
              <Command.Group heading={t('palette.sections')} className={groupLook}>
                {settingSectionNames.map((name) => (
                  <Entry
                    key={name}
                    id={`settings ${name}`}
                    icon={<Settings aria-hidden />}
                    keywords={['settings', name, settings(`${name}.title`), t('pages.settings')]}
                    onSelect={then(() => onGo(links.settings(name)))}
                  >
                    {settings(`${name}.title`)}
                  </Entry>
                ))}
              </Command.Group>
              <Command.Group heading={t('palette.help')} className={groupLook}>
                <Entry
                  icon={<Keyboard aria-hidden />}
                  keys="?"
                  keywords={['help', 'shortcuts', t('palette.help')]}
                  onSelect={onShortcuts}
                >
                  {t('showShortcuts')}
                </Entry>
                <Entry
                  icon={<BookText aria-hidden />}
                  keywords={['help', 'api', 'docs', t('palette.help')]}
                  onSelect={then(() => window.open(API_DOCUMENT, '_blank', 'noopener'))}
                >
                  {t('palette.apiDocument')}
                </Entry>
                <Entry
                  icon={<Gauge aria-hidden />}
                  keywords={['help', 'status', t('palette.help')]}
                  onSelect={then(() => onGo(paths.keyStatus))}
                >
                  {t('pages.keyStatus')}
                </Entry>
              </Command.Group>
            </Command.List>
          </Command>
        </Base.Popup>
      </Base.Portal>
    </Base.Root>
  );
}
