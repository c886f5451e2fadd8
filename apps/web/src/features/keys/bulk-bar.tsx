'use client';
// Owns what can be done with the selected keys of a page; a bar that floats above the foot of the window.
import type { Key } from '@crs/shared';
import { Power, PowerOff, Trash2 } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { SelectionBar } from '@/components/data-table/selection-bar';
import { Button } from '@/components/ui/button';
import type { KeyChanges } from './use-key-changes';

interface BulkBarProps {
  keys: readonly Key[];
  changes: KeyChanges;
  /** The keys that stay selected: those that were refused. */
  onDone: (left: readonly Key[]) => void;
}

export default function BulkBar({ keys, changes, onDone }: BulkBarProps) {
  const t = useTranslations('keys');
  const [busy, setBusy] = useState<'enable' | 'disable' | 'remove' | null>(null);

  async function run(what: 'enable' | 'disable' | 'remove') {
    setBusy(what);
    const left =
      what === 'remove'
        ? await changes.remove(keys)
        : await changes.setEnabledOfMany(keys, what === 'enable');
    setBusy(null);
    onDone(left);
  }

  const common = (what: 'enable' | 'disable' | 'remove') => ({
    size: 'sm' as const,
    busy: busy === what,
    disabled: busy !== null,
    onClick: () => void run(what),
  });
  return (
    <SelectionBar
      label={t('bulk.title')}
      selected={t('bulk.selected', { count: keys.length })}
      busy={busy !== null}
      onClear={() => onDone([])}
    >
      <Button {...common('enable')} icon={<Power aria-hidden />}>
        {t('enable')}
      </Button>
      <Button {...common('disable')} icon={<PowerOff aria-hidden />}>
        {t('disable')}
      </Button>
      <Button {...common('remove')} variant="dangerGhost" icon={<Trash2 aria-hidden />}>
        {t('remove')}
      </Button>
    </SelectionBar>
  );
}
