'use client';
// Owns the bar that floats above the foot of the window while rows are selected: how many, what can be done, and out.
import { X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { IconButton } from '../ui/button';

interface SelectionBarProps {
  /** Name of the bar. */
  label: string;
  /** How many are selected, in words. */
  selected: string;
  busy: boolean;
  onClear: () => void;
  /** Buttons. */
  children: ReactNode;
}

export function SelectionBar({ label, selected, busy, onClear, children }: SelectionBarProps) {
  const t = useTranslations('common.table');
  return (
    <section
      aria-label={label}
      className="fixed inset-x-0 bottom-4 z-30 mx-auto flex w-fit max-w-[calc(100vw-16px)] flex-wrap items-center gap-1.5 rounded-dialog border border-line-strong bg-surface py-2 pr-2 pl-4 shadow-float"
    >
      <span aria-live="polite" className="mr-2 text-sm max-sm:-order-2 max-sm:w-[calc(100%-64px)]">
        {selected}
      </span>
      {children}
      <IconButton
        label={t('clearSelection')}
        size="iconSmall"
        icon={<X />}
        disabled={busy}
        onClick={onClear}
        className="max-sm:-order-1"
      />
    </section>
  );
}
