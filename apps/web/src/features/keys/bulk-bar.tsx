'use client';
// Owns what can be done with the selected keys of a page; a bar that floats above the foot of the window.
import type { Key } from '@crs/shared';
import { Power, PowerOff, Trash2, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import { useState } from 'react';
import { Button, IconButton } from '@/components/ui/button';
import type { KeyChanges } from './use-key-changes';

interface BulkBarProps {
  keys: readonly Key[];
  changes: KeyChanges;
  /** The keys that stay selected: those that were refused. */
  onDone: (left: readonly Key[]) => void;
}

export function BulkBar({ keys, changes, onDone }: BulkBarProps) {
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
    <section
      aria-label={t('bulk.title')}
      className="fixed inset-x-0 bottom-4 z-30 mx-auto flex w-fit max-w-[calc(100vw-16px)] flex-wrap items-center gap-1.5 rounded-dialog border border-line-strong bg-surface py-2 pr-2 pl-4 shadow-float"
    >
      <span aria-live="polite" className="mr-2 text-sm">
        {t('bulk.selected', { count: keys.length })}
      </span>
      <Button {...common('enable')} icon={<Power aria-hidden />}>
        {t('enable')}
      </Button>
      <Button {...common('disable')} icon={<PowerOff aria-hidden />}>
        {t('disable')}
      </Button>
      <Button {...common('remove')} variant="dangerGhost" icon={<Trash2 aria-hidden />}>
        {t('remove')}
      </Button>
      <IconButton
        label={t('bulk.clear')}
        size="iconSmall"
        icon={<X />}
        disabled={busy !== null}
        onClick={() => onDone([])}
      />
    </section>
  );
}
