'use client';
// Owns what can be done with the account of a row; a chunk of its own.
import type { Account } from '@crs/shared';
import {
  FlaskConical,
  LogIn,
  MoreHorizontal,
  Pencil,
  Power,
  RefreshCw,
  RotateCcw,
  Trash2,
} from 'lucide-react';
import { useTranslations } from 'next-intl';
import { IconButton } from '@/components/ui/button';
import { Menu, type MenuEntry } from '@/components/ui/menu';
import type { AccountChanges } from './use-account-changes';

interface RowMenuProps {
  account: Account;
  /** The kind has a sign-in at the vendor. */
  hasLogin: boolean;
  changes: AccountChanges;
  onTest: (account: Account) => void;
  onEdit: (account: Account) => void;
  onSignIn: (account: Account) => void;
  onDelete: (account: Account) => void;
}

export default function RowMenu(props: RowMenuProps) {
  const { account, hasLogin, changes, onTest, onEdit, onSignIn, onDelete } = props;
  const t = useTranslations('accounts');
  const entries: MenuEntry[] = [
    {
      type: 'item',
      label: t('test.action'),
      icon: <FlaskConical aria-hidden />,
      onSelect: () => onTest(account),
    },
    {
      type: 'item',
      label: t('edit'),
      icon: <Pencil aria-hidden />,
      keys: 'e',
      onSelect: () => onEdit(account),
    },
    ...(hasLogin
      ? [
          {
            type: 'item' as const,
            label: t('login.signInAgain'),
            icon: <LogIn aria-hidden />,
            onSelect: () => onSignIn(account),
          },
        ]
      : []),
    ...(account.login?.isRenewable === true
      ? [
          {
            type: 'item' as const,
            label: t('login.renew'),
            icon: <RefreshCw aria-hidden />,
            onSelect: () => void changes.renew(account),
          },
        ]
      : []),
    {
      type: 'item',
      label: t('reset'),
      icon: <RotateCcw aria-hidden />,
      onSelect: () => void changes.reset(account),
    },
    {
      type: 'item',
      label: account.enabled ? t('disable') : t('enable'),
      icon: <Power aria-hidden />,
      onSelect: () => changes.setEnabled(account, !account.enabled),
    },
    { type: 'separator' },
    {
      type: 'item',
      label: t('delete'),
      icon: <Trash2 aria-hidden />,
      danger: true,
      onSelect: () => onDelete(account),
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
