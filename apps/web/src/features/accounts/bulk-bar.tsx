'use client';
// Owns what can be done with the selected accounts at once; a chunk of its own.
import type { Account } from '@crs/shared';
import { Power, PowerOff, RotateCcw } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SelectionBar } from '@/components/data-table/selection-bar';
import { Button } from '@/components/ui/button';
import type { AccountChanges, BulkChange } from './use-account-changes';

interface BulkBarProps {
  accounts: readonly Account[];
  changes: AccountChanges;
  /** The accounts that stay selected: those that were refused. */
  onDone: (left: readonly Account[]) => void;
}

export default function BulkBar({ accounts, changes, onDone }: BulkBarProps) {
  const t = useTranslations('accounts');
  const [busy, setBusy] = useState<BulkChange | null>(null);

  async function run(what: BulkChange) {
    setBusy(what);
    const left = await changes.many(accounts, what);
    setBusy(null);
    onDone(left);
  }

  const actionOf = (what: BulkChange) => ({
    size: 'sm' as const,
    busy: busy === what,
    disabled: busy !== null,
    onClick: () => void run(what),
  });
  return (
    <SelectionBar
      label={t('bulk.title')}
      selected={t('bulk.selected', { count: accounts.length })}
      busy={busy !== null}
      onClear={() => onDone([])}
    >
      <Button {...actionOf('enable')} icon={<Power />}>
        {t('enable')}
      </Button>
      <Button {...actionOf('disable')} icon={<PowerOff />}>
        {t('disable')}
      </Button>
      <Button {...actionOf('reset')} icon={<RotateCcw />}>
        {t('reset')}
      </Button>
    </SelectionBar>
  );
}
