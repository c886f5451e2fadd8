'use client';
// Owns the menu of the signed-in user: the password, the shortcuts, the way out.
import { CircleUser, Keyboard, LockKeyhole, LogOut } from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import { paths } from '@/lib/paths';
import { useSession } from '@/lib/session';
import { useSignOut } from '@/lib/use-sign-out';
import { IconButton } from '../ui/button';
import { Menu, type MenuEntry } from '../ui/menu';

export function UserMenu({ onShortcuts }: { onShortcuts: () => void }) {
  const t = useTranslations('shell');
  const router = useRouter();
  const { data } = useSession();
  const signOut = useSignOut();
  const who: readonly MenuEntry[] =
    data === undefined
      ? []
      : [
          {
            type: 'text',
            content: (
              <>
                <p className="truncate font-medium text-sm">{data.user.username}</p>
                <p className="text-muted text-xs">{t(`roles.${data.user.role}`)}</p>
              </>
            ),
          },
          { type: 'separator' },
        ];
  return (
    <Menu
      trigger={<IconButton label={t('userMenu')} icon={<CircleUser />} />}
      entries={[
        ...who,
        {
          type: 'item',
          label: t('changePassword'),
          icon: <LockKeyhole aria-hidden />,
          onSelect: () => router.push(paths.changePassword),
        },
        {
          type: 'item',
          label: t('showShortcuts'),
          icon: <Keyboard aria-hidden />,
          keys: '?',
          onSelect: onShortcuts,
        },
        { type: 'separator' },
        { type: 'item', label: t('signOut'), icon: <LogOut aria-hidden />, onSelect: signOut },
      ]}
    />
  );
}
