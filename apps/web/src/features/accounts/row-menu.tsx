'use client';
// Owns what can be done with the account of a row; a chunk of its own.
import type { Account } from '@crs/shared';
import {
  Activity,
  CopyPlus,
  FlaskConical,
  LogIn,
  MoreHorizontal,
  Pause,
  Pencil,
  Play,
  Power,
  RefreshCw,
  RotateCcw,
  Trash2,
} from 'lucide-react';
import { useRouter } from 'next/navigation';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { IconButton } from '@/components/ui/button';
import { Menu, type MenuEntry } from '@/components/ui/menu';
import { links } from '@/lib/paths';
import { serverNow } from '@/lib/server-clock';
import type { AccountAbove } from './account-dialogs';
import { isPaused } from './account-figures';
import type { AccountChanges } from './use-account-changes';

interface RowMenuProps {
  account: Account;
  /** The kind has a sign-in at the vendor. */
  hasLogin: boolean;
  changes: AccountChanges;
  onAbove: (above: AccountAbove) => void;
}

export default function RowMenu({ account, hasLogin, changes, onAbove }: RowMenuProps) {
  const t = useTranslations('accounts');
  const router = useRouter();
  const item = (label: string, icon: ReactNode, onSelect: () => void): MenuEntry => ({
    type: 'item',
    label,
    icon,
    onSelect,
  });
  const opens = (what: AccountAbove['what']) => () => onAbove({ what, account });
  const entries: MenuEntry[] = [
    item(t('view.open'), <Activity aria-hidden />, () => router.push(links.accountView(account))),
    item(t('test.action'), <FlaskConical aria-hidden />, opens('test')),
    {
      type: 'item',
      label: t('edit'),
      icon: <Pencil aria-hidden />,
      keys: 'e',
      onSelect: opens('edit'),
    },
    item(t('duplicate.action'), <CopyPlus aria-hidden />, opens('duplicate')),
    ...(hasLogin ? [item(t('login.signInAgain'), <LogIn aria-hidden />, opens('login'))] : []),
    ...(account.login?.isRenewable === true
      ? [item(t('login.renew'), <RefreshCw aria-hidden />, () => void changes.renew(account))]
      : []),
    item(t('reset'), <RotateCcw aria-hidden />, () => void changes.reset(account)),
    isPaused(account, serverNow())
      ? item(t('pause.resume'), <Play aria-hidden />, () => void changes.pause(account, null))
      : item(t('pause.action'), <Pause aria-hidden />, opens('pause')),
    item(account.enabled ? t('disable') : t('enable'), <Power aria-hidden />, () =>
      changes.setEnabled(account, !account.enabled),
    ),
    { type: 'separator' },
    {
      type: 'item',
      label: t('delete'),
      icon: <Trash2 aria-hidden />,
      danger: true,
      onSelect: opens('delete'),
    },
  ];
  return (
    <Menu
      trigger={
        <IconButton
          label={t('actionsOf', { name: account.name })}
          size="iconSmall"
          icon={<MoreHorizontal />}
        />
      }
      entries={entries}
    />
  );
}
