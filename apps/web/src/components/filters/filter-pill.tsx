'use client';
// Owns the look of a filter: dashed while it narrows nothing, filled with its value when it does, and cleared by its x.
import { clsx } from 'clsx';
import { Plus, X } from 'lucide-react';
import { useTranslations } from 'next-intl';
import type { ReactNode } from 'react';
import { Popover } from '@/components/ui/popover';

interface FilterPillProps {
  label: string;
  /** What is chosen, in words; null while nothing is. */
  value: string | null;
  onClear: () => void;
  /** What the filter is set with. */
  children: (close: () => void) => ReactNode;
}

export function FilterPill({ label, value, onClear, children }: FilterPillProps) {
  const t = useTranslations('common.filter');
  const isSet = value !== null;
  return (
    <span
      className={clsx(
        'inline-flex h-8 max-w-full items-center rounded-control border text-sm max-sm:h-11',
        isSet ? 'border-accent-line bg-accent-soft' : 'border-line-control border-dashed',
      )}
    >
      <Popover
        align="start"
        title={label}
        trigger={
          <button
            type="button"
            className={clsx(
              'flex h-full min-w-0 flex-1 items-center gap-1 rounded-control px-2.5',
              isSet ? 'pr-1' : 'text-text-soft hover:text-text',
            )}
          >
            {!isSet && <Plus aria-hidden className="size-3.5 shrink-0 text-muted" />}
            <span className={clsx('shrink-0', isSet && 'text-muted')}>{label}</span>
            {isSet && <span className="max-w-44 truncate font-medium text-accent-text">{value}</span>}
          </button>
        }
      >
        {children}
      </Popover>
      {isSet && (
        <button
          type="button"
          aria-label={t('clear', { label })}
          onClick={onClear}
          className="grid size-7 shrink-0 place-items-center rounded-control text-muted hover:text-text max-sm:size-11"
        >
          <X aria-hidden className="size-3.5" />
        </button>
      )}
    </span>
  );
}
